package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Those who use the server as it is meant: their calls begin, one each second, and their phones ask. */
final class AttackOthers implements AutoCloseable {
    private static final List<String> QUESTIONS = List.of("token", "descChannelUsers", "descChannelStartTime");
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);
    private static final Duration BETWEEN_CALLS = Duration.ofSeconds(1);

    /**
     * An answer, or none.
     *
     * @param askedAt in nanoseconds, as {@link System#nanoTime()} counts
     */
    private record Answered(long askedAt, long nanos, boolean good) {}

    /** What asks once. */
    private interface Question {
        int ask(AttackConnection connection) throws IOException;
    }

    private final int port;
    private final ConcurrentLinkedQueue<Answered> answers = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    AttackOthers(Deployment deployment, AttackCalls calls) {
        this.port = deployment.server().port();
        start(BETWEEN_CALLS, connection -> {
            calls.begin(connection);
            return connection.get("descChannelUsers?channelId=" + calls.latest());
        });
        for (var question : QUESTIONS) {
            start(BETWEEN_QUESTIONS, connection -> connection.get(question + "?channelId=" + calls.latest()));
        }
    }

    private void start(Duration between, Question question) {
        var thread = new Thread(() -> run(between, question), "other-" + threads.size());
        threads.add(thread);
        thread.start();
    }

    private void run(Duration between, Question question) {
        try {
            for (long next = System.nanoTime(); !closed; next = Math.max(next + between.toNanos(), System.nanoTime())) {
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
                long askedAt = System.nanoTime();
                boolean good;
                // Each by a connection of its own, as phones that were not there before.
                try (var connection = new AttackConnection(port)) {
                    good = question.ask(connection) == 200;
                } catch (IOException e) {
                    good = false;
                }
                answers.add(new Answered(askedAt, System.nanoTime() - askedAt, good));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the share of good answers to what was asked in a time, and how long the slowest answer took. */
    String noticed(long fromNanos, long toNanos) {
        var asked = answers.stream()
                .filter(one -> one.askedAt - fromNanos >= 0 && one.askedAt - toNanos < 0)
                .toList();
        long good = asked.stream().filter(Answered::good).count();
        long slowest = asked.stream().mapToLong(Answered::nanos).max().orElse(0);
        return String.format(
                Locale.ROOT, "%.1f %% of %d good, %.2f s", 100.0 * good / asked.size(), asked.size(), slowest / 1e9);
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
