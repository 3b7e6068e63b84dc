package alirtc.appserver.call;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;

/** How long people talked: while two or more of them were there. */
final class TalkTime {
    private TalkTime() {}

    /** Returns for how long of a span two or more users were there; a stay that goes on lasts beyond the span. */
    static Duration of(List<OpenStay> stays, Instant from, Instant until) {
        if (!from.isBefore(until)) {
            return Duration.ZERO;
        }
        var bounds = new TreeSet<Instant>();
        bounds.add(until);
        for (var stay : stays) {
            bounds.add(stay.stay().joinedAt());
            bounds.add(stay.leftAt(until));
        }
        var talked = Duration.ZERO;
        var begin = from;
        for (var end : bounds.subSet(from, false, until, true)) {
            if (users(stays, begin, end) > 1) {
                talked = talked.plus(Duration.between(begin, end));
            }
            begin = end;
        }
        return talked;
    }

    private static int users(List<OpenStay> stays, Instant begin, Instant end) {
        var there = new HashSet<String>();
        for (var stay : stays) {
            if (!stay.stay().joinedAt().isAfter(begin) && !stay.leftAt(end).isBefore(end)) {
                there.add(stay.user());
            }
        }
        return there.size();
    }
}
