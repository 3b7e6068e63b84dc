package alirtc.appserver.bench;

import alirtc.appserver.bench.PopulationChannel.Token;
import alirtc.appserver.bench.PopulationFindings.Count;
import alirtc.appserver.sandbox.ChannelChange;
import alirtc.appserver.sandbox.RecordedRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Knows the truth about all channels, and judges by it what the server does. Thread-safe. */
final class PopulationTruth {
    private static final Duration TOLD_LATE = Duration.ofSeconds(1);
    /** Of so many channels in which the same is wrong the history is printed. */
    private static final int MAX_PRINTED = 3;

    private final PopulationFindings findings;
    private final Optional<Duration> limit;
    private final Duration clockError;
    private final InstantSource clock;
    private final Map<String, PopulationChannel> channels = new HashMap<>();
    private final Map<String, Long> unasked = new TreeMap<>();
    private final Map<String, Integer> problems = new HashMap<>();
    private boolean hanging;
    private int occupied;

    /**
     * Begins with no channel.
     *
     * @param clockError by how much the servers' clock may be behind this one
     * @param clock the one that the sandbox goes by
     */
    PopulationTruth(PopulationFindings findings, Optional<Duration> limit, Duration clockError, InstantSource clock) {
        this.clockError = clockError;
        this.findings = findings;
        this.limit = limit;
        this.clock = clock;
    }

    private PopulationChannel channel(String name) {
        return channels.computeIfAbsent(name, absent -> new PopulationChannel(findings, limit, clockError));
    }

    /** Learns what happened at the cloud. */
    synchronized void changed(ChannelChange change) {
        var channel = channel(change.channel());
        var user = change.participant().map(who -> who.user()).orElse("");
        boolean wasOccupied = channel.isOccupied();
        if (change instanceof ChannelChange.Joined) {
            channel.joined(user, change.at());
            channel.history().add(change.at(), "joined", user);
        } else if (change instanceof ChannelChange.Left left) {
            channel.history().add(change.at(), left.byDeletion() ? "put out" : "left", user);
            channel.left(user, change.at(), left.byDeletion()).ifPresent(what -> report(change.channel(), what));
        }
        occupied += (channel.isOccupied() ? 1 : 0) - (wasOccupied ? 1 : 0);
    }

    /** Learns that a phone requests a token right after this. */
    synchronized Token tokenSent(String name) {
        var channel = channel(name);
        var token = channel.token(clock.instant());
        channel.history().add(token.sentAt(), "requests a token", token.wasEmpty() ? "while empty" : "while occupied");
        return token;
    }

    /** Learns that the request was answered; what for is empty if it was not answered well. */
    synchronized void tokenAnswered(String name, Token token, Instant at, Optional<String> user) {
        channel(name).answered(token, at, user.isPresent());
        channel(name).history().add(at, "got a token", user.orElse("which failed"));
    }

    /** Learns that a phone asks something else, and returns before when no start is right that it is told. */
    synchronized Optional<Instant> questionSent(String name) {
        channel(name).questions().sent();
        return channel(name).earliestStart();
    }

    /** Learns that a phone's question was answered. */
    synchronized void questionAnswered(String name) {
        channel(name).questions().answered();
    }

    /**
     * Learns that a phone was told a start.
     *
     * @param earliest what {@link #questionSent} returned
     * @param start in whole milliseconds
     */
    synchronized void startTold(String name, Optional<Instant> earliest, Instant start, Instant at) {
        var channel = channel(name);
        channel.history().add(at, "was told a start", start.toString());
        findings.count(Count.TOLD, at);
        if (earliest.isPresent() && start.isBefore(earliest.get().truncatedTo(ChronoUnit.MILLIS))) {
            var early = Duration.between(start, earliest.get());
            findings.toldEarly(early, channel.questions().isDisputed(earliest.get()));
            report(name, "told a start " + early + " too early");
        } else if (channel.latestStart()
                .filter(latest -> start.isAfter(latest.plus(TOLD_LATE)))
                .isPresent()) {
            findings.count(Count.TOLD_LATE, at);
        }
    }

    /** Learns from the log that the server took a call for over, or that it did something else about a channel. */
    synchronized void logged(String name, Instant at, String what, String reason) {
        channel(name).history().add(at, "log: " + what, reason);
        if (what.equals("Call ended")) {
            channel(name).ended(at, reason);
        }
    }

    /** Learns that a request reached the cloud. */
    synchronized void requested(RecordedRequest request) {
        if (request.channel().isEmpty()) {
            return;
        }
        var channel = channel(request.channel());
        channel.history().add(request.at(), request.action(), request.user());
        if (hanging && request.action().equals("DeleteChannel")) {
            channel.deletionHangs(request.at());
        }
        if (!channel.questions()
                        .requested(request.at(), request.action().equals("DescribeChannelUsers"), channel.isOccupied())
                && findings.measures(request.at())) {
            unasked.merge(request.action(), 1L, Long::sum);
        }
    }

    /** Learns whether the cloud lets requests hang. */
    synchronized void hanging(boolean now) {
        hanging = now;
    }

    /** Returns how many channels somebody is in. */
    synchronized int occupied() {
        return occupied;
    }

    /** Returns how many requests about a channel, by action, came though no phone asked or had a new token there. */
    synchronized Map<String, Long> unasked() {
        return new TreeMap<>(unasked);
    }

    /** Counts what is late already, at the end of a run. */
    synchronized void finish() {
        var now = clock.instant();
        channels.forEach((name, channel) -> channel.finish(now).ifPresent(what -> report(name, what)));
    }

    private void report(String name, String what) {
        var kind = what.substring(0, what.indexOf(' '));
        if (problems.merge(kind, 1, Integer::sum) <= MAX_PRINTED) {
            System.out.println("  " + name + ": " + what + "\n" + channel(name).history());
        }
    }
}
