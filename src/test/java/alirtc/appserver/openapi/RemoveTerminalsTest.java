package alirtc.appserver.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.config.TestConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.RtcException.Kind;
import alirtc.appserver.sandbox.Account;
import alirtc.appserver.sandbox.Participant;
import alirtc.appserver.sandbox.Sandbox;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Users are put out of channels: the vendor's SDK asks the sandbox, or what answers oddly. */
class RemoveTerminalsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:30Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final ChannelId ROOM = new ChannelId("room1");
    private static final UserId ANN = new UserId("ann");

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);

    @AfterEach
    void close() {
        scheduler.shutdownNow();
    }

    private static Sandbox sandbox(Product product) {
        return Sandbox.start(
                new Account(TestConfig.APP_ID, TestConfig.ACCESS_KEY_ID, TestConfig.ACCESS_KEY_SECRET, product), CLOCK);
    }

    private RtcClient client(Product product, String appId, URI endpoint) {
        var config = TestConfig.of(
                        Map.of("rtc.openapi", product.setting(), "rtc.openapi.endpoint", endpoint.toString()))
                .upstream();
        var sdk = new SdkClient(config, 2, scheduler, new Metrics());
        return new RtcClient(product, appId, sdk, new UpstreamStatus(), CLOCK);
    }

    private RtcClient client(Product product, Sandbox sandbox) {
        return client(product, TestConfig.APP_ID, sandbox.endpoint());
    }

    private static List<String> users(Sandbox sandbox) {
        return sandbox.participants("room1").stream().map(Participant::user).toList();
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void user_inTheChannel_isPutOut_othersStay(Product product) throws Exception {
        try (var sandbox = sandbox(product)) {
            sandbox.join("room1", "ann");
            sandbox.join("room1", "bob");

            assertTrue(client(product, sandbox).remove(ROOM, ANN));

            assertEquals(List.of("bob"), users(sandbox));
        }
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void user_notInTheChannel_isNotPutOut(Product product) throws Exception {
        try (var sandbox = sandbox(product)) {
            sandbox.join("room1", "bob");

            assertFalse(client(product, sandbox).remove(ROOM, ANN));

            assertEquals(List.of("bob"), users(sandbox));
        }
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void user_ofAChannelThatIsNotThere_isNotPutOut(Product product) throws Exception {
        try (var sandbox = sandbox(product)) {
            var client = client(product, sandbox);
            // ApsaraVideo Live's answer says that the application or the channel is missing.
            assertTrue(client.users(ROOM).isEmpty());

            assertFalse(client.remove(ROOM, ANN));
        }
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void application_unknown_isNotTakenForAnEmptyChannel(Product product) {
        try (var sandbox = sandbox(product)) {
            var client = client(product, "other", sandbox.endpoint());

            var failure = assertThrows(RtcException.class, () -> client.remove(ROOM, ANN));

            assertEquals(Kind.APP_NOT_FOUND, failure.kind());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'RequestId':'r','Terminals':[{'Id':'ann','Code':0,'Message':'Success'}]} | true",
                "{'RequestId':'r','Terminals':{'Terminal':[{'Id':'bob','Code':1},{'Id':'ann','Code':0}]}} | true",
                "{'RequestId':'r','Terminals':[{'Id':'ann','Code':'0'}]} | true",
                "{'RequestId':'r','Terminals':[{'Id':'ann','Code':404,'Message':'Failed'}]} | false",
                "{'RequestId':'r','Terminals':[]} | malformed",
                "{'RequestId':'r','Terminals':[{'Id':'bob','Code':0}]} | malformed",
                "{'RequestId':'r','Terminals':[{'Id':'ann'}]} | malformed",
                "{'RequestId':'r','Terminals':[{'Id':{},'Code':0}]} | malformed",
                "{'RequestId':'r','Terminals':['ann']} | malformed",
                "{'RequestId':'r','Terminals':'ann'} | malformed",
                "{'RequestId':'r','Terminals':{}} | malformed",
                "{'RequestId':'r'} | malformed",
                "{'Terminals':[{'Id':'ann','Code':0}]} | malformed",
                "{} | malformed",
            })
    void answer_whatever_isUnderstoodOrMakesNoSense(String body, String expected) throws Exception {
        var upstream = new CannedUpstream();
        upstream.answer(200, body.replace('\'', '"'));
        var client = client(Product.RTC, TestConfig.APP_ID, upstream.endpoint());
        if (expected.equals("malformed")) {
            var failure = assertThrows(RtcException.class, () -> client.remove(ROOM, ANN));
            assertEquals(Kind.MALFORMED, failure.kind());
        } else {
            assertEquals(Boolean.valueOf(expected), client.remove(ROOM, ANN));
        }
    }
}
