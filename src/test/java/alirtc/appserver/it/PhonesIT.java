package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls as the users of the published apps make them, and how those apps take every failure. */
@ParameterizedClass
@MethodSource("deployments")
final class PhonesIT {
    private final Deployment deployment;
    private final Phone android;
    private final Phone ios;

    PhonesIT(Deployment deployment) {
        this.deployment = deployment;
        this.android = new AndroidClient(deployment.server().port());
        this.ios = new IosClient(deployment.server().port());
    }

    /** One container will do, since {@link ContractIT} finds them alike; a time limit adds fields that apps do not know. */
    static Stream<Deployment> deployments() {
        return Stream.of(Deployment.start(Distribution.tomcat11(), Map.of("durationlimit", "60")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void call_twoPhones_showTheSameStart(boolean androidFirst) throws Exception {
        var channel = deployment.newChannel();
        var first = androidFirst ? android : ios;
        var second = androidFirst ? ios : android;

        var one = first.call(channel, user -> deployment.sandbox().join(channel, user))
                .orElseThrow();
        var other = second.call(channel, user -> deployment.sandbox().join(channel, user))
                .orElseThrow();

        assertEquals(one.start(), other.start());
        assertNotEquals(one.userId(), other.userId());
        assertTrue(Duration.between(one.start(), Instant.now()).abs().toSeconds() < 10, one::toString);
    }

    @Test
    void call_twoAreThere_isNotJoined() throws Exception {
        var channel = deployment.newChannel();
        deployment.sandbox().join(channel, "1");
        deployment.sandbox().join(channel, "2");

        for (var phone : phones()) {
            assertEquals(
                    Optional.empty(),
                    phone.call(channel, user -> deployment.sandbox().join(channel, user)));
        }
        assertEquals(
                2,
                deployment.sandbox().channels().getOrDefault(channel, List.of()).size());
    }

    @Test
    void token_bothPhones_hasWhatTheSdkNeeds() throws Exception {
        for (var phone : phones()) {
            var ticket = phone.token("c");

            assertEquals(Deployment.APP_ID, ticket.appId());
            assertTrue(ticket.gslb().startsWith("https://"), ticket::toString);
            assertTrue(ticket.token().matches("[0-9a-f]{64}"), ticket::toString);
            assertTrue(ticket.username().startsWith(ticket.userId() + "?appid="), ticket::toString);
            assertTrue(Instant.ofEpochSecond(ticket.expires()).isAfter(Instant.now()), ticket::toString);
        }
    }

    @Test
    void startTime_callOlderThanTheServer_isTheEarliestJoin() throws Exception {
        var channel = deployment.newChannel();
        var join = deployment.join(channel, "1", Duration.ofSeconds(95));

        for (var phone : phones()) {
            assertEquals(join, phone.startTime(channel));
        }
    }

    @Test
    void startTime_noCall_isRefusedWithAMessage() throws Exception {
        for (var phone : phones()) {
            assertRefused(() -> phone.startTime(deployment.newChannel()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", " ", "a b", "a/b", "\u4eba", "<script>", "%"})
    void call_badChannel_isRefusedWithAMessage(String channel) {
        for (var phone : phones()) {
            assertRefused(() -> phone.token(channel));
            assertRefused(() -> phone.present(channel));
            assertRefused(() -> phone.startTime(channel));
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "FORBIDDEN",
                "THROTTLED",
                "JSON503",
                "HTML500",
                "TRUNCATED",
                "TRUNCATEDERROR",
                "WRONGTYPES",
                "MISSING",
                "RESET",
                "REFUSE",
                "TRICKLE"
            })
    void call_upstreamFailing_isRefusedWithAMessageInTime(FaultKind fault) {
        deployment.afflict(Fault.of(fault));
        try {
            var questions = phones().stream()
                    .flatMap(phone -> Stream.<Executable>of(
                            () -> phone.call(deployment.newChannel(), user -> {}),
                            () -> phone.startTime(deployment.newChannel())))
                    .map(question -> later(() -> assertRefused(question)));

            CompletableFuture.allOf(questions.toArray(CompletableFuture[]::new)).join();
        } finally {
            deployment.heal();
        }
    }

    private List<Phone> phones() {
        return List.of(android, ios);
    }

    private static void assertRefused(Executable question) {
        var refused = assertThrows(Phone.Refused.class, question);
        assertFalse(String.valueOf(refused.getMessage()).isBlank());
    }

    private static CompletableFuture<Void> later(Runnable task) {
        return CompletableFuture.runAsync(task, one -> new Thread(one, "phone").start());
    }
}
