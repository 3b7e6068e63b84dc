package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.auth.Jwts;
import alirtc.appserver.auth.KeyServer;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which JWTs let a caller in, and what is said of all others: as little as can be. */
class JwtTest {
    /** Long enough for HS256 and HS384, not for HS512. */
    private static final String SECRET = "jwt-secret-nobody-must-see-0123456789-0123456789-0123456";

    private static final byte[] KEY = SECRET.getBytes(UTF_8);
    private static final String HS256 = "{'alg':'HS256'}";
    private static final String RS256 = "{'alg':'RS256','kid':'one'}";
    private static final String GOOD = "{'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}";
    private static final String TARGET = "app/token?channelId=room";

    private static final KeyPair RSA = Jwts.newKey("RSA", 2048);
    private static final KeyPair OTHER_RSA = Jwts.newKey("RSA", 2048);
    private static final KeyPair EC = Jwts.newKey("EC", 256);

    private static final KeyServer KEYS =
            KeyServer.start(Jwts.jwks(Jwts.jwk("one", RSA, ",'alg':'RS256'"), Jwts.jwk("two", EC, ",'use':'sig'")));
    private static final KeyServer ATTACKERS_KEYS = KeyServer.start(Jwts.jwks(Jwts.jwk("one", OTHER_RSA, "")));

    private static @Nullable TestServer shared;
    private static @Nullable TestServer published;

    @BeforeAll
    static void start() throws Exception {
        shared = TestServer.start(Map.of(
                "auth", "jwt",
                "auth.jwt.secret", SECRET,
                "auth.jwt.issuer", "https://login.example",
                "auth.jwt.audience", "rtc",
                "rtc.tokenCheck", "on"));
        published = TestServer.start(
                Map.of("auth", "jwt", "auth.jwt.jwks", KEYS.address().toString()));
    }

    @AfterAll
    static void stop() {
        shared().close();
        published().close();
        KEYS.close();
        ATTACKERS_KEYS.close();
    }

    private static TestServer shared() {
        return Objects.requireNonNull(shared);
    }

    private static TestServer published() {
        return Objects.requireNonNull(published);
    }

    private static Instant now() {
        return shared().time().wall().instant();
    }

    private static String hs256(String payload) {
        return Jwts.of(HS256, payload, now(), Jwts.hmac(256, KEY));
    }

    private static TestServer.Answer askWith(TestServer server, String jwt) throws Exception {
        return server.call("GET", TARGET, "Authorization", "Bearer " + jwt);
    }

    private static void assertOutcome(int status, TestServer.Answer answer, String jwt) {
        assertEquals(status, answer.status(), answer.body()::toString);
        if (status == 200) {
            assertEquals("", answer.header("WWW-Authenticate"));
            return;
        }
        assertRefused(answer, status == 403 ? "insufficient_scope" : "invalid_token");
        for (int length = 20; length < jwt.length(); length += 20) {
            assertFalse(answer.body().toString().contains(jwt.substring(length - 20, length)), "tells the JWT");
        }
    }

    private static void assertRefused(TestServer.Answer answer, String error) {
        assertEquals(
                "Bearer realm=\"1v1-audio\"" + (error.isEmpty() ? "" : ", error=\"" + error + "\""),
                answer.header("WWW-Authenticate"));
        var body = answer.body();
        assertEquals("false", body.path("result").textValue());
        assertEquals(Integer.toString(answer.status()), body.path("code").textValue());
        assertFalse(body.path("message").textValue().isEmpty());
        assertFalse(body.has("data"));
        assertFalse(body.toString().contains("nobody-must-see"), body::toString);
        assertFalse(body.toString().contains("xception"), body::toString);
    }

    @Test
    void token_goodJwt_isForItsSubject() throws Exception {
        var data = askWith(shared(), hs256(GOOD)).data();
        assertEquals("alice", data.path("userid").textValue());
        assertTrue(data.path("turn").path("username").textValue().startsWith("alice?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"app/token", "app/descChannelUsers", "app/descChannelStartTime"})
    void anyRoute_withoutJwt_isRefused(String path) throws Exception {
        var refused = shared().call("GET", path + "?channelId=room");
        assertEquals(401, refused.status());
        assertRefused(refused, "");
        assertEquals(401, shared().call("HEAD", path + "?channelId=room").status());
    }

    @Test
    void anyRoute_withAJwt_isAnswered_forItsChannelAlone() throws Exception {
        try (var server = TestServer.start(Map.of("auth", "jwt", "auth.jwt.secret", SECRET))) {
            var jwt = "Bearer " + hs256(GOOD.replace("{", "{'channelId':'room',"));
            for (var path : List.of("app/token", "app/descChannelUsers", "app/descChannelStartTime")) {
                var answer = server.call("GET", path + "?channelId=room", "Authorization", jwt);
                assertEquals(200, answer.status(), answer.body()::toString);
                var other = server.call("GET", path + "?channelId=other", "Authorization", jwt);
                assertEquals(403, other.status());
                assertRefused(other, "insufficient_scope");
                assertEquals(
                        "The JWT is for another channel",
                        other.body().path("message").textValue());
            }
        }
    }

    @Test
    void tokenCheck_withoutJwt_isRefused() throws Exception {
        assertRefused(shared().call("POST", "app/tokenCheck"), "");
        var admitted = shared().call("POST", "app/tokenCheck", "Authorization", "Bearer " + hs256(GOOD));
        assertEquals(
                "The body must be of type application/json",
                admitted.body().path("message").textValue());
    }

    @Test
    void state_options_otherMethodsAndPaths_needNoJwt() throws Exception {
        var state = shared().call("GET", "app/state");
        assertEquals("jwt", state.data().path("auth").textValue());
        assertEquals(200, shared().call("OPTIONS", TARGET).status());
        assertEquals(405, shared().call("PUT", TARGET).status());
        assertEquals(404, shared().call("GET", "app/nothing").status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Bearer %s   | 200 |",
                "bearer %s   | 200 |",
                "BEARER %s   | 200 |",
                "Bearer   %s | 200 |",
                "''          | 401 | ''",
                "Bearer      | 401 | ''",
                "%s          | 401 | ''",
                "Bearer%s    | 401 | ''",
                "Basic %s    | 401 | ''",
                "Token %s    | 401 | ''",
                "Bearer %s x | 401 | ''",
                "Bearer %s,%s | 401 | invalid_token",
                "Bearer x    | 401 | invalid_token",
                "Bearer ..   | 401 | invalid_token",
                "Bearer a.b.c | 401 | invalid_token",
                "Bearer %s.  | 401 | invalid_token",
                "Bearer .%s  | 401 | invalid_token",
                "Bearer %s=  | 401 | invalid_token",
                "Bearer \"%s\" | 401 | invalid_token",
            })
    void header_ofSomeForm_isTakenOrRefused(String header, int status, @Nullable String error) throws Exception {
        var answer = shared().call("GET", TARGET, "Authorization", header.replace("%s", hs256(GOOD)));
        assertEquals(status, answer.status(), answer.body()::toString);
        if (status != 200) {
            assertRefused(answer, error == null ? "" : error);
        }
    }

    @Test
    void header_twice_isRefusedAsABadRequest() throws Exception {
        var bearer = "Bearer " + hs256(GOOD);
        var answer = shared().call("GET", TARGET, "Authorization", bearer, "Authorization", bearer);
        assertEquals(400, answer.status());
        assertRefused(answer, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_token", "jwt", "token"})
    void query_withTheJwt_countsForNothing(String name) throws Exception {
        assertEquals(
                401,
                shared().call("GET", TARGET + "&" + name + "=" + hs256(GOOD)).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "200 | {'sub':'alice','exp':$+600.5,'iss':'https://login.example','aud':['other','rtc']}",
                // Times: 30 seconds of skew.
                "200 | {'sub':'alice','exp':$-29,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':$-31,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':0,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':-1,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':null,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':'$+600','iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':[$+600],'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':true,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':9223372036854775807,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':99999999999999999999999999,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':1e300,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':1e999999999,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':NaN,'iss':'https://login.example','aud':'rtc'}",
                "200 | {'sub':'alice','exp':$+600,'nbf':$+29,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':$+600,'nbf':$+31,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':$+600,'nbf':'$-600','iss':'https://login.example','aud':'rtc'}",
                // Issuer and audience, which are set.
                "401 | {'sub':'alice','exp':$+600,'aud':'rtc'}",
                "401 | {'sub':'alice','exp':$+600,'iss':'https://login.example/','aud':'rtc'}",
                "401 | {'sub':'alice','exp':$+600,'iss':['https://login.example'],'aud':'rtc'}",
                "401 | {'sub':'alice','exp':$+600,'iss':null,'aud':'rtc'}",
                "401 | {'sub':'alice','exp':$+600,'iss':'https://login.example'}",
                "401 | {'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'RTC'}",
                "401 | {'sub':'alice','exp':$+600,'iss':'https://login.example','aud':[]}",
                "401 | {'sub':'alice','exp':$+600,'iss':'https://login.example','aud':['a','b']}",
                "401 | {'sub':'alice','exp':$+600,'iss':'https://login.example','aud':{'rtc':'rtc'}}",
                // The user.
                "401 | {'exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':null,'exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':7,'exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':['alice'],'exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':{'a':'b'},'exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'sub':'','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'sub':'al ice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'sub':'alice@example.com','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'sub':'alice\\n','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'sub':'愛麗絲','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "200 | {'sub':'0123456789012345678901234567890123456789012345678901234567890123','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'sub':'01234567890123456789012345678901234567890123456789012345678901234','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                // The channel, if it is bound to one.
                "200 | {'channelId':'room','sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'channelId':'Room','sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'channelId':'','sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'channelId':'0','sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'channelId':'a b','sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'channelId':null,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'channelId':7,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'channelId':['room'],'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'channelId':{'room':1},'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'channelId':false,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                // How long its call may last, if it says so.
                "200 | {'callMinutes':1,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "200 | {'callMinutes':10080,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "200 | {'callMinutes':30,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':0,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':-1,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':-0,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':10081,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':1.0,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':1.5,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':1e1,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':'30','sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':null,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':true,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':[30],'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':{'minutes':30},'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':2147483648,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':4294967326,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':9223372036854775808,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':18446744073709551646,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':99999999999999999999999999,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':1e300,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "403 | {'callMinutes':'','sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'callMinutes':1e999999999,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'callMinutes':030,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'callMinutes':NaN,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'callMinutes':5,'callMinutes':30,'sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "200 | {'callminutes':'x','sub':'alice','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                // No claims at all.
                "401 | ''",
                "401 | []",
                "401 | null",
                "401 | 'x'",
                "401 | {",
                "401 | {}",
                "401 | {'sub':'alice','sub':'bob','exp':$+600,'iss':'https://login.example','aud':'rtc'}",
                "401 | {'sub':'alice','exp':$-600,'exp':$+600,'iss':'https://login.example','aud':'rtc'}",
            })
    void claims_genuine_areTakenOrRefused(int status, String payload) throws Exception {
        var jwt = hs256(payload);
        assertOutcome(status, askWith(shared(), jwt), jwt);
    }

    @Test
    void claims_refused_sayOfTheUserAndTheTimeAloneWhy() throws Exception {
        var expired = askWith(shared(), hs256(GOOD.replace("$+600", "$-600")));
        assertEquals(
                "The JWT has expired; get a new one",
                expired.body().path("message").textValue());
        var user = askWith(shared(), hs256(GOOD.replace("alice", "al ice")));
        assertEquals(
                "In the JWT the claim sub is of no use here: userId must be 1-64 of A-Z a-z 0-9 _ -",
                user.body().path("message").textValue());
        var minutes = askWith(shared(), hs256(GOOD.replace("{", "{'callMinutes':'30',")));
        assertEquals(
                "In the JWT the claim callMinutes is of no use here: callMinutes must be a whole number from 1 to 10080,"
                        + " without quotes",
                minutes.body().path("message").textValue());
        var issuer = askWith(shared(), hs256(GOOD.replace("login.example", "evil.example")));
        var signature = askWith(shared(), hs256(GOOD) + "x");
        assertEquals(issuer.body().path("message"), signature.body().path("message"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {'alg':'HS256','typ':'JWT'}",
                "200 | {'alg':'HS256','typ':'jwt'}",
                "200 | {'alg':'HS256','typ':'at+jwt'}",
                "200 | {'alg':'HS256','kid':'whatever'}",
                "200 | {'alg':'HS256','kid':'../../../../dev/null'}",
                "200 | {'alg':'HS256','kid':'x UNION SELECT key'}",
                "200 | {'alg':'HS256','jku':'ATTACKER'}",
                "401 | {'alg':'none'}",
                "401 | {'alg':'None'}",
                "401 | {'alg':'NONE'}",
                "401 | {'alg':''}",
                "401 | {'alg':null}",
                "401 | {'alg':1}",
                "401 | {'alg':['HS256']}",
                "401 | {'alg':'hs256'}",
                "401 | {'alg':'HS384'}",
                "401 | {'alg':'HS512'}",
                "401 | {'alg':'RS256'}",
                "401 | {'alg':'ES256'}",
                "401 | {'alg':'EdDSA'}",
                "401 | {'alg':'dir','enc':'A128GCM'}",
                "401 | {'alg':'HS256','typ':'JOSE'}",
                "401 | {'alg':'HS256','typ':7}",
                "401 | {'alg':'HS256','kid':7}",
                "401 | {'alg':'HS256','crit':['exp'],'exp':1}",
                "401 | {'alg':'HS256','crit':['urn:example:new'],'urn:example:new':true}",
                "401 | {'alg':'HS256','crit':[]}",
                "401 | {'alg':'HS256','crit':'exp'}",
                "401 | {'alg':'HS256','crit':['b64'],'b64':true}",
                "401 | {'typ':'JWT'}",
                "401 | {}",
                "401 | []",
                "401 | null",
                "401 | ''",
                "401 | {'alg':'HS256'",
                "401 | {'alg':'none','alg':'HS256'}",
            })
    void protectedHeader_signedByTheSecret_isTakenOrRefused(int status, String header) throws Exception {
        var jwt = Jwts.of(
                header.replace("ATTACKER", ATTACKERS_KEYS.address().toString()), GOOD, now(), Jwts.hmac(256, KEY));
        assertOutcome(status, askWith(shared(), jwt), jwt);
        assertEquals(0, ATTACKERS_KEYS.asked());
    }

    @Test
    void algorithm_forWhichTheSecretIsTooShort_isRefused_forWhichItIsLongEnoughIsNot() throws Exception {
        var hs384 = Jwts.of("{'alg':'HS384'}", GOOD, now(), Jwts.hmac(384, KEY));
        assertOutcome(200, askWith(shared(), hs384), hs384);
        var hs512 = Jwts.of("{'alg':'HS512'}", GOOD, now(), Jwts.hmac(512, KEY));
        assertOutcome(401, askWith(shared(), hs512), hs512);
    }

    @Test
    void signature_missingOrForeign_isRefused() throws Exception {
        var good = hs256(GOOD);
        var forged = new ArrayList<String>();
        var unsigned = good.substring(0, good.lastIndexOf('.'));
        forged.add(unsigned);
        forged.add(unsigned + ".");
        forged.add(good.substring(0, good.length() - 1));
        forged.add(good.substring(0, good.length() / 2));
        forged.add(Jwts.of(HS256, GOOD, now(), Jwts.none()));
        forged.add(Jwts.of("{'alg':'none'}", GOOD, now(), Jwts.none()));
        forged.add(Jwts.of(HS256, GOOD, now(), Jwts.hmac(256, "another secret".getBytes(UTF_8))));
        forged.add(Jwts.of(HS256, GOOD, now(), Jwts.hmac(256, new byte[32])));
        forged.add(Jwts.of(HS256, GOOD, now(), Jwts.hmac(384, KEY)));
        var mallory = hs256(GOOD.replace("alice", "mallory"));
        forged.add(mallory.substring(0, mallory.lastIndexOf('.')) + good.substring(good.lastIndexOf('.')));
        // A JWE has five parts; a nested JWT is the text of another.
        forged.add("eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
        forged.add(Jwts.of("{'alg':'HS256','cty':'JWT'}", good, now(), Jwts.hmac(256, KEY)));
        for (var jwt : forged) {
            assertOutcome(401, askWith(shared(), jwt), jwt);
        }
    }

    @Test
    void jwt_long_isRefused_andOneThatNoContainerTakesDoesNoHarm() throws Exception {
        var padding = Base64.getUrlEncoder().encodeToString(new byte[3000]);
        var longer = hs256(GOOD.replace("}", ",'more':'" + padding + "'}"));
        var answer = askWith(shared(), longer);
        assertOutcome(401, answer, longer);
        assertEquals(
                "The JWT must be at most 4096 characters long",
                answer.body().path("message").textValue());
        var raw = java.net.http.HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(shared().page().resolve(TARGET))
                                .header("Authorization", "Bearer " + "x".repeat(1 << 20))
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.discarding());
        assertEquals(431, raw.statusCode());
        assertEquals(200, askWith(shared(), hs256(GOOD)).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {'alg':'RS256','kid':'one'}",
                "200 | {'alg':'RS256'}",
                "200 | {'alg':'RS256','kid':'one','jku':'ATTACKER','x5u':'ATTACKER'}",
                "401 | {'alg':'RS256','kid':'two'}",
                "401 | {'alg':'RS256','kid':'unknown'}",
                "401 | {'alg':'RS256','kid':''}",
                "401 | {'alg':'RS256','kid':'../keys.json'}",
                "401 | {'alg':'RS256','kid':'ATTACKER'}",
                "401 | {'alg':'RS512','kid':'one'}",
                "401 | {'alg':'PS256','kid':'one'}",
                "401 | {'alg':'ES256','kid':'one'}",
                "401 | {'alg':'HS256','kid':'one'}",
                "401 | {'alg':'none','kid':'one'}",
                "401 | {'alg':'RS256','kid':'one','crit':['kid']}",
            })
    void protectedHeader_signedByAPublishedKey_isTakenOrRefused(int status, String header) throws Exception {
        var jwt = Jwts.of(header.replace("ATTACKER", ATTACKERS_KEYS.address().toString()), GOOD, now(), Jwts.rsa(RSA));
        assertOutcome(status, askWith(published(), jwt), jwt);
        assertEquals(0, ATTACKERS_KEYS.asked());
    }

    @Test
    void publishedKey_ofAnEllipticCurve_isTaken() throws Exception {
        var jwt = Jwts.of("{'alg':'ES256','kid':'two'}", GOOD, now(), Jwts.ec(EC));
        assertOutcome(200, askWith(published(), jwt), jwt);
    }

    @Test
    void publishedKeys_signatureByAnythingElse_isRefused() throws Exception {
        var attackers = ATTACKERS_KEYS.address();
        var embedded = Jwts.jwk("one", OTHER_RSA, "").replace('"', '\'');
        var publicKey = RSA.getPublic().getEncoded();
        var pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(publicKey)
                + "\n-----END PUBLIC KEY-----\n";
        var forged = new ArrayList<String>();
        forged.add(Jwts.of(RS256, GOOD, now(), Jwts.rsa(OTHER_RSA)));
        forged.add(Jwts.of("{'alg':'RS256'}", GOOD, now(), Jwts.rsa(OTHER_RSA)));
        for (var member : List.of("jku", "x5u")) {
            var header = "{'alg':'RS256','kid':'one','" + member + "':'" + attackers + "'}";
            forged.add(Jwts.of(header, GOOD, now(), Jwts.rsa(OTHER_RSA)));
        }
        forged.add(Jwts.of("{'alg':'RS256','jwk':" + embedded + "}", GOOD, now(), Jwts.rsa(OTHER_RSA)));
        forged.add(Jwts.of("{'alg':'RS256','kid':'one','jwk':" + embedded + "}", GOOD, now(), Jwts.rsa(OTHER_RSA)));
        // The public key, which everybody has, as if it were a shared secret.
        for (var alg : List.of("HS256", "RS256")) {
            for (byte[] key : List.of(
                    publicKey,
                    pem.getBytes(UTF_8),
                    pem.strip().getBytes(UTF_8),
                    Jwts.jwk("one", RSA, ",'alg':'RS256'").getBytes(UTF_8))) {
                forged.add(Jwts.of("{'alg':'" + alg + "','kid':'one'}", GOOD, now(), Jwts.hmac(256, key)));
            }
        }
        forged.add(Jwts.of(RS256, GOOD, now(), Jwts.none()));
        forged.add(Jwts.of(RS256, GOOD, now(), text -> new byte[256]));
        forged.add(Jwts.of("{'alg':'none'}", GOOD, now(), Jwts.none()));
        // The signature of zeros that some JDKs took for anybody's (CVE-2022-21449).
        forged.add(Jwts.of("{'alg':'ES256','kid':'two'}", GOOD, now(), text -> new byte[64]));
        forged.add(Jwts.of("{'alg':'ES256','kid':'one'}", GOOD, now(), Jwts.ec(EC)));
        for (var jwt : forged) {
            assertOutcome(401, askWith(published(), jwt), jwt);
        }
        assertEquals(0, ATTACKERS_KEYS.asked());
    }
}
