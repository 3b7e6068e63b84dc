package alirtc.appserver;

import alirtc.appserver.auth.AccessControl;
import alirtc.appserver.auth.AdminAccess;
import alirtc.appserver.auth.MetricsAccess;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.StartPolicy;
import alirtc.appserver.config.AppConfig;
import alirtc.appserver.config.ServerInfo;
import alirtc.appserver.lifecycle.CallService;
import alirtc.appserver.lifecycle.CallWatch;
import alirtc.appserver.lifecycle.ChannelObserver;
import alirtc.appserver.lifecycle.ChannelPresence;
import alirtc.appserver.lifecycle.EventHealth;
import alirtc.appserver.lifecycle.EventInbox;
import alirtc.appserver.lifecycle.EventSubscriber;
import alirtc.appserver.lifecycle.HeardUsers;
import alirtc.appserver.lifecycle.LiveChannelSweep;
import alirtc.appserver.lifecycle.Moderation;
import alirtc.appserver.lifecycle.StartTimeRecovery;
import alirtc.appserver.lifecycle.StartTimes;
import alirtc.appserver.lifecycle.TokenAdmission;
import alirtc.appserver.logging.LogConfigurator;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.openapi.SdkClient;
import alirtc.appserver.openapi.UpstreamStatus;
import alirtc.appserver.overview.CallList;
import alirtc.appserver.overview.EndedCalls;
import alirtc.appserver.overview.LiveCalls;
import alirtc.appserver.overview.Overview;
import alirtc.appserver.overview.Sampler;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.CallStore;
import alirtc.appserver.registry.MemoryCallStore;
import alirtc.appserver.registry.RedisBackend;
import alirtc.appserver.registry.RedisCallStore;
import alirtc.appserver.time.NonOverlappingTask;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.time.WallClock;
import alirtc.appserver.token.TokenIssuer;
import alirtc.appserver.token.TokenVerifier;
import alirtc.appserver.upstream.Action;
import alirtc.appserver.upstream.UpstreamCircuitBreaker;
import alirtc.appserver.upstream.UpstreamDispatcher;
import alirtc.appserver.upstream.UpstreamRateLimiter;
import alirtc.appserver.web.AllowedOrigins;
import alirtc.appserver.web.CallArchive;
import alirtc.appserver.web.ContextParts;
import alirtc.appserver.web.EventReceiver;
import alirtc.appserver.web.HealthProbe;
import alirtc.appserver.web.KnownAnswers;
import alirtc.appserver.web.LanAddresses;
import jakarta.servlet.ServletContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Builds the parts of the server, connects them, and closes them. Thread-safe. */
public final class Application implements AutoCloseable {
    /** So many requests to the cloud are in flight at a time: the default budget at an answer time of 0.8 s. */
    private static final int WORKERS = 64;

    /** So many more load the SDK and read a JWKS. */
    private static final int OTHER_WORKERS = 2;

    /** How soon after a token an answer tells of the token's moment, where the cloud can be asked for joins. */
    private static final Duration PROMPT_BESIDE_JOINS = Duration.ofMillis(250);

    /** The same where it cannot, and a later answer would tell nothing. */
    private static final Duration PROMPT_WITHOUT_JOINS = Duration.ofSeconds(1);

    /** How many calls all servers remember together in Redis, whose memory is not theirs, unless it is set. */
    private static final int MAX_CALLS_IN_REDIS = 1_000_000;

    private static final int TIMER_THREADS = 2;
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(250);
    private static final long FINISH_WITHIN_MILLIS = 1_000;
    private static final long STOP_WITHIN_MILLIS = 3_000;

    private final ScheduledExecutorService scheduler;
    private final ExecutorService workers = prestarted("upstream", WORKERS + OTHER_WORKERS);
    private final Metrics metrics = new Metrics();
    private final SdkClient sdk;
    private final UpstreamDispatcher upstream;
    private final CallStore store;
    private final RecordKeeping records;
    private final Optional<AccessControl> access;
    private final List<Object> parts = new ArrayList<>();
    private volatile boolean stopping;

    private Application(
            AppConfig config, InstantSource wall, LongSupplier nanoTime, ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
        var timers = new Timers(scheduler);
        var clock = new SteadyClock(wall, nanoTime);

        var tokens = new TokenIssuer(config.token(), config.calls().timeLimit(), wall, new SecureRandom());
        this.sdk = new SdkClient(config.upstream(), WORKERS, scheduler, metrics);
        var status = new UpstreamStatus();
        var rtc = new RtcClient(config.upstream().product(), config.token().appId(), sdk, status, wall);
        var breaker = new UpstreamCircuitBreaker(clock);
        var limiters = new EnumMap<Action, UpstreamRateLimiter>(Action.class);
        for (var action : Action.values()) {
            limiters.put(action, new UpstreamRateLimiter(config.upstream().maxQps(), clock));
        }
        this.upstream = new UpstreamDispatcher(limiters, WORKERS, breaker, clock, workers, timers, metrics);

        var seats = config.calls()
                .maxUsers()
                .map(max -> new SeatPolicy(max, config.calls().seatTtl(), tokens.ttl()))
                .orElse(SeatPolicy.UNLIMITED);
        var promptWithin = rtc.tellsJoinTimes() ? PROMPT_BESIDE_JOINS : PROMPT_WITHOUT_JOINS;
        this.records = new RecordKeeping(config, Application::daemons, metrics);
        var rules = new CallRules(
                config.calls().timeLimit(), records.warnBefore(), config.calls().aloneFor());
        var events = new CallEvents(metrics);
        KnownAnswers.expect(metrics);
        metrics.counter(
                "alirtc_log_lines_lost_total",
                "Lines of the log that are lost, since whatever reads it was too slow",
                LogConfigurator::lostLines);
        if (config.redis().isPresent()) {
            DoubleConsumer share = qps -> limiters.values().forEach(limiter -> limiter.change(qps));
            var backend = new RedisBackend(
                    config.redis().get(),
                    wall,
                    nanoTime,
                    daemons("registry"),
                    config.upstream().maxQps(),
                    share,
                    metrics);
            int room = config.calls().maxCalls().orElse(MAX_CALLS_IN_REDIS);
            var redis = new RedisCallStore(backend, rules, room, tokens.ttl(), records.inRedis(backend));
            redis.start(timers);
            this.store = redis;
        } else {
            int room = MemoryCallStore.capacity(Runtime.getRuntime().maxMemory());
            var memory = new MemoryCallStore(rules, config.calls().maxCalls().orElse(room), clock, events::displaced);
            this.store = records.inMemory(memory, clock);
        }
        var health = new EventHealth(config.events().isPresent(), store, timers, metrics);
        var start = new StartPolicy(config.usersReturn(), promptWithin);
        Supplier<ChannelPolicy> policy = () -> new ChannelPolicy(
                seats, start, health.policy(), rules.aloneFor().isPresent());
        var calls = config.redis().isPresent()
                ? CallRegistry.buffered(store, policy, events, records.recorder(), timers)
                : CallRegistry.direct(store, policy, events, records.recorder());

        var recovery = new StartTimeRecovery(rtc, upstream, calls, events);
        BiConsumer<ChannelState, ChannelUsers> learned = (state, users) -> {
            recovery.recoverIfProvisional(state, users);
            health.observed(state);
        };
        var presence = new ChannelPresence(
                rtc, upstream, calls, learned, config.upstream().usersCacheTtl(), metrics, timers);
        var observer = new ChannelObserver(presence, recovery);
        var admission = new TokenAdmission(
                calls,
                observer,
                seats,
                config.calls().seatless(),
                config.access().adminSecret().isPresent(),
                metrics,
                timers);
        var startTimes = new StartTimes(calls, presence, observer, recovery, health, rules, timers);
        var limits = new CallWatch.Limits(rules, tokens.ttl());
        var sweep = new LiveChannelSweep(rtc, upstream, store, health::tellsEndOf);
        var watch = new CallWatch(calls, observer, rtc, upstream, limits, sweep::isKnownToGoOn, events);
        var heard = new HeardUsers(calls, upstream, health, metrics, timers);

        var info = ServerInfo.of(config, rtc.api(), tokens.ttl());
        metrics.build(info.version());
        this.access = AccessControl.of(config.access(), wall, clock, workers, scheduler);
        access.ifPresent(parts::add);
        if (config.token().check()) {
            parts.add(new TokenVerifier(config.token().appId(), tokens));
        }
        var sampler = new Sampler(store, metrics, upstream, breaker, status, health::word);
        var liveCalls = new LiveCalls(store, events.newest(), rules);
        var overview = new Overview(
                sampler,
                liveCalls,
                records.store().map(kept -> new EndedCalls(kept, store.clock())),
                store.clock(),
                config.redis().isPresent());
        parts.addAll(List.of(
                tokens,
                overview,
                new CallService(admission, presence, startTimes, heard, health),
                new WallClock(wall),
                status,
                info,
                metrics,
                timers,
                LanAddresses.ofThisMachine(),
                new MetricsAccess(
                        config.access().metricsReaders(), config.access().trustedProxies()),
                new AllowedOrigins(config.access().origins()),
                new HealthProbe(
                        breaker::state,
                        store::isReachable,
                        health::word,
                        records::recordsWord,
                        records::webhooksWord,
                        watch::isRunning,
                        () -> stopping)));

        records.store()
                .ifPresent(kept -> parts.add(
                        new CallArchive(kept, config.webhooks().flatMap(any -> records.outbox()), calls.clock())));
        config.access()
                .adminSecret()
                .ifPresent(secret -> parts.addAll(List.of(
                        new AdminAccess(secret, config.access().trustedProxies(), clock),
                        new CallList(store, rules),
                        new Moderation(calls, observer, rtc, upstream, timers))));

        if (config.events().isPresent()) {
            var address = config.events().get();
            var inbox = new EventInbox(calls, presence, observer, metrics);
            parts.add(new EventReceiver(config.token().appId(), address.secret(), inbox::take));
            new EventSubscriber(
                            rtc,
                            upstream,
                            new EventSubscriber.Address(address.callback(), address.owner()),
                            inbox,
                            health,
                            calls.clock(),
                            timers)
                    .start();
            timers.every(LiveChannelSweep.INTERVAL, new NonOverlappingTask(sweep::run));
        }
        records.start(calls, timers);
        timers.every(Overview.INTERVAL, overview::sample);
        timers.every(WATCH_INTERVAL, new NonOverlappingTask(watch::run));
        workers.execute(sdk::warmUp);
    }

    /** Starts the server's parts on this machine's clock. */
    public static Application start(AppConfig config) {
        var scheduler = new ScheduledThreadPoolExecutor(TIMER_THREADS, daemons("timer"));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.prestartAllCoreThreads();
        return start(config, InstantSource.system(), System::nanoTime, scheduler);
    }

    /**
     * Starts the server's parts.
     *
     * @param wall the machine's clock
     * @param nanoTime a counter of nanoseconds that never steps
     * @param scheduler runs what is due; closed with the application
     */
    public static Application start(
            AppConfig config, InstantSource wall, LongSupplier nanoTime, ScheduledExecutorService scheduler) {
        return new Application(config, wall, nanoTime, scheduler);
    }

    /** Makes the parts known to the servlets of a context. */
    public void publish(ServletContext context) {
        ContextParts.publish(context, parts);
    }

    /** Returns how many requests to the cloud are in flight. */
    public int requestsInFlight() {
        return upstream.inFlight();
    }

    /**
     * Stops everything within five seconds: requests that wait for their turn are rejected, requests in flight get a
     * second to finish and are then cut.
     */
    @Override
    public void close() {
        stopping = true;
        upstream.stopAccepting();
        access.ifPresent(AccessControl::close);
        workers.shutdown();
        try {
            if (!workers.awaitTermination(FINISH_WITHIN_MILLIS, TimeUnit.MILLISECONDS)) {
                upstream.close();
                sdk.close();
                // Whoever does not end by then is a daemon, and ends with the process.
                var unused = workers.awaitTermination(STOP_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
        records.close();
        scheduler.shutdownNow();
        sdk.close();
    }

    /** Returns a pool whose threads are there from the start: later the system may give none. */
    private static ExecutorService prestarted(String name, int threads) {
        var pool = new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
        pool.prestartAllCoreThreads();
        return pool;
    }

    private static ThreadFactory daemons(String name) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, "appserver-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
