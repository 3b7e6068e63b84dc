package alirtc.appserver.redis;

import alirtc.appserver.time.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Threads that wait for Redis, and the commands that wait for one of them: whoever has a command sent gets a future.
 * Thread-safe.
 */
public final class CommandLane {
    /** More commands than this are rejected at once: behind so many, nobody would get an answer in time. */
    private static final int MAX_WAITING = 1_000;

    /** A command that is not done after so long is given up, as whoever asked has given up. */
    public static final Duration MAX_WAIT = Duration.ofSeconds(1);

    /** What the clock of Redis may be set by while a command waits whose times were counted by it. */
    private static final Duration MAX_STEP = Duration.ofSeconds(1);

    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;
    private final SteadyClock clock;
    private final LongSupplier nanoTime;
    private final BooleanSupplier timeKnown;

    /**
     * What a thread sends, waiting for its answers.
     *
     * @param <T> the result
     */
    public interface Command<T> {
        /**
         * Sends it.
         *
         * @param until by the clock of Redis, when nobody waits for it any more
         */
        T send(Instant until);
    }

    /**
     * When a command was submitted.
     *
     * @param at by the clock of Redis
     * @param nanos by this machine's counter
     */
    private record Moment(Instant at, long nanos) {}

    /**
     * Builds a lane in which nothing waits.
     *
     * @param size how many commands are sent at a time; at least 1
     * @param factory makes the threads
     * @param clock the clock of Redis
     * @param nanoTime a counter of nanoseconds that never steps
     * @param timeKnown returns whether the clock shows the time of Redis, waiting for that if need be
     */
    public CommandLane(
            int size, ThreadFactory factory, SteadyClock clock, LongSupplier nanoTime, BooleanSupplier timeKnown) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.timeKnown = timeKnown;
        this.threads = new ThreadPoolExecutor(
                size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Has a command sent by a thread that may wait for it.
     *
     * @return its result; a {@link RedisException} if Redis does not answer, or too many commands wait
     */
    public <T> CompletableFuture<T> submit(Command<T> command) {
        var result = new CompletableFuture<T>();
        var submitted = new Moment(clock.instant(), nanoTime.getAsLong());
        try {
            threads.execute(() -> send(command, submitted, result));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new RedisException("more commands wait than can be sent in time", false));
        }
        return result;
    }

    private <T> void send(Command<T> command, Moment submitted, CompletableFuture<T> result) {
        T answer;
        try {
            check(submitted);
            answer = command.send(submitted.at.plus(MAX_WAIT));
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
            return;
        }
        result.complete(answer);
    }

    private void check(Moment submitted) {
        var waited = Duration.ofNanos(nanoTime.getAsLong() - submitted.nanos);
        if (waited.compareTo(MAX_WAIT) > 0) {
            throw new RedisException("no turn in time", false);
        }
        if (!timeKnown.getAsBoolean()) {
            throw new RedisException("the time of Redis is not known yet", false);
        }
        waited = Duration.ofNanos(nanoTime.getAsLong() - submitted.nanos);
        var step = Duration.between(submitted.at.plus(waited), clock.instant());
        if (step.abs().compareTo(MAX_STEP) > 0) {
            throw new RedisException("the times of this were counted by another clock than that of Redis", false);
        }
    }

    /** Lets no more commands in; those that wait are still sent. */
    public void stopAccepting() {
        threads.shutdown();
    }

    /**
     * Ends the threads once their commands are sent, at the latest at a moment.
     *
     * @param latest by this machine's counter of nanoseconds as {@link System#nanoTime} shows it
     */
    public void close(long latest) throws InterruptedException {
        if (!threads.awaitTermination(latest - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            threads.shutdownNow();
        }
    }
}
