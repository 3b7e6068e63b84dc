package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.redis.TestRedis;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import alirtc.appserver.sandbox.RecordedRequest;
import alirtc.appserver.sandbox.Sandbox;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers with one Redis and one account, and a third that comes and goes. */
final class RedisIT {
    private static final String ADMIN_SECRET = "admin-secret-nobody-must-see";
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int MAX_QPS = 60;
    private static final AtomicInteger CHANNELS = new AtomicInteger();
    private static final AtomicReference<Duration> LAG = new AtomicReference<>(Duration.ZERO);
    private static final TestRedis REDIS = TestRedis.start();
    private static final Sandbox SANDBOX = Sandbox.start(
            Deployment.ACCOUNT, () -> InstantSource.system().instant().minus(LAG.get()));
    private static final Map<String, String> SETTINGS = Deployment.settings(
            SANDBOX,
            Map.of(
                    "registry",
                    "redis",
                    "registry.redis.uri",
                    REDIS.uri().toString(),
                    "rtc.1v1audio.maxUsers",
                    "2",
                    "durationlimit",
                    "1",
                    "admin.secret",
                    ADMIN_SECRET,
                    "rtc.openapi.maxQps",
                    Integer.toString(MAX_QPS)));

    private static final List<Server> SERVERS = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        SERVERS.add(newServer());
        SERVERS.add(newServer());
    }

    @BeforeEach
    void awaitBothAtWork() throws Exception {
        until(
                "both servers have a share",
                () -> SERVERS.stream().allMatch(server -> server.output().text().contains("2 servers share")));
    }

    @AfterEach
    void heal() {
        SANDBOX.clearFaults();
    }

    @AfterAll
    static void stop() {
        SERVERS.forEach(Server::close);
        SANDBOX.close();
        REDIS.close();
    }

    private static Server newServer() throws Exception {
        return Server.start(Distribution.jetty(), SETTINGS, Map.of());
    }

    private static String newChannel() {
        return "redis-" + CHANNELS.incrementAndGet();
    }

    private static Answer ask(int server, String what, String channel) {
        return Deployment.checked(
                SERVERS.get(server).wire().get(Server.CONTEXT + "/app/" + what + "?channelId=" + channel));
    }

    private static String join(int server, String channel) {
        var user =
                Envelopes.success(ask(server, "token", channel)).path("userid").textValue();
        SANDBOX.join(channel, user);
        return user;
    }

    private static long start(int server, String channel) {
        return Envelopes.success(ask(server, "descChannelStartTime", channel))
                .path("channelStartTimeTs")
                .longValue();
    }

    /** Lets somebody in so long ago that the time limit is reached after a time from now on. */
    private static String endingAfter(Duration left) {
        var channel = newChannel();
        LAG.set(Duration.ofMinutes(1).minus(left));
        SANDBOX.join(channel, "somebody");
        LAG.set(Duration.ZERO);
        return channel;
    }

    private static void until(String what, BooleanSupplier holds) {
        until(what, SOON, holds);
    }

    private static void until(String what, Duration longest, BooleanSupplier holds) {
        Await.until(what, longest, holds);
    }

    private static Map<String, Integer> deletions(List<String> channels) {
        var counts = new HashMap<String, Integer>();
        SANDBOX.requests().stream()
                .filter(call -> call.action().equals("DeleteChannel") && channels.contains(call.channel()))
                .forEach(call -> counts.merge(call.channel(), 1, Integer::sum));
        return counts;
    }

    private static boolean isEmpty(String channel) {
        return SANDBOX.channels().getOrDefault(channel, List.of()).isEmpty();
    }

    /** Asks who is in a channel until somebody is: the first answer may be of a lookup that began before the join. */
    private static void awaitSeen(int server, String channel) {
        until(
                "somebody is seen",
                () -> !Envelopes.success(ask(server, "descChannelUsers", channel))
                        .path("userList")
                        .isEmpty());
    }

    private static JsonNode overview(int server) {
        return Envelopes.success(Deployment.checked(SERVERS.get(server).wire().get(Server.CONTEXT + "/app/overview")));
    }

    @Test
    void overview_ofEachServer_countsTheCallsOfAllAndListsThoseThatItSaw() throws Exception {
        var channel = newChannel();
        join(0, channel);
        awaitSeen(0, channel);
        until(
                "the server that saw the call lists it",
                () -> overview(0).path("calls").findValuesAsText("channelId").contains(channel));
        until(
                "the other one counts it",
                () -> overview(1)
                                .path("samples")
                                .path(overview(1).path("samples").size() - 1)
                                .path("liveCalls")
                                .longValue()
                        >= 1);
        assertTrue(overview(1).path("shared").booleanValue());
    }

    @Test
    void call_tokensAndQuestionsAtEitherServer_haveOneStartAndTwoSeats() {
        var channel = newChannel();
        long before = System.currentTimeMillis();
        join(0, channel);
        long began = start(1, channel);
        assertTrue(began >= before - 50 && began <= System.currentTimeMillis() + 50, "began " + (began - before));
        assertEquals(began, start(0, channel));
        join(1, channel);
        assertEquals(409, ask(0, "token", channel).status());
        assertEquals(409, ask(1, "token", channel).status());
        assertEquals(began, start(0, channel));
        assertEquals(began, start(1, channel));
    }

    private static JsonNode administer(int server, String method, String target) {
        return Envelopes.success(Deployment.checked(SERVERS.get(server)
                .wire()
                .exchange(method + " " + Server.CONTEXT + "/admin/calls" + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        + "Connection: close\r\nAuthorization: Bearer " + ADMIN_SECRET + "\r\n\r\n")));
    }

    @Test
    void operator_atOneServer_endsAndBarsWhatTheOtherKnows() throws Exception {
        until(
                "both servers have loaded all classes",
                () -> ask(0, "token", newChannel()).status() == 200
                        && ask(1, "token", newChannel()).status() == 200);
        var channel = newChannel();
        var user = join(0, channel);
        awaitSeen(0, channel);
        // What a lookup showed is recorded beside its answer.
        until(
                "the other server knows who is in the call",
                () -> administer(1, "GET", "/" + channel)
                        .path("users")
                        .toString()
                        .contains(user));

        assertTrue(
                administer(1, "DELETE", "/" + channel + "?for=1h").path("ended").booleanValue());

        assertTrue(isEmpty(channel));
        assertEquals(403, ask(0, "token", channel).status());
        assertEquals(403, ask(1, "token", channel).status());
        assertEquals("ended", administer(0, "GET", "/" + channel).path("state").textValue());
        SANDBOX.join(channel, user);
        until("it is kept ended", Duration.ofSeconds(20), () -> isEmpty(channel));
    }

    @Test
    void limit_bothServersWell_eachChannelIsDeletedOnce() throws Exception {
        var channels = new ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            var channel = endingAfter(Duration.ofSeconds(2));
            channels.add(channel);
            start(i % 2, channel);
        }
        until("all are deleted", () -> deletions(channels).size() == channels.size());
        var never = new CompletableFuture<Void>();
        try {
            never.get(5, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            // So long a deletion could come again.
        }
        channels.forEach(channel -> assertEquals(1, deletions(channels).get(channel), channel));
    }

    @Test
    void limit_serverKilledWhileItEndsCalls_isReplacedWithinFiveSeconds() throws Exception {
        var channels = new ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            var channel = endingAfter(Duration.ofSeconds(2));
            channels.add(channel);
            start(0, channel);
        }
        SANDBOX.set(Fault.of(FaultKind.HANG), "DeleteChannel");
        until("each was taken", () -> deletions(channels).size() == channels.size());
        SERVERS.get(0).close();
        SANDBOX.clearFaults();
        long killed = System.nanoTime();
        until("all are ended", Duration.ofSeconds(6), () -> channels.stream().allMatch(RedisIT::isEmpty));
        System.out.println(
                "Replaced after " + Duration.ofNanos(System.nanoTime() - killed).toMillis() + " ms");
        SERVERS.set(0, newServer());
    }

    @Test
    void redeploy_oneAfterTheOther_keepsCallsAndDeadlines() throws Exception {
        var channel = newChannel();
        var user = join(0, channel);
        long began = start(0, channel);
        var ending = endingAfter(Duration.ofSeconds(8));
        start(0, ending);
        for (int i = 0; i < 2; i++) {
            SERVERS.get(i).stop();
            SERVERS.get(i).close();
            SERVERS.set(i, newServer());
            assertEquals(began, start(0, channel));
        }
        join(1, channel);
        assertEquals(409, ask(0, "token", channel).status(), user);
        until("the limit is kept", Duration.ofSeconds(20), () -> isEmpty(ending));
    }

    @Test
    void redisKilled_knownCallsAndUsersGoOnAndTheRestHeals() throws Exception {
        var known = newChannel();
        join(0, known);
        long began = start(0, known);
        var unknown = endingAfter(Duration.ofSeconds(50));
        REDIS.kill();
        var refused = ask(0, "token", known);
        assertEquals(503, refused.status(), refused::toString);
        assertEquals(Optional.of("2"), refused.header("Retry-After"));
        for (int i = 0; i < 10; i++) {
            assertEquals(503, ask(0, "token", known).status());
            assertEquals(200, ask(0, "descChannelUsers", known).status());
            assertEquals(began, start(0, known));
        }
        long rebuilt = start(0, unknown);
        REDIS.restart();
        until("seats are counted again", () -> ask(0, "token", known).status() != 503);
        assertEquals(rebuilt / 1000, start(0, unknown) / 1000);
        var log = SERVERS.get(0).output().text();
        assertEquals(1, log.split("cannot be asked", -1).length - 1, log);
        assertFalse(log.contains("Exception"), log);
    }

    @Test
    void load_bothServers_stayWithinTheOneBudget() {
        var from = Instant.now();
        var answers = new ArrayList<CompletableFuture<Answer>>();
        for (int i = 0; i < 300; i++) {
            answers.add(SERVERS.get(i % 2)
                    .wire()
                    .getLater(Server.CONTEXT + "/app/descChannelUsers?channelId=" + newChannel()));
        }
        answers.forEach(CompletableFuture::join);
        var at = SANDBOX.requests().stream()
                .map(RecordedRequest::at)
                .filter(time -> !time.isBefore(from))
                .toList();
        long most = at.stream()
                .mapToLong(one -> at.stream()
                        .filter(other -> !other.isBefore(one) && other.isBefore(one.plusSeconds(1)))
                        .count())
                .max()
                .orElse(0);
        assertTrue(most <= MAX_QPS, most + " calls in a second");
        assertTrue(most > MAX_QPS / 2, "only " + most + " calls in a second");
    }
}
