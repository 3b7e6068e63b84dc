package alirtc.appserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import alirtc.appserver.config.Product;
import com.aliyuncs.http.MethodType;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The RTC OpenAPI's actions about subscriptions, over HTTP. */
class RtcSubscriptionTest {
    private static final Account ACCOUNT = new Account("app1", "key1", "secret1", Product.RTC);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String CREATE = "CreateEventSubscribe";
    private static final String DELETE = "DeleteEventSubscribe";

    private final Sandbox sandbox = Sandbox.start(ACCOUNT, () -> NOW);
    private final RawClient raw = new RawClient(sandbox.endpoint(), ACCOUNT, () -> NOW);

    @AfterEach
    void close() {
        sandbox.close();
    }

    private RawClient.Answer request(String action, Map<String, String> changes) throws IOException {
        var parameters = raw.parameters(action, "");
        parameters.put("ClientToken", "token1");
        parameters.put("CallbackUrl", "http://127.0.0.1:1/events");
        parameters.put("Events.1", "ChannelEvent");
        parameters.put("Events.2", "UserEvent");
        parameters.putAll(changes);
        return raw.request(parameters);
    }

    private String create(Map<String, String> changes) throws IOException {
        var answer = request(CREATE, changes);
        assertEquals(200, answer.status(), answer.body());
        assertFalse(answer.json().path("RequestId").asText().isEmpty());
        assertEquals(2, answer.json().size());
        return answer.json().path("SubscribeId").textValue();
    }

    @Test
    void create_allParameters_isSubscribed() throws Exception {
        var id = create(Map.of(
                "ChannelId", "c1", "Users.1", "ann", "Users.2", "bob", "NeedCallbackAuth", "false", "Role", "1"));

        assertEquals(
                List.of(new Callbacks.Subscriber(
                        id, "http://127.0.0.1:1/events", "c1", List.of("ChannelEvent", "UserEvent"))),
                sandbox.callbacks().subscribers());
    }

    @Test
    void create_noChannel_isAboutAllChannels() throws Exception {
        create(Map.of());

        assertEquals("*", sandbox.callbacks().subscribers().get(0).channel());
    }

    @Test
    void create_sameClientToken_answersTheSameSubscription() throws Exception {
        var first = create(Map.of());
        var second = create(Map.of("CallbackUrl", "http://127.0.0.1:2/others"));

        assertEquals(first, second);
        assertEquals(1, sandbox.callbacks().subscribers().size());
        assertEquals(
                "http://127.0.0.1:1/events",
                sandbox.callbacks().subscribers().get(0).callbackUrl());
    }

    @Test
    void create_otherClientToken_makesAnother() throws Exception {
        var first = create(Map.of());
        var second = create(Map.of("ClientToken", "token2"));

        assertNotEquals(first, second);
        assertEquals(2, sandbox.callbacks().subscribers().size());
    }

    @Test
    void create_clientTokenOfADeletedOne_makesAnother() throws Exception {
        var first = create(Map.of());
        assertEquals(200, request(DELETE, Map.of("SubscribeId", first)).status());
        assertEquals(List.of(), sandbox.callbacks().subscribers());

        assertNotEquals(first, create(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "CreateEventSubscribe, AppId, '', 400, request.noappid",
        "CreateEventSubscribe, AppId, other, 401, request.illegalauth",
        "CreateEventSubscribe, ClientToken, '', 400, request.noclienttoken",
        "CreateEventSubscribe, CallbackUrl, '', 400, request.nocallbackurl",
        "CreateEventSubscribe, CallbackUrl, ftp://127.0.0.1/, 400, request.illegalparam",
        "CreateEventSubscribe, CallbackUrl, /events, 400, request.illegalparam",
        "CreateEventSubscribe, CallbackUrl, http://a b/, 400, request.illegalparam",
        "CreateEventSubscribe, Events.2, NoEvent, 400, request.illegalparam",
        "DeleteEventSubscribe, AppId, other, 401, request.illegalauth",
        "DeleteEventSubscribe, SubscribeId, '', 400, request.nosubscribeid",
        "DeleteEventSubscribe, SubscribeId, none, 404, Subscribe.NotExist",
        "CreateEventSub, AppId, app1, 404, InvalidAction.NotFound",
        "CreateEventSubscribe, AccessKeyId, other, 404, InvalidAccessKeyId.NotFound",
    })
    void request_wrongParameter_isRejectedWithItsCode(
            String action, String parameter, String value, int status, String code) throws Exception {
        var answer = request(action, Map.of(parameter, value));

        assertEquals(code, answer.json().path("Code").asText());
        assertEquals(status, answer.status());
        assertEquals(4, answer.json().size());
        assertEquals(List.of(), sandbox.callbacks().subscribers());
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17})
    void create_manyEvents_areSixteenAtMost(int n) throws Exception {
        var parameters = raw.parameters(CREATE, "");
        for (int i = 1; i <= n; i++) {
            parameters.put("Events." + i, "UserEvent");
        }

        assertEquals(n <= 16 ? 200 : 400, request(CREATE, parameters).status());
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65})
    void create_manyUsers_areSixtyFourAtMost(int n) throws Exception {
        var parameters = raw.parameters(CREATE, "");
        for (int i = 1; i <= n; i++) {
            parameters.put("Users." + i, "u" + i);
        }

        assertEquals(n <= 64 ? 200 : 400, request(CREATE, parameters).status());
    }

    @Test
    void create_changedAfterSigning_isRejected() throws Exception {
        var query = raw.signed(MethodType.GET, raw.parameters(CREATE, ""));

        var answer = raw.exchange(RawClient.get(query + "&CallbackUrl=http%3A%2F%2F127.0.0.1", "close"));

        assertEquals("SignatureDoesNotMatch", answer.json().path("Code").asText());
    }

    @Test
    void create_underForbidden_subscribesNobody() throws Exception {
        sandbox.set(Fault.of(FaultKind.FORBIDDEN), CREATE);

        assertEquals(403, request(CREATE, Map.of()).status());
        assertEquals(List.of(), sandbox.callbacks().subscribers());
    }

    @Test
    void create_underWronganswer_subscribesNobody() throws Exception {
        sandbox.set(Fault.of(FaultKind.WRONGANSWER), CREATE);

        assertFalse(request(CREATE, Map.of()).json().has("SubscribeId"));
        assertEquals(List.of(), sandbox.callbacks().subscribers());
    }
}
