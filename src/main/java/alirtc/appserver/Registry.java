package alirtc.appserver;

import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.config.AppConfig;
import alirtc.appserver.config.RedisConfig;
import alirtc.appserver.lifecycle.StartTimes;
import alirtc.appserver.lifecycle.TokenAdmission;
import alirtc.appserver.redis.ClusterMembership;
import alirtc.appserver.redis.RedisClient;
import alirtc.appserver.redis.RedisClock;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.time.NonOverlappingTask;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.upstream.UpstreamRateLimiter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Where the calls are kept, with the clock they are counted by and the threads that ask for them: in memory or in Redis. */
sealed interface Registry extends AutoCloseable {

    /** Returns the clock that calls are counted by. */
    SteadyClock clock();

    /** Returns what may block when it asks for calls. */
    Executor threads();

    /** Returns the calls. */
    CallRegistry calls(AppConfig config, Optional<SeatPolicy> seats, Duration tokenTtl, CallEvents log);

    /** Returns how many calls there are, or were a moment ago; never blocks. */
    long size(CallRegistry calls);

    /** Returns the way in. */
    TokenAdmission admissions(
            AppConfig config,
            CallRegistry calls,
            StartTimes startTimes,
            Optional<SeatPolicy> seats,
            ScheduledExecutorService scheduler);

    /** Starts what is done regularly, beside the watch. */
    void start(AppConfig config, CallRegistry calls, UpstreamRateLimiter budget, ScheduledExecutorService scheduler);

    /** Returns whether the calls can be asked for; the answer costs nothing. */
    boolean isReachable();

    @Override
    void close();

    /** Calls in this server's memory, by its own clock. */
    record InMemory(SteadyClock clock) implements Registry {
        @Override
        public Executor threads() {
            return Runnable::run;
        }

        @Override
        public CallRegistry calls(AppConfig config, Optional<SeatPolicy> seats, Duration tokenTtl, CallEvents log) {
            return CallRegistry.inMemory(
                    config.calls().timeLimit(), config.calls().maxCalls(), seats, config.usersReturn(), clock, log);
        }

        @Override
        public TokenAdmission admissions(
                AppConfig config,
                CallRegistry calls,
                StartTimes startTimes,
                Optional<SeatPolicy> seats,
                ScheduledExecutorService scheduler) {
            return TokenAdmission.direct(calls, startTimes, seats, clock);
        }

        @Override
        public void start(
                AppConfig config, CallRegistry calls, UpstreamRateLimiter budget, ScheduledExecutorService scheduler) {}

        @Override
        public long size(CallRegistry calls) {
            return calls.size();
        }

        @Override
        public boolean isReachable() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Calls in Redis, by its clock. */
    final class InRedis implements Registry {
        /** What does not fit is turned away at once: behind so much, nobody would get an answer in time. */
        private static final int MAX_WAITING = 1_000;

        private static final long IDLE_SECONDS = 30;
        private static final long HEARTBEAT_MILLIS = 1_000;
        private static final long COUNT_MILLIS = 5_000;
        private static final long STOP_WITHIN_MILLIS = 1_000;

        private final RedisConfig settings;
        private final RedisClient redis;
        private final RedisClock time;
        private final SteadyClock clock;
        private final ThreadPoolExecutor threads;
        private final AtomicLong lastSize = new AtomicLong();
        private Optional<ClusterMembership> cluster = Optional.empty();

        InRedis(RedisConfig settings, InstantSource wall, LongSupplier nanoTime, ThreadFactory factory) {
            this.settings = settings;
            this.redis = new RedisClient(settings);
            this.time = new RedisClock(wall, nanoTime);
            this.clock = new SteadyClock(time, time::nanos);
            this.threads = new ThreadPoolExecutor(
                    RedisClient.CONNECTIONS,
                    RedisClient.CONNECTIONS,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(MAX_WAITING),
                    factory);
            threads.allowCoreThreadTimeOut(true);
        }

        @Override
        public SteadyClock clock() {
            return clock;
        }

        @Override
        public Executor threads() {
            return threads;
        }

        @Override
        public CallRegistry calls(AppConfig config, Optional<SeatPolicy> seats, Duration tokenTtl, CallEvents log) {
            return CallRegistry.inRedis(
                    redis,
                    settings.prefix(),
                    config.calls().timeLimit(),
                    config.calls().maxCalls(),
                    seats,
                    config.usersReturn(),
                    tokenTtl,
                    clock,
                    log);
        }

        @Override
        public TokenAdmission admissions(
                AppConfig config,
                CallRegistry calls,
                StartTimes startTimes,
                Optional<SeatPolicy> seats,
                ScheduledExecutorService scheduler) {
            return TokenAdmission.shared(
                    calls,
                    startTimes,
                    seats,
                    clock,
                    threads,
                    scheduler,
                    config.calls().seatless());
        }

        @Override
        public void start(
                AppConfig config, CallRegistry calls, UpstreamRateLimiter budget, ScheduledExecutorService scheduler) {
            var joined = new ClusterMembership(
                    redis, time, settings.prefix(), config.upstream().maxQps(), budget::change);
            cluster = Optional.of(joined);
            var unused = scheduler.scheduleWithFixedDelay(
                    new NonOverlappingTask(joined, threads), 0, HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
            var unusedToo = scheduler.scheduleWithFixedDelay(
                    new NonOverlappingTask(() -> count(calls), threads),
                    COUNT_MILLIS,
                    COUNT_MILLIS,
                    TimeUnit.MILLISECONDS);
        }

        @Override
        public long size(CallRegistry calls) {
            return lastSize.get();
        }

        private void count(CallRegistry calls) {
            try {
                lastSize.set(calls.size());
            } catch (RegistryException e) {
                // The latest count stays.
            }
        }

        @Override
        public boolean isReachable() {
            return redis.isReachable();
        }

        /** Leaves the cluster, and closes threads and connections. */
        @Override
        public void close() {
            threads.shutdown();
            try {
                if (!threads.awaitTermination(STOP_WITHIN_MILLIS, TimeUnit.MILLISECONDS)) {
                    threads.shutdownNow();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            cluster.ifPresent(ClusterMembership::leave);
            redis.close();
        }
    }
}
