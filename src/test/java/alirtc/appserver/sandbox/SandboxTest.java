package alirtc.appserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import com.aliyuncs.CommonRequest;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.auth.BasicCredentials;
import com.aliyuncs.auth.StaticCredentialsProvider;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.HttpClientConfig;
import com.aliyuncs.http.MethodType;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import com.aliyuncs.rtc.model.v20180111.DeleteChannelRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sandbox as the vendor's SDK and, where that is too polite, a bare socket find it. */
class SandboxTest {
    private static final Account ACCOUNT = new Account("app1", "key1", "secret1", Product.RTC);

    // The SDK stamps its requests by the system's clock.
    private final AtomicReference<Instant> now =
            new AtomicReference<>(InstantSource.system().instant());
    private final InstantSource clock = now::get;
    private final Sandbox sandbox = Sandbox.start(ACCOUNT, clock);
    private final RawClient raw = new RawClient(sandbox.endpoint(), ACCOUNT, clock);
    private DefaultAcsClient client = sdk(ACCOUNT);

    @BeforeEach
    void fill() {
        sandbox.join("c1", "1");
    }

    @AfterEach
    void close() throws IOException {
        sandbox.close();
        client.getHttpClient().close();
    }

    @Test
    void describeChannelUsers_twoIn_answersEveryField() throws Exception {
        sandbox.join("c1", "2");

        var answer = describeUsers("c1");

        assertFalse(answer.path("RequestId").asText().isEmpty());
        assertEquals(clock.instant().getEpochSecond(), answer.path("Timestamp").asLong());
        assertTrue(answer.path("IsChannelExist").asBoolean());
        assertEquals(1, answer.path("ChannelProfile").asInt());
        assertEquals(2, answer.path("CommTotalNum").asInt());
        assertEquals(0, answer.path("InteractiveUserNum").asInt(-1));
        assertEquals(0, answer.path("LiveUserNum").asInt(-1));
        assertEquals(List.of("1", "2"), texts(answer.path("UserList")));
        assertTrue(answer.path("InteractiveUserList").isArray());
        assertTrue(answer.path("LiveUserList").isArray());
        assertEquals(10, answer.size());
    }

    @Test
    void describeChannelUsers_emptied_existsForTenSeconds() throws Exception {
        sandbox.leave("c1", "1");

        now.updateAndGet(at -> at.plusMillis(9_999));
        var lingering = describeUsers("c1");
        assertTrue(lingering.path("IsChannelExist").asBoolean());
        assertEquals(0, lingering.path("ChannelProfile").asInt(-1));
        assertEquals(0, lingering.path("CommTotalNum").asInt(-1));

        now.updateAndGet(at -> at.plusMillis(1));
        assertFalse(describeUsers("c1").path("IsChannelExist").asBoolean(true));
    }

    @Test
    void describeChannelUsers_joinedAgainWhileEmptied_goesOn() throws Exception {
        sandbox.leave("c1", "1");
        sandbox.join("c1", "2");
        now.updateAndGet(at -> at.plusSeconds(60));

        assertEquals(List.of("2"), texts(describeUsers("c1").path("UserList")));
    }

    @Test
    void describeChannelUsers_moreThanAThousandIn_listsTheFirstThousand() throws Exception {
        IntStream.range(0, 1_200).forEach(i -> sandbox.join("crowd", "u" + i));

        var answer = describeUsers("crowd");

        assertEquals(1_200, answer.path("CommTotalNum").asInt());
        assertEquals(1_000, answer.path("UserList").size());
        assertEquals("u999", answer.path("UserList").path(999).asText());
    }

    @Test
    void describeUserInfo_userIn_answersSessionRoleAndJoin() throws Exception {
        var joined = clock.instant();
        now.updateAndGet(at -> at.plusSeconds(30));

        var answer = describeUser("c1", "1");

        assertTrue(answer.path("IsInChannel").asBoolean());
        assertTrue(answer.path("IsChannelExist").asBoolean());
        assertEquals(clock.instant().getEpochSecond(), answer.path("Timestamp").asLong());
        var property = answer.path("Property").path(0);
        assertEquals(joined.getEpochSecond(), property.path("Join").asLong());
        assertEquals(0, property.path("Role").asInt(-1));
        assertFalse(property.path("Session").asText().isEmpty());
    }

    @Test
    void describeUserInfo_userNotIn_answersNoProperty() throws Exception {
        var answer = describeUser("c1", "2");

        assertFalse(answer.path("IsInChannel").asBoolean(true));
        assertTrue(answer.path("IsChannelExist").asBoolean());
        assertTrue(answer.path("Property").isArray());
        assertTrue(answer.path("Property").isEmpty());
    }

    @Test
    void deleteChannel_usersIn_removesThem() throws Exception {
        assertFalse(client.getAcsResponse(deleteChannel("c1")).getRequestId().isEmpty());

        assertEquals(Map.of(), sandbox.channels());
        assertTrue(describeUsers("c1").path("IsChannelExist").asBoolean());
    }

    @Test
    void deleteChannel_noSuchChannel_isRejected() {
        var rejection = assertThrows(ClientException.class, () -> client.getAcsResponse(deleteChannel("none")));

        assertEquals("Channel.NotExist", rejection.getErrCode());
    }

    @Test
    void request_wrongSecret_isRejected() throws Exception {
        client.getHttpClient().close();
        client = sdk(new Account("app1", "key1", "other", Product.RTC));

        var rejection = assertThrows(ClientException.class, () -> client.getAcsResponse(deleteChannel("c1")));

        // The SDK found its own string to sign in the message, so only the secret can be wrong.
        assertEquals("SDK.InvalidAccessKeySecret", rejection.getErrCode());
    }

    @Test
    void request_parametersThatNeedEncoding_isAccepted() throws Exception {
        var answer = describeUser("c1", "a b+c*d~e%2F&=\u4eba");

        assertFalse(answer.path("IsInChannel").asBoolean(true));
    }

    @Test
    void request_postedAsForm_isAccepted() throws Exception {
        var form = raw.signed(MethodType.POST, raw.parameters("DescribeChannelUsers", "c1"));

        var answer = raw.exchange("POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: " + form.length() + "\r\nConnection: close\r\n\r\n" + form);

        assertEquals(200, answer.status());
    }

    @Test
    void request_changedAfterSigning_isRejected() throws Exception {
        var query = raw.signed(MethodType.GET, raw.parameters("DescribeChannelUsers", "c1"));

        var answer = raw.exchange(RawClient.get(query.replace("ChannelId=c1", "ChannelId=c2"), "close"));

        assertEquals(400, answer.status());
        assertEquals("SignatureDoesNotMatch", answer.json().path("Code").asText());
    }

    @Test
    void request_nonceUsedTwice_isRejected() throws Exception {
        var parameters = raw.parameters("DescribeChannelUsers", "c1");
        assertEquals(200, raw.request(parameters).status());

        var again = raw.request(parameters);

        assertEquals(400, again.status());
        assertEquals("SignatureNonceUsed", again.json().path("Code").asText());
    }

    @ParameterizedTest
    @ValueSource(longs = {-901, 901})
    void request_timestampTooFarAway_isRejected(long seconds) throws Exception {
        var parameters = raw.parameters("DescribeChannelUsers", "c1");
        now.updateAndGet(at -> at.plusSeconds(seconds));

        var answer = raw.request(parameters);

        assertEquals(400, answer.status());
        assertEquals("InvalidTimeStamp.Expired", answer.json().path("Code").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "DescribeChannelUsers, AccessKeyId, other, 404, InvalidAccessKeyId.NotFound",
        "DescribeChannelUsers, Timestamp, yesterday, 400, InvalidTimeStamp.Format",
        "DescribeChannelUsers, SignatureNonce, '', 400, MissingSignatureNonce",
        "DescribeChannelUsers, Version, 2017-01-01, 404, InvalidAction.NotFound",
        "DescribeChannelUsers, Action, DescribeNothing, 404, InvalidAction.NotFound",
        "DescribeChannelUsers, AppId, '', 400, request.noappid",
        "DescribeChannelUsers, ChannelId, '', 400, request.nochannelid",
        "DescribeUserInfoInChannel, UserId, '', 400, request.nouserid",
        "DescribeChannelUsers, AppId, other, 401, request.illegalauth",
        "DescribeUserInfoInChannel, AppId, other, 401, request.illegalauth",
        "DeleteChannel, AppId, other, 404, App.NotExist",
        "DeleteChannel, ChannelId, none, 404, Channel.NotExist",
        "RemoveTerminals, ChannelId, c1, 400, request.noterminalids.1",
    })
    void request_wrongParameter_isRejectedWithTheCloudsCode(
            String action, String parameter, String value, int status, String code) throws Exception {
        var parameters = raw.parameters(action, "c1");
        parameters.put(parameter, value);

        var answer = raw.request(parameters);

        assertEquals(status, answer.status());
        assertEquals(code, answer.json().path("Code").asText());
        assertEquals("rtc.test", answer.json().path("HostId").asText());
        assertFalse(answer.json().path("RequestId").asText().isEmpty());
        assertFalse(answer.json().path("Message").asText().isEmpty());
        assertEquals(4, answer.json().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET / FTP/1.1\r\n\r\n",
                "GET /?a=%zz HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
            })
    void request_malformed_answers400AndEndsTheConnection(String request) throws Exception {
        assertEquals(400, raw.exchange(request).status());
    }

    @Test
    void request_endlessHead_answers400() throws Exception {
        assertEquals(400, raw.exchange("GET /?" + "a".repeat(16 * 1024 - 5)).status());
    }

    @Test
    void connection_keptAlive_servesTheNextRequest() throws Exception {
        try (var socket = raw.connect()) {
            for (var connection : List.of("keep-alive", "close")) {
                var query = raw.signed(MethodType.GET, raw.parameters("DescribeChannelUsers", "c1"));
                RawClient.send(socket, RawClient.get(query, connection));
            }

            var both = RawClient.answer(socket);

            assertTrue(both.body().contains("HTTP/1.1 200"), both.body());
        }
    }

    @Test
    void requests_answeredOrRejected_areAllRecorded() throws Exception {
        describeUser("c1", "1");
        assertThrows(ClientException.class, () -> client.getAcsResponse(deleteChannel("none")));

        assertEquals(
                List.of(
                        new RecordedRequest("DescribeUserInfoInChannel", "c1", "1", clock.instant()),
                        new RecordedRequest("DeleteChannel", "none", "", clock.instant())),
                sandbox.requests());
        assertEquals(1, sandbox.requestCount("DeleteChannel"));
        assertEquals(0, sandbox.requestCount("DescribeChannelUsers"));
    }

    @Test
    void awaitRequests_tooFew_saysHowManyCame() throws Exception {
        describeUsers("c1");
        sandbox.awaitRequests("DescribeChannelUsers", 1, Duration.ZERO);

        var timeout = assertThrows(
                TimeoutException.class, () -> sandbox.awaitRequests("DescribeChannelUsers", 2, Duration.ofMillis(1)));

        assertEquals("1 of 2 requests for DescribeChannelUsers arrived within PT0.001S", timeout.getMessage());
    }

    @Test
    void reset_afterUse_forgetsEverything() throws Exception {
        describeUsers("c1");
        sandbox.set(Fault.of(FaultKind.HTML500));

        sandbox.reset();

        assertEquals(Map.of(), sandbox.channels());
        assertEquals(List.of(), sandbox.requests());
        assertFalse(describeUsers("c1").path("IsChannelExist").asBoolean(true));
    }

    @Test
    void channels_joinedTwice_keepsTheLastJoin() {
        now.updateAndGet(at -> at.plusSeconds(5));
        var joined = sandbox.join("c1", "1");

        assertEquals(clock.instant(), joined.joinedAt());
        assertEquals(Map.of("c1", List.of(joined)), sandbox.channels());
        assertEquals(List.of(joined), sandbox.participants("c1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "\u4eba"})
    void join_malformedName_isRejected(String name) {
        assertThrows(IllegalArgumentException.class, () -> sandbox.join(name, "1"));
        assertThrows(IllegalArgumentException.class, () -> sandbox.join("c1", name));
    }

    @Test
    void account_printed_hidesTheSecret() {
        assertEquals("Account[appId=app1 of RTC, accessKeyId=key1, accessKeySecret=***]", ACCOUNT.toString());
    }

    @Test
    void requestsBySecond_areCountedByTheClock() throws Exception {
        now.updateAndGet(at -> at.truncatedTo(ChronoUnit.SECONDS).plusMillis(999));
        var second = clock.instant().minusMillis(999);
        describeUsers("c1");
        describeUsers("c1");
        now.updateAndGet(at -> at.plusMillis(1));
        describeUsers("c1");
        describeUser("c1", "1");

        assertEquals(Map.of(second, 2, second.plusSeconds(1), 1), sandbox.requestsBySecond("DescribeChannelUsers"));
        assertEquals(Map.of(), sandbox.requestsBySecond("DeleteChannel"));
    }

    @Test
    void listeners_ofChangesAndRequests_hearOfAll() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        sandbox.onChange(change -> heard.add(change.tag()
                + change.participant().map(one -> " " + one.user()).orElse("")
                + (change instanceof ChannelChange.Left left && left.byDeletion() ? " by deletion" : "")));
        sandbox.onRequest(request -> heard.add(request.action()));

        sandbox.join("c2", "ann");
        sandbox.join("c2", "bob");
        sandbox.leave("c2", "bob");
        client.getAcsResponse(deleteChannel("c2"));

        assertEquals(
                List.of("Open", "Join ann", "Join bob", "Leave bob", "DeleteChannel", "Leave ann by deletion", "Close"),
                heard);
    }

    private JsonNode describeUsers(String channel) throws Exception {
        var request = request("DescribeChannelUsers", channel);
        return new ObjectMapper().readTree(client.getCommonResponse(request).getData());
    }

    private JsonNode describeUser(String channel, String user) throws Exception {
        var request = request("DescribeUserInfoInChannel", channel);
        request.putQueryParameter("UserId", user);
        return new ObjectMapper().readTree(client.getCommonResponse(request).getData());
    }

    private static CommonRequest request(String action, String channel) {
        var request = new CommonRequest();
        request.setSysProduct("rtc");
        request.setSysVersion("2018-01-11");
        request.setSysAction(action);
        request.putQueryParameter("AppId", ACCOUNT.appId());
        request.putQueryParameter("ChannelId", channel);
        return request;
    }

    private static DeleteChannelRequest deleteChannel(String channel) {
        var request = new DeleteChannelRequest();
        request.setAppId(ACCOUNT.appId());
        request.setChannelId(channel);
        return request;
    }

    private DefaultAcsClient sdk(Account account) {
        var http = HttpClientConfig.getDefault();
        http.setProtocolType(ProtocolType.HTTP);
        http.setConnectionTimeoutMillis(2_000);
        http.setReadTimeoutMillis(5_000);
        http.setWriteTimeoutMillis(1_000);
        var profile = DefaultProfile.getProfile("cn-hangzhou");
        profile.setHttpClientConfig(http);
        var credentials = new BasicCredentials(account.accessKeyId(), account.accessKeySecret());
        var sdk = new DefaultAcsClient(profile, new StaticCredentialsProvider(credentials));
        sdk.setEndpointResolver(request -> sandbox.endpoint().getAuthority());
        return sdk;
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
