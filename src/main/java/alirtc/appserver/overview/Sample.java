package alirtc.appserver.overview;

import java.time.Instant;

/**
 * What went on in the time since the sample before.
 *
 * @param at when that time ended, by the machine's clock
 * @param liveCalls how many calls were live at the end of it; of all servers where they share a registry
 * @param tokens how many tokens this server issued
 * @param errors how many requests this server answered with an HTTP status of 500 or more
 * @param cloud how the cloud was
 * @param budgetLeft what part of the budget for lookups of channels was left, 0 to 1
 * @param events how events of the cloud came: {@code off}, {@code waiting}, {@code silent} or {@code heard}
 */
public record Sample(
        Instant at, long liveCalls, long tokens, long errors, CloudState cloud, double budgetLeft, String events) {}
