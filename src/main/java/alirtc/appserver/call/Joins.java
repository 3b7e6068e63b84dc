package alirtc.appserver.call;

import java.time.Instant;

/**
 * What those in a channel told of when they joined. All times are by the steady clock.
 *
 * @param askedAt when they were asked: all of them were there then or later
 * @param earliest when the first of them joined, to the second
 * @param presentSince from when on somebody was present for sure, until they were asked
 */
public record Joins(Instant askedAt, Instant earliest, Instant presentSince) {}
