package alirtc.appserver.call;

import java.time.Instant;

/**
 * A user who was shown in a channel by its latest observation.
 *
 * @param user who
 * @param presentSince a time from which on the user has been there without a break, as far as observations tell: the
 *     user may have joined earlier, and did not join later
 */
public record Member(String user, Instant presentSince) {}
