package alirtc.appserver;

import alirtc.appserver.auth.AccessControl;
import alirtc.appserver.auth.MetricsAccess;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.config.AppConfig;
import alirtc.appserver.config.ServerInfo;
import alirtc.appserver.lifecycle.CallWatch;
import alirtc.appserver.lifecycle.ChannelPresence;
import alirtc.appserver.lifecycle.StartTimeRecovery;
import alirtc.appserver.lifecycle.StartTimes;
import alirtc.appserver.lifecycle.TokenAdmission;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.openapi.SdkClient;
import alirtc.appserver.openapi.UpstreamStatus;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.time.NonOverlappingTask;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.token.TokenIssuer;
import alirtc.appserver.token.TokenVerifier;
import alirtc.appserver.upstream.UpstreamCircuitBreaker;
import alirtc.appserver.upstream.UpstreamDispatcher;
import alirtc.appserver.upstream.UpstreamRateLimiter;
import jakarta.servlet.ServletContext;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** The parts of the server and how they hang together: what the servlets share. Thread-safe. */
public final class Application implements AutoCloseable {
    /** So many calls to the upstream run at a time: the default budget at an answer time of 0.8 s. */
    private static final int WORKERS = 64;

    private static final int TIMER_THREADS = 2;
    private static final long WATCH_EVERY_MILLIS = 250;
    private static final long FINISH_WITHIN_MILLIS = 1_000;
    private static final long STOP_WITHIN_MILLIS = 3_000;

    private final ServerInfo about;
    private final Metrics metrics = new Metrics();
    private final MetricsAccess metricsAccess;
    private final Set<String> origins;
    private final Optional<AccessControl> admission;
    private final InstantSource wall;
    private final TokenIssuer tokens;
    private final Optional<TokenVerifier> tokenCheck;
    private final UpstreamStatus upstreamStatus = new UpstreamStatus();
    private final ChannelPresence presence;
    private final StartTimes startTimes;
    private final TokenAdmission admissions;
    private final SdkClient sdk;
    private final UpstreamDispatcher upstream;
    private final UpstreamCircuitBreaker health;
    private final ScheduledExecutorService scheduler;
    private final ExecutorService workers;
    private final Registry registry;
    private volatile boolean stopping;

    private Application(
            AppConfig config, InstantSource wall, LongSupplier nanoTime, ScheduledExecutorService scheduler) {
        var clock = new SteadyClock(wall, nanoTime);
        this.scheduler = scheduler;
        this.workers = Executors.newCachedThreadPool(daemons("upstream"));
        this.wall = wall;
        this.tokens = new TokenIssuer(config.token(), config.calls().timeLimit(), wall, new SecureRandom());
        this.tokenCheck = config.token().check()
                ? Optional.of(new TokenVerifier(config.token().appId(), tokens))
                : Optional.empty();
        this.sdk = new SdkClient(config.upstream(), WORKERS, scheduler, metrics);
        this.health = new UpstreamCircuitBreaker(clock);
        var budget = new UpstreamRateLimiter(config.upstream().maxQps(), clock);
        this.upstream = new UpstreamDispatcher(budget, WORKERS, health, clock, workers, scheduler, metrics);
        var rtc = new RtcClient(config.upstream().product(), config.token().appId(), sdk, upstreamStatus, wall);
        this.about = ServerInfo.of(config, rtc.api(), tokens.ttl());
        var seats = config.calls()
                .maxUsers()
                .map(most -> new SeatPolicy(most, config.calls().seatTtl(), tokens.ttl()));
        this.registry = config.redis()
                .<Registry>map(redis -> new Registry.InRedis(redis, wall, nanoTime, daemons("registry")))
                .orElseGet(() -> new Registry.InMemory(clock));
        var limit = config.calls().timeLimit();
        var time = registry.clock();
        var threads = registry.threads();
        var callEvents = new CallEvents(metrics);
        var calls = registry.calls(config, seats, tokens.ttl(), callEvents);
        this.presence = new ChannelPresence(
                rtc, upstream, calls, config.upstream().usersCacheTtl(), time, metrics, threads, scheduler);
        var recovery = new StartTimeRecovery(rtc, upstream, calls, time, callEvents, threads);
        this.startTimes = new StartTimes(calls, presence, recovery, limit, time, scheduler, threads);
        this.admissions = registry.admissions(config, calls, startTimes, seats, scheduler);
        var watch = new CallWatch(
                calls, presence, startTimes, rtc, upstream, limit, tokens.ttl(), time, callEvents, threads);
        registry.start(config, calls, budget, scheduler);
        var unused = scheduler.scheduleWithFixedDelay(
                new NonOverlappingTask(watch, threads), WATCH_EVERY_MILLIS, WATCH_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        this.origins = config.access().origins();
        this.admission = AccessControl.of(config.access(), wall, clock, workers, scheduler);
        this.metricsAccess = new MetricsAccess(
                config.access().metricsReaders(), config.access().trustedProxies());
        metrics.gauge(
                "alirtc_calls_live",
                "Calls that are remembered, those included that were ended",
                () -> registry.size(calls));
        metrics.gauge("alirtc_upstream_permits", "Calls to the OpenAPI that could go out at once", budget::available);
        metrics.gauge("alirtc_upstream_permits_per_second", "The upstream budget", config.upstream()::maxQps);
        metrics.gauge("alirtc_upstream_requests_in_flight", "Calls to the OpenAPI under way", upstream::inFlight);
        metrics.gauge(
                "alirtc_upstream_breaker_open",
                "1 while the circuit breaker keeps calls from the OpenAPI, else 0",
                () -> "open".equals(health.state()) ? 1 : 0);
        metrics.gauge(
                "alirtc_registry_reachable",
                "1 while the registry of calls can be asked, else 0",
                () -> registry.isReachable() ? 1 : 0);
        workers.execute(sdk::warmUp);
    }

    /** Starts the server's parts on this machine's clock. */
    public static Application start(AppConfig config) {
        var scheduler = new ScheduledThreadPoolExecutor(TIMER_THREADS, daemons("timer"));
        scheduler.setRemoveOnCancelPolicy(true);
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

    /**
     * Returns the application of a servlet context.
     *
     * @throws IllegalStateException if it did not start
     */
    public static Application in(ServletContext context) {
        return find(context).orElseThrow(Application::notStarted);
    }

    /** Returns what to throw where nothing can be done before the application has started. */
    public static IllegalStateException notStarted() {
        return new IllegalStateException("The application has not started");
    }

    /** Returns the application of a servlet context, if it has started. */
    public static Optional<Application> find(ServletContext context) {
        return context.getAttribute(Application.class.getName()) instanceof Application app
                ? Optional.of(app)
                : Optional.empty();
    }

    /** Returns what issues tokens. */
    public TokenIssuer tokens() {
        return tokens;
    }

    /** Returns what says who is in a channel. */
    public ChannelPresence presence() {
        return presence;
    }

    /** Returns what says when a call began. */
    public StartTimes startTimes() {
        return startTimes;
    }

    /** Returns what decides who may have a token. */
    public TokenAdmission admissions() {
        return admissions;
    }

    /** Returns whether the registry of calls can be asked; one in memory always can. */
    public boolean registryIsReachable() {
        return registry.isReachable();
    }

    /** Returns what says whether a token goes with its fields, where the operator switched that on. */
    public Optional<TokenVerifier> tokenCheck() {
        return tokenCheck;
    }

    /** Returns what lets callers in, unless anybody may call as often as they like. */
    public Optional<AccessControl> accessControl() {
        return admission;
    }

    /** Returns the origins of the web pages whose scripts may call; {@code *} stands for all. */
    public Set<String> origins() {
        return origins;
    }

    /** Returns how the server is set up. */
    public ServerInfo about() {
        return about;
    }

    /** Returns what is remembered of the latest calls to the upstream. */
    public UpstreamStatus upstreamStatus() {
        return upstreamStatus;
    }

    /** Returns what the server counts about itself. */
    public Metrics metrics() {
        return metrics;
    }

    /** Returns what tells who may read the metrics. */
    public MetricsAccess metricsAccess() {
        return metricsAccess;
    }

    /** Returns how many calls to the upstream are under way. */
    public int requestsInFlight() {
        return upstream.inFlight();
    }

    /** Returns what judges whether the upstream may be asked. */
    public UpstreamCircuitBreaker health() {
        return health;
    }

    /** Returns whether the server was told to stop. */
    public boolean isStopping() {
        return stopping;
    }

    /** Returns the time by the machine's clock. */
    public Instant now() {
        return wall.instant();
    }

    /**
     * Stops everything within five seconds: those who wait are turned away, calls under way get a second to finish and
     * are then cut.
     */
    @Override
    public void close() {
        stopping = true;
        upstream.stopAccepting();
        admission.ifPresent(AccessControl::close);
        workers.shutdown();
        try {
            if (!workers.awaitTermination(FINISH_WITHIN_MILLIS, TimeUnit.MILLISECONDS)) {
                upstream.close();
                sdk.close();
                var unused = workers.awaitTermination(STOP_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        registry.close();
        scheduler.shutdownNow();
        sdk.close();
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
