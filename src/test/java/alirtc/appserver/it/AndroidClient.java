package alirtc.appserver.it;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** The published Android app's way: OkHttp, Gson into plain objects, a time in an {@code int}. */
final class AndroidClient implements Phone {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final Gson gson = new Gson();
    private final OkHttpClient http = new OkHttpClient.Builder()
            .connectTimeout(TIMEOUT)
            .readTimeout(TIMEOUT)
            .writeTimeout(TIMEOUT)
            .build();
    private final int port;

    AndroidClient(int port) {
        this.port = port;
    }

    private static final class Envelope<T> {
        @Nullable
        String result;

        @Nullable
        String requestId;

        @Nullable
        String message;

        @Nullable
        String code;

        @Nullable
        T data;
    }

    private static final class TokenData {
        @Nullable
        String appid;

        @Nullable
        String userid;

        @Nullable
        List<String> gslb;

        @Nullable
        String token;

        @Nullable
        String nonce;

        int timestamp;

        @Nullable
        Turn turn;
    }

    private static final class Turn {
        @Nullable
        String username;

        @Nullable
        String password;
    }

    private static final class UsersData {
        boolean isChannelExist;

        int timestamp;

        int commTotalNum;

        @Nullable
        List<String> userList;
    }

    private static final class StartData {
        @Nullable
        String channelStartTimeUtc;

        long channelStartTimeTs;
    }

    @Override
    public Ticket token(String channel) throws Refused {
        var data = get("token", channel, new TypeToken<Envelope<TokenData>>() {});
        var turn = given(data.turn);
        if (!given(turn.password).equals(data.token)) {
            throw new AssertionError("turn and token differ");
        }
        return new Ticket(
                given(data.appid),
                given(data.userid),
                given(data.gslb).get(0),
                given(data.token),
                given(data.nonce),
                data.timestamp,
                given(turn.username));
    }

    @Override
    public int present(String channel) throws Refused {
        var data = get("descChannelUsers", channel, new TypeToken<Envelope<UsersData>>() {});
        if (data.timestamp == 0
                || given(data.userList).size() != data.commTotalNum
                || (data.commTotalNum > 0 && !data.isChannelExist)) {
            throw new AssertionError("the fields contradict each other");
        }
        return data.commTotalNum;
    }

    @Override
    public Instant startTime(String channel) throws Refused {
        var data = get("descChannelStartTime", channel, new TypeToken<Envelope<StartData>>() {});
        var start = Instant.ofEpochMilli(data.channelStartTimeTs);
        if (Instant.parse(given(data.channelStartTimeUtc)).getEpochSecond() != start.getEpochSecond()) {
            throw new AssertionError("both forms of the start time differ");
        }
        return start;
    }

    private <T> T get(String action, String channel, TypeToken<Envelope<T>> type) throws Refused {
        var url = new HttpUrl.Builder()
                .scheme("http")
                .host("127.0.0.1")
                .port(port)
                .addPathSegments("1v1-audio/app/" + action)
                .addQueryParameter("channelId", channel)
                .build();
        var request = new Request.Builder().url(url);
        HEADERS.forEach(request::header);
        try (var response = http.newCall(request.build()).execute()) {
            Envelope<T> envelope = gson.fromJson(response.body().charStream(), type);
            if (response.isSuccessful()
                    && "true".equals(envelope.result)
                    && "200".equals(envelope.code)
                    && !given(envelope.requestId).isEmpty()) {
                return given(envelope.data);
            }
            throw new Refused(given(envelope.message));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T given(@Nullable T value) {
        return Objects.requireNonNull(value, "the app dies of a null");
    }

    @Override
    public String toString() {
        return "Android";
    }
}
