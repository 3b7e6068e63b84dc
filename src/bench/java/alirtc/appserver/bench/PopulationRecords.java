package alirtc.appserver.bench;

import alirtc.appserver.sandbox.ChannelChange;
import alirtc.appserver.sandbox.RecordedRequest;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges the records of calls by who was in which channel when. Thread-safe.
 *
 * <p>A call in which the server cannot have seen anybody, since its events were lost and no lookup came while somebody was
 * there, is none that can be on record.
 */
final class PopulationRecords {
    /** What a server that is killed may have learned and not written down. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(2);

    /** A call begins with its token, which a phone may have for so long before it joins. */
    private static final Duration BEFORE = Duration.ofSeconds(30);

    /** Records that share a moment are of one call; clocks and whole seconds aside. */
    private static final Duration OVERLAP = Duration.ofMillis(1_500);

    private static final int MAX_PRINTED = 5;

    private final Map<String, List<Span>> channels = new HashMap<>();
    private final List<Instant> kills = new ArrayList<>();

    /** A time in which somebody was in a channel. */
    private static final class Span {
        private final Instant from;
        private final Set<String> present = new HashSet<>();
        private final List<Instant> seen = new ArrayList<>();
        private @Nullable Instant until;

        private Span(Instant from) {
            this.from = from;
        }
    }

    /** What is wrong. */
    record Verdict(int spans, int records, List<String> missing, List<String> doubled, List<String> impossible) {

        boolean isClean() {
            return missing.isEmpty() && doubled.isEmpty() && impossible.isEmpty();
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "  records: %d of %d calls that the server saw; %d missing, %d doubled, %d impossible%n",
                    records,
                    spans,
                    missing.size(),
                    doubled.size(),
                    impossible.size());
            for (var wrong : List.of(missing, doubled, impossible)) {
                wrong.stream().limit(MAX_PRINTED).forEach(line -> System.out.println("    " + line));
            }
        }
    }

    /** Learns what happened at the cloud. */
    synchronized void changed(ChannelChange change) {
        var spans = channels.computeIfAbsent(change.channel(), absent -> new ArrayList<>());
        var latest = spans.isEmpty() ? null : spans.get(spans.size() - 1);
        var user = change.participant().map(who -> who.user()).orElse("");
        if (change instanceof ChannelChange.Joined) {
            if (latest == null || latest.until != null) {
                latest = new Span(change.at());
                spans.add(latest);
            }
            latest.present.add(user);
        } else if (change instanceof ChannelChange.Left && latest != null) {
            latest.present.remove(user);
            if (latest.present.isEmpty()) {
                latest.until = change.at();
            }
        }
    }

    /** Learns that a request reached the cloud: a lookup shows who is there. */
    synchronized void requested(RecordedRequest request) {
        if (request.action().equals("DescribeChannelUsers")) {
            seen(request.channel(), request.at());
        }
    }

    private void seen(String channel, Instant at) {
        var spans = channels.getOrDefault(channel, List.of());
        if (!spans.isEmpty() && spans.get(spans.size() - 1).until == null) {
            spans.get(spans.size() - 1).seen.add(at);
        }
    }

    /** Learns that the server was killed. */
    synchronized void killed(Instant at) {
        kills.add(at);
    }

    private boolean isSeen(Span span) {
        return span.seen.stream()
                .anyMatch(at -> kills.stream()
                        .noneMatch(
                                kill -> at.isBefore(kill) && at.plus(FORGOTTEN).isAfter(kill)));
    }

    /** Judges the latest record of each call; spans that go on, or ended a moment ago, are left out. */
    synchronized Verdict judge(List<JsonNode> records, Instant until) {
        var byChannel = records.stream()
                .collect(Collectors.groupingBy(record -> record.path("channel").asText()));
        var missing = new ArrayList<String>();
        var doubled = new ArrayList<String>();
        var impossible = new ArrayList<String>();
        int spans = 0;
        for (var entry : channels.entrySet()) {
            var recorded = byChannel.getOrDefault(entry.getKey(), List.of());
            for (var span : entry.getValue()) {
                var end = span.until;
                if (end != null && end.isBefore(until) && isSeen(span)) {
                    spans++;
                    if (recorded.stream().noneMatch(record -> covers(record, span.from, end))) {
                        missing.add(entry.getKey() + ": nothing of " + span.from + " to " + end + ", seen at "
                                + span.seen + ", killed at " + killsNear(span.from, end) + ", on record " + recorded);
                    }
                }
            }
        }
        byChannel.forEach((channel, recorded) -> doubled.addAll(overlapping(recorded)));
        for (var record : records) {
            long length = record.path("durationMillis").asLong(-1);
            long talk = record.path("talkMillis").asLong(-1);
            if (length < 0
                    || talk < 0
                    || talk > length
                    || time(record, "endedAt").isBefore(time(record, "startedAt"))) {
                impossible.add(record.toString());
            }
        }
        return new Verdict(spans, records.size(), missing, doubled, impossible);
    }

    private List<Instant> killsNear(Instant from, Instant until) {
        return kills.stream()
                .filter(kill -> kill.isAfter(from) && kill.isBefore(until.plus(BEFORE)))
                .toList();
    }

    private static boolean covers(JsonNode record, Instant from, Instant until) {
        return !time(record, "endedAt").isBefore(from.minus(BEFORE))
                && !time(record, "startedAt").isAfter(until);
    }

    private static List<String> overlapping(List<JsonNode> records) {
        var found = new ArrayList<String>();
        var sorted = records.stream()
                .sorted(Comparator.comparing(record -> time(record, "startedAt")))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            var before = sorted.get(i - 1);
            if (time(before, "endedAt").isAfter(time(sorted.get(i), "startedAt").plus(OVERLAP))) {
                found.add(before + " and " + sorted.get(i));
            }
        }
        return found;
    }

    private static Instant time(JsonNode record, String name) {
        return Instant.parse(record.path(name).asText());
    }
}
