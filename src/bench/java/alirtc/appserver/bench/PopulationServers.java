package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import alirtc.appserver.it.Distribution;
import alirtc.appserver.it.Server;
import alirtc.appserver.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.opentest4j.AssertionFailedError;

/** The WAR in as many servers as a run wants, and the sandbox that they take for the cloud. */
final class PopulationServers implements AutoCloseable {
    /** How many requests a second the cloud takes for each action. */
    static final int CLOUD_LIMIT = 100;

    private final Deque<Runnable> open;
    private final Sandbox sandbox;
    private final List<Slot> slots;
    private final Optional<WithRedis> redis;
    private Consumer<String> log = line -> {};
    private int crashes;

    /** A place for a server, which may come again after a crash: with the same port, folder and settings. */
    private static final class Slot {
        private final Distribution distribution;
        private final Path base;
        private final List<String> flags;
        private final Map<String, String> settings;
        private Server server;

        private Slot(Distribution distribution, List<String> flags, Map<String, String> settings)
                throws IOException, InterruptedException {
            this.distribution = distribution;
            this.base = Server.withWar(distribution);
            this.flags = flags;
            this.settings = settings;
            this.server = start();
        }

        private Server start() throws IOException, InterruptedException {
            return Server.start(distribution, base, flags, settings, Map.of());
        }

        private void crash() throws IOException, InterruptedException {
            server.kill();
            server = start();
        }
    }

    private PopulationServers(Deque<Runnable> open, Sandbox sandbox, List<Slot> slots, Optional<WithRedis> redis) {
        this.open = open;
        this.sandbox = sandbox;
        this.slots = slots;
        this.redis = redis;
    }

    /**
     * Starts them; {@link #close} ends all.
     *
     * @param flags what to tell Java
     * @param more settings beside those that the options ask for
     */
    static PopulationServers start(PopulationOptions options, List<String> flags, Map<String, String> more)
            throws IOException, InterruptedException {
        var open = new ArrayDeque<Runnable>();
        try {
            var sandbox = Sandbox.start(Deployment.account(options.product()), InstantSource.system());
            open.push(sandbox::close);
            sandbox.limits().set(CLOUD_LIMIT);
            var settings = settings(options, sandbox);
            settings.putAll(more);
            Optional<WithRedis> redis = options.redis() ? Optional.of(redis(options)) : Optional.empty();
            if (redis.isPresent()) {
                open.push(redis.get()::close);
                settings = new LinkedHashMap<>(redis.get().settings(settings));
            }
            var slots = new ArrayList<Slot>();
            for (int i = 0; i < options.servers(); i++) {
                int port = freePort();
                if (i == 0 && options.events()) {
                    // The first one is where the cloud's messages go.
                    addEvents(settings, port);
                }
                var slot = new Slot(Distribution.jetty().on(port), flags, Map.copyOf(settings));
                open.push(() -> slot.server.close());
                slots.add(slot);
            }
            return new PopulationServers(open, sandbox, slots, redis);
        } catch (IOException | InterruptedException | RuntimeException | AssertionFailedError e) {
            close(open);
            throw e;
        }
    }

    private static WithRedis redis(PopulationOptions options) throws IOException {
        return options.records() ? new WithRedis(Files.createTempDirectory("population-redis")) : new WithRedis();
    }

    private static void addEvents(Map<String, String> settings, int port) {
        settings.put("events", "on");
        settings.put("events.callbackUrl", "http://127.0.0.1:" + port + "/1v1-audio");
        settings.put("events.secret", "population-0123456789-abcdefghij-secret");
    }

    private static Map<String, String> settings(PopulationOptions options, Sandbox sandbox) {
        var settings = new LinkedHashMap<>(Deployment.settings(sandbox, Map.of()));
        // Those are for tests, in which nothing may wait: a population meets the server as an operator would run it.
        settings.remove("rtc.users.cacheTtl");
        settings.remove("rtc.openapi.maxQps");
        settings.put("rtc.openapi", options.product().setting());
        settings.put("log.requests", "off");
        options.limit().ifPresent(limit -> settings.put("durationlimit", Long.toString(limit.toMinutes())));
        return settings;
    }

    /** Returns a port that nobody has: the server has to tell the cloud its address before it listens there. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        }
    }

    Sandbox sandbox() {
        return sandbox;
    }

    /** Returns the server that the cloud's messages go to. */
    Server first() {
        return slots.get(0).server;
    }

    /** Returns the ports of the servers. */
    List<Integer> ports() {
        return slots.stream().map(slot -> slot.server.port()).toList();
    }

    /** Hands the lines of all servers' logs to a listener, which several threads call. */
    void forwardLogs(Consumer<String> listener) {
        log = listener;
        slots.forEach(slot -> slot.server.forwardOutput(listener));
    }

    /** Returns the Redis that the servers share, if they do. */
    Optional<WithRedis> redis() {
        return redis;
    }

    /** Kills a server, the next one each time, and starts it again; nothing of it ends in good order. */
    void crash() {
        var slot = slots.get(crashes++ % slots.size());
        try {
            slot.crash();
            slot.server.forwardOutput(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(open);
    }

    private static void close(Deque<Runnable> open) {
        while (!open.isEmpty()) {
            open.pop().run();
        }
    }
}
