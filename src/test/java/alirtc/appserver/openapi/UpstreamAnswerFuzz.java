package alirtc.appserver.openapi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import alirtc.appserver.config.TestConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.token.ChannelId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.regex.Pattern;

/**
 * Whatever the upstream answers, the vendor's SDK and what surrounds it make sense of it or fail in words of ours, for
 * each action of both products. The first line of an input is the HTTP status, the rest the body.
 */
public final class UpstreamAnswerFuzz {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z"));
    private static final ChannelId CHANNEL = new ChannelId("room");
    private static final Pattern WORDS = Pattern.compile("[ -~]{1,300}");
    private static final Pattern SIGNED = Pattern.compile("Signature=|AccessKeyId=");
    private static final URI OWNER = URI.create("https://app.example/events/");
    private static final URI CALLBACK = OWNER.resolve("callback-secret-nobody-must-see");
    private static final Pattern SUBSCRIPTION = Pattern.compile("[A-Za-z0-9._:=+-]{1,128}");
    private static final LiveChannels NO_CHANNELS = new LiveChannels(0, List.of());
    private static final List<String> SECRETS =
            List.of(TestConfig.APP_KEY, TestConfig.ACCESS_KEY_ID, TestConfig.ACCESS_KEY_SECRET, CALLBACK.toString());
    private static final CannedUpstream UPSTREAM = new CannedUpstream();
    private static final List<UpstreamStatus> MEMORIES = List.of(new UpstreamStatus(), new UpstreamStatus());
    private static final RtcClient LIVE = client("live", MEMORIES.get(1));
    private static final List<RtcClient> CLIENTS = List.of(client("rtc", MEMORIES.get(0)), LIVE);

    private UpstreamAnswerFuzz() {}

    private static RtcClient client(String product, UpstreamStatus memory) {
        var config = TestConfig.of(Map.of(
                "rtc.openapi",
                product,
                "rtc.openapi.endpoint",
                UPSTREAM.endpoint().toString()));
        var scheduler = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "fuzz-timer");
            thread.setDaemon(true);
            return thread;
        });
        scheduler.setRemoveOnCancelPolicy(true);
        var sdk = new SdkClient(config.upstream(), 2, scheduler, new Metrics());
        return new RtcClient(config.upstream().product(), config.token().appId(), sdk, memory, CLOCK);
    }

    /** Loads the SDK, which takes longer than any input may. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        var text = new String(input, ISO_8859_1);
        if (SECRETS.stream().anyMatch(text::contains)) {
            // The fuzzer learns what its inputs are compared with.
            return;
        }
        int end = Math.max(0, text.indexOf('\n'));
        UPSTREAM.answer(status(text.substring(0, end)), text.substring(end));
        for (var client : CLIENTS) {
            attempt(() -> requireSound(client.users(CHANNEL), client == LIVE));
            attempt(() -> client.joinTime(CHANNEL, "ann").ifPresent(UpstreamAnswerFuzz::requireSound));
            attempt(() -> client.delete(CHANNEL));
            attempt(() -> requireSound(client.subscribe(CALLBACK, OWNER)));
            attempt(() -> client.eventLog("s1", CLOCK.instant(), CLOCK.instant().plusSeconds(1)));
            attempt(() -> requireSound(client.listsLiveChannels() ? client.liveChannels(1) : NO_CHANNELS));
        }
        for (var memory : MEMORIES) {
            // As the page is told it.
            var unused = memory.latest().skew().map(Duration::toMillis);
        }
    }

    /** Returns the status that a text stands for; one that HTTP knows, and that ends an exchange. */
    private static int status(String text) {
        return switch (text) {
            case "400", "401", "403", "404", "429", "500", "503" -> Integer.parseInt(text);
            default -> 200;
        };
    }

    /** A question to the upstream. */
    private interface Question {
        void ask() throws RtcException;
    }

    private static void attempt(Question question) {
        try {
            question.ask();
        } catch (RtcException e) {
            var message = String.valueOf(e.getMessage());
            boolean tells = SIGNED.matcher(message).find() || SECRETS.stream().anyMatch(message::contains);
            if (tells || !WORDS.matcher(message).matches() || e.kind() == RtcException.Kind.TIMEOUT) {
                throw new AssertionError("an odd failure: " + e.kind() + ", " + message, e);
            }
        }
    }

    private static void requireSound(ChannelUsers users, boolean profileIsOurs) {
        int least = Math.min(users.commTotalNum(), Math.min(users.interactiveUserNum(), users.liveUserNum()));
        long all = (long) users.commTotalNum() + users.interactiveUserNum() + users.liveUserNum();
        boolean sound = least >= 0
                && users.timestamp().toEpochMilli() >= 0
                && users.isEmpty() == (users.everyone().isEmpty() && all == 0)
                && (!profileIsOurs || (users.profile() == 1) == (all > 0));
        if (!sound) {
            throw new AssertionError("taken for an answer: " + users);
        }
    }

    private static void requireSound(String subscription) {
        if (!SUBSCRIPTION.matcher(subscription).matches()) {
            throw new AssertionError("taken for a subscription: " + subscription);
        }
    }

    private static void requireSound(LiveChannels channels) {
        if (channels.total() < 0) {
            throw new AssertionError("taken for channels: " + channels);
        }
    }

    private static void requireSound(JoinTime joinTime) {
        var times = List.of(
                joinTime.joinedAt().toEpochMilli(), joinTime.answeredAt().toEpochMilli());
        if (times.stream().anyMatch(time -> time < 0)) {
            throw new AssertionError("taken for a joinTime: " + joinTime);
        }
    }
}
