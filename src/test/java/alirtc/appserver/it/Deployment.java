package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.sandbox.Account;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The server with good settings, and the sandbox that it takes for the cloud. */
public final class Deployment implements AutoCloseable {
    static final String APP_ID = "iwo5l81k";
    static final String APP_KEY = "9af82119dea1a774334bd89c9bd93631";
    static final Account ACCOUNT =
            new Account(APP_ID, "it-access-key-id", "it-access-key-secret-0123456789", Product.RTC);
    private static final Account LIVE_ACCOUNT =
            new Account(APP_ID, ACCOUNT.accessKeyId(), ACCOUNT.accessKeySecret(), Product.LIVE);

    /** What nobody but the server may see: not the phones, not the readers of its log. */
    private static final List<String> SECRETS = List.of(APP_KEY, ACCOUNT.accessKeySecret(), "Signature=");

    private static final AtomicInteger CHANNELS = new AtomicInteger();

    private final Product product;
    private final AtomicReference<Duration> sandboxLag;
    private final Sandbox sandbox;
    private final Server server;
    private final Wire wire;

    private Deployment(Product product, AtomicReference<Duration> sandboxLag, Sandbox sandbox, Server server) {
        this.product = product;
        this.sandboxLag = sandboxLag;
        this.sandbox = sandbox;
        this.server = server;
        this.wire = server.wire();
    }

    /** Starts each container in turn, when its turn comes. */
    static Stream<Deployment> inEach(Map<String, String> more) {
        return Distribution.all().stream().map(distribution -> start(distribution, more));
    }

    /** Starts one container with good settings and more. */
    public static Deployment start(Distribution distribution, Map<String, String> more) {
        return start(distribution, ACCOUNT, more);
    }

    /** Starts one container with an application of ApsaraVideo Live, good settings and more. */
    static Deployment startLive(Distribution distribution, Map<String, String> more) {
        var settings = new LinkedHashMap<>(more);
        settings.put("rtc.openapi", "live");
        return start(distribution, LIVE_ACCOUNT, settings);
    }

    private static Deployment start(Distribution distribution, Account account, Map<String, String> more) {
        var lag = new AtomicReference<>(Duration.ZERO);
        var sandbox =
                Sandbox.start(account, () -> InstantSource.system().instant().minus(lag.get()));
        try {
            return new Deployment(
                    account.product(), lag, sandbox, Server.start(distribution, settings(sandbox, more), Map.of()));
        } catch (IOException e) {
            sandbox.close();
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            sandbox.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /**
     * Starts one container with good settings and more, for measurements.
     *
     * @param flags what to tell Java
     * @param besides lays other applications into the base folder
     */
    public static Deployment start(
            Distribution distribution, Map<String, String> more, List<String> flags, Consumer<Path> besides)
            throws IOException, InterruptedException {
        var lag = new AtomicReference<>(Duration.ZERO);
        var sandbox = Sandbox.start(ACCOUNT, InstantSource.system());
        var base = Server.withWar(distribution);
        besides.accept(base);
        return new Deployment(
                Product.RTC, lag, sandbox, Server.start(distribution, base, flags, settings(sandbox, more), Map.of()));
    }

    /** Returns the account of an application of a product, which {@link #settings} have the credentials of. */
    public static Account account(Product product) {
        return product == Product.RTC ? ACCOUNT : LIVE_ACCOUNT;
    }

    /** Returns all that a server needs to be told to work with a sandbox, and more. */
    public static Map<String, String> settings(Sandbox sandbox, Map<String, String> more) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("rtc.1v1audio.appId", APP_ID);
        settings.put("rtc.1v1audio.appKey", APP_KEY);
        settings.put("accessKeyID", ACCOUNT.accessKeyId());
        settings.put("accessKeySecret", ACCOUNT.accessKeySecret());
        settings.put("rtc.openapi.endpoint", sandbox.endpoint().toString());
        // No test is to wait for an answer of another to grow old, or for its turn.
        settings.put("rtc.users.cacheTtl", "1ms");
        settings.put("rtc.openapi.maxQps", "1000");
        settings.putAll(more);
        return settings;
    }

    /** Returns the product that the application belongs to. */
    Product product() {
        return product;
    }

    /** Returns the server. */
    public Server server() {
        return server;
    }

    /** Returns what the server takes for the cloud. */
    public Sandbox sandbox() {
        return sandbox;
    }

    Wire wire() {
        return wire;
    }

    /** Returns a channel that no other test knows. */
    String newChannel() {
        return "it-" + CHANNELS.incrementAndGet();
    }

    Answer token(String channel) {
        return get("/app/token?channelId=" + channel);
    }

    Answer users(String channel) {
        return get("/app/descChannelUsers?channelId=" + channel);
    }

    Answer startTime(String channel) {
        return get("/app/descChannelStartTime?channelId=" + channel);
    }

    /** Asks for a path and query under the context's path. */
    Answer get(String target) {
        return send("GET", target);
    }

    /** Sends a request for a path and query under the context's path. */
    Answer send(String method, String target) {
        return checked(wire.send(method, Server.CONTEXT + target));
    }

    /** Returns the answer, in which there is nothing secret. */
    static Answer checked(Answer answer) {
        for (var secret : SECRETS) {
            assertFalse(answer.toString().contains(secret), () -> "a secret in " + answer);
        }
        return answer;
    }

    /** Lets a user into a channel in the past, and returns when that was by the cloud's word: in whole seconds. */
    Instant join(String channel, String user, Duration ago) {
        sandboxLag.set(ago);
        try {
            sandbox.join(channel, user);
            return sandbox.channels().getOrDefault(channel, List.of()).stream()
                    .filter(one -> one.user().equals(user))
                    .map(one -> Instant.ofEpochSecond(one.joinedAt().getEpochSecond()))
                    .findFirst()
                    .orElseThrow();
        } finally {
            sandboxLag.set(Duration.ZERO);
        }
    }

    /** Ends all faults, and has so many calls succeed that what failed before is forgotten. */
    void heal() {
        sandbox.clearFaults();
        for (int i = 0; i < 20; i++) {
            assertEquals(200, users(newChannel()).status());
        }
    }

    /** Sets the fault of a server that has seen nothing but success. */
    void afflict(Fault fault) {
        heal();
        sandbox.set(fault);
    }

    /** Makes sure that the server wrote nothing secret. */
    void assertLogIsClean() throws IOException {
        var log = server.log();
        for (var secret : SECRETS) {
            assertFalse(log.contains(secret), () -> "a secret in " + log);
        }
    }

    /** Makes sure that the server found no defect of its own. */
    void assertLogHasNoErrors() throws IOException {
        var log = server.log();
        assertFalse(log.contains(" ERROR "), log);
    }

    /** Makes sure that the server was told to stop, and did. */
    void assertStoppedOrderly() throws IOException {
        var log = server.log();
        assertTrue(log.contains(" Bootstrap - Stopped"), log);
        assertFalse(log.contains("appears to have started a thread"), log);
    }

    @Override
    public void close() {
        server.close();
        sandbox.close();
    }

    @Override
    public String toString() {
        return product == Product.RTC ? server.toString() : server + ", " + product.title();
    }
}
