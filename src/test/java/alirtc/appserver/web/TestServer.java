package alirtc.appserver.web;

import alirtc.appserver.Application;
import alirtc.appserver.config.Product;
import alirtc.appserver.config.TestConfig;
import alirtc.appserver.description.ApiDescription;
import alirtc.appserver.description.Exchange;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.sandbox.Account;
import alirtc.appserver.sandbox.JwtMaker;
import alirtc.appserver.sandbox.Sandbox;
import alirtc.appserver.time.ManualTime;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.ee10.servlet.ListenerHolder;
import org.eclipse.jetty.ee10.webapp.Configuration;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.ee10.webapp.WebXmlConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The page, the servlets and the application over HTTP in this process, with the sandbox as upstream, at a time the test holds. */
public final class TestServer implements AutoCloseable {
    /** How long a test waits in real time for what must come at once. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String CONTEXT = "/1v1-audio";

    /** Shorter than the watch's round, so that no look is late for want of steps. */
    private static final Duration STEP = Duration.ofMillis(250);

    /** How long a call to the sandbox may take in real time before it is thought to be held back. */
    private static final Duration MAX_REQUEST_TIME = Duration.ofMillis(50);

    private static final long POLL_NANOS = 50_000;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The end of the address at which events come in, where a test switches them on. */
    static final String EVENTS_SECRET = "a-secret-of-events-for-tests-0123456789";

    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00.250Z"));
    private final Sandbox sandbox;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, String> settings;
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final WebAppContext context = new DescribedContext();
    private final AtomicInteger unanswered = new AtomicInteger();
    private Application application;

    /**
     * Serves what {@code webapp/WEB-INF/web.xml} maps, and the files and the sandbox as {@code mvn jetty:run} does. The
     * listeners of both descriptors are left out: they would start an application and a sandbox on the machine's clock.
     */
    private static final class DescribedContext extends WebAppContext {
        private DescribedContext() {
            setContextPath(CONTEXT);
            setBaseResourceAsPath(Path.of("webapp").toAbsolutePath());
            setDefaultsDescriptor("src/test/jetty/development-web.xml");
            // Of all that Jetty can look for in a WAR, the descriptors alone.
            setConfigurations(new Configuration[] {new WebXmlConfiguration()});
            setThrowUnavailableOnStartupException(true);
        }

        /** Returns the loader of the tests: Jetty's own would hide the classes of Jetty. */
        @Override
        protected ClassLoader configureClassLoader(ClassLoader loader) {
            return TestServer.class.getClassLoader();
        }

        @Override
        protected void startWebapp() throws Exception {
            getServletHandler().setListeners(new ListenerHolder[0]);
            super.startWebapp();
        }
    }

    private TestServer(Product product, Map<String, String> more) throws Exception {
        sandbox = Sandbox.start(
                new Account(
                        more.getOrDefault("rtc.1v1audio.appId", TestConfig.APP_ID),
                        TestConfig.ACCESS_KEY_ID,
                        TestConfig.ACCESS_KEY_SECRET,
                        product),
                time.wall(),
                time);
        connector.setHost("127.0.0.1");
        connector.open();
        settings = new LinkedHashMap<>(more);
        settings.put("rtc.openapi.endpoint", sandbox.endpoint().toString());
        if ("on".equals(more.get("events"))) {
            settings.put("events.callbackUrl", page().resolve(".").toString());
            settings.put("events.secret", EVENTS_SECRET);
        }
        application = newApplication();
        context.setAttribute(Sandbox.class.getName(), sandbox);
        Optional.ofNullable(settings.get("auth.jwt.secret"))
                .ifPresent(secret -> context.setAttribute(
                        JwtMaker.class.getName(),
                        new JwtMaker(secret, name -> Optional.ofNullable(settings.get(name)), time.wall())));
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
        // The first call pays for the SDK's loading; what follows is quick.
        get("users", "warm-up").get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        sandbox.reset();
    }

    /** Starts a server for an application of RTC, with good settings and more. */
    public static TestServer start(Map<String, String> more) throws Exception {
        return new TestServer(Product.RTC, more);
    }

    /** Starts a server with an application of the product, which is set too unless more settings say otherwise. */
    public static TestServer start(Product product, Map<String, String> more) throws Exception {
        var settings = new LinkedHashMap<>(more);
        settings.putIfAbsent("rtc.openapi", product.setting());
        return new TestServer(product, settings);
    }

    private Application newApplication() {
        var started = Application.start(TestConfig.of(settings), time.wall(), time::nanoTime, time);
        started.publish(context.getServletContext());
        // Whatever networks the machine of the tests has.
        publish(new LanAddresses(() -> List.of("192.168.1.20", "10.1.2.3")));
        return started;
    }

    /** Makes a part known to the servlets, as an application does. */
    public void publish(Object part) {
        ContextParts.publish(context.getServletContext(), List.of(part));
    }

    /** Returns the address of the page. */
    public URI page() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort() + CONTEXT + "/index.html");
    }

    /** Returns what the server counts, as it is now. */
    public MetricSnapshots metrics() {
        return ContextParts.require(context.getServletContext(), Metrics.class).all();
    }

    public ManualTime time() {
        return time;
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    /** Lets time pass in small steps, so that calls upstream are answered in between. */
    public void pass(Duration time) {
        until(time, () -> false);
    }

    /** Lets time pass in small steps until something holds, and returns whether it does. */
    boolean until(Duration longest, BooleanSupplier holds) {
        for (var passed = Duration.ZERO; passed.compareTo(longest) < 0; passed = passed.plus(STEP)) {
            if (holds.getAsBoolean()) {
                return true;
            }
            time.advance(STEP);
            awaitCalls();
        }
        return holds.getAsBoolean();
    }

    /**
     * Waits until no call upstream is under way and every question is answered; not for long for what a fault holds back,
     * and for answers that more time has to pass for.
     */
    private void awaitCalls() {
        await(sandbox.isWell() ? PATIENCE : MAX_REQUEST_TIME, () -> application.requestsInFlight() == 0);
        await(MAX_REQUEST_TIME, () -> unanswered.get() == 0);
        await(sandbox.isWell() ? PATIENCE : MAX_REQUEST_TIME, () -> application.requestsInFlight() == 0);
    }

    private static void await(Duration longest, BooleanSupplier holds) {
        long end = System.nanoTime() + longest.toNanos();
        while (!holds.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Waits until the cloud's events have been delivered, and what they cause is done; no time passes. */
    void awaitEvents() throws Exception {
        sandbox.callbacks().awaitIdle(PATIENCE);
        awaitCalls();
    }

    /** Ends the application, which goes on to be asked. */
    void stopApplication() {
        application.close();
    }

    /** Forgets all that was remembered, as a restart does. */
    public void restart() {
        application.close();
        application = newApplication();
    }

    /**
     * An answer.
     *
     * @param status its HTTP status
     * @param retryAfter the header, empty if there is none
     * @param body the envelope
     * @param headers all of them
     */
    public record Answer(int status, String retryAfter, JsonNode body, HttpHeaders headers) {
        /** Returns a header's one value; empty if it is missing or repeated. */
        String header(String name) {
            var values = headers.allValues(name);
            return values.size() == 1 ? values.get(0) : "";
        }

        public JsonNode data() {
            return body.path("data");
        }

        /** Returns all that it tells, but for what differs from one answer to the next, or with an unread body. */
        Map<String, Object> told() {
            var told = new TreeMap<String, Object>(headers.map());
            told.keySet().removeAll(List.of("connection", "date", "traceparent", "x-request-id"));
            told.put("status", status);
            told.put("message", body.path("message"));
            return told;
        }
    }

    /** Asks one of {@code token}, {@code users}, {@code start} about a channel. */
    CompletableFuture<Answer> get(String question, String channel) {
        var path = switch (question) {
            case "users" -> "descChannelUsers";
            case "start" -> "descChannelStartTime";
            default -> question;
        };
        return send(HttpRequest.newBuilder(page().resolve("app/" + path + "?channelId=" + channel)));
    }

    /** Sends any request. */
    CompletableFuture<Answer> send(HttpRequest.Builder request) {
        var answered = new CompletableFuture<Answer>();
        unanswered.incrementAndGet();
        var unused = http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(TestServer::described)
                .thenApply(response -> new Answer(
                        response.statusCode(),
                        response.headers().firstValue("Retry-After").orElse(""),
                        parse(response.body()),
                        response.headers()))
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        answered.complete(answer);
                    } else {
                        answered.completeExceptionally(failure);
                    }
                    // Only now, when all that hangs on the answer is done: time goes on at once.
                    unanswered.decrementAndGet();
                });
        return answered;
    }

    /** Returns a response that is as the description of the API says; that of the sandbox, of which it says nothing, too. */
    private static HttpResponse<String> described(HttpResponse<String> response) {
        var uri = response.uri().toString();
        var target = uri.substring(uri.indexOf(CONTEXT) + CONTEXT.length());
        if (!target.startsWith("/sandbox/")) {
            ApiDescription.OURS.check(new Exchange(
                    response.request().method(),
                    target,
                    response.statusCode(),
                    response.headers().map(),
                    response.body()));
        }
        return response;
    }

    /** Sends a request with headers, a name and a value each, and waits for the answer. */
    Answer call(String method, String target, String... headers) throws Exception {
        var request =
                HttpRequest.newBuilder(page().resolve(target)).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Returns what an address answers, whatever it is. */
    public String text(String path) throws Exception {
        var request = HttpRequest.newBuilder(page().resolve(path)).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Asks and waits for the answer, which must come without any time passing. */
    public Answer now(String question, String channel) throws Exception {
        return get(question, channel).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Not JSON: " + body, e);
        }
    }

    @Override
    public void close() {
        sandbox.clearFaults();
        application.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        } finally {
            sandbox.close();
        }
    }
}
