package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import alirtc.appserver.it.Distribution;
import alirtc.appserver.it.Server;
import alirtc.appserver.sandbox.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
    private final List<Server> servers;

    private PopulationServers(Deque<Runnable> open, Sandbox sandbox, List<Server> servers) {
        this.open = open;
        this.sandbox = sandbox;
        this.servers = servers;
    }

    /**
     * Starts them; {@link #close} ends all.
     *
     * @param flags what to tell Java
     */
    static PopulationServers start(PopulationOptions options, List<String> flags)
            throws IOException, InterruptedException {
        var open = new ArrayDeque<Runnable>();
        try {
            var sandbox = Sandbox.start(Deployment.account(options.product()), InstantSource.system());
            open.push(sandbox::close);
            sandbox.limits().set(CLOUD_LIMIT);
            var settings = settings(options, sandbox);
            if (options.redis()) {
                var redis = new WithRedis();
                open.push(redis::close);
                settings = new LinkedHashMap<>(redis.settings(settings));
            }
            var servers = new ArrayList<Server>();
            Optional<Integer> callbackPort = options.events() ? Optional.of(freePort()) : Optional.empty();
            callbackPort.ifPresent(addEvents(settings));
            for (int i = 0; i < options.servers(); i++) {
                // The first one is where the cloud's messages go.
                var jetty = i == 0
                        ? callbackPort.map(Distribution.jetty()::on).orElseGet(Distribution::jetty)
                        : Distribution.jetty();
                var server = Server.start(jetty, Server.withWar(jetty), flags, settings, Map.of());
                open.push(server::close);
                servers.add(server);
            }
            return new PopulationServers(open, sandbox, servers);
        } catch (IOException | InterruptedException | RuntimeException | AssertionFailedError e) {
            close(open);
            throw e;
        }
    }

    private static Consumer<Integer> addEvents(Map<String, String> settings) {
        return port -> {
            settings.put("events", "on");
            settings.put("events.callbackUrl", "http://127.0.0.1:" + port + "/1v1-audio");
            settings.put("events.secret", "population-0123456789-abcdefghij-secret");
        };
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
        return servers.get(0);
    }

    /** Returns the ports of the servers. */
    List<Integer> ports() {
        return servers.stream().map(Server::port).toList();
    }

    /** Hands the lines of all servers' logs to a listener, which several threads call. */
    void forwardLogs(Consumer<String> listener) {
        servers.forEach(server -> server.forwardOutput(listener));
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
