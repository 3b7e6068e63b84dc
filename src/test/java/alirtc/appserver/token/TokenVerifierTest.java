package alirtc.appserver.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.TestConfig;
import alirtc.appserver.token.TokenVerifier.Claim;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
    private static final ChannelId CHANNEL = new ChannelId("abcChannel");
    private static final UserId USER = new UserId("abcUser");
    private static final Instant EXPIRES_AT = Instant.ofEpochSecond(1699423634);
    private static final String PUBLISHED = "3c9ee8d9f8734f0b7560ed8022a0590659113955819724fc9345ab8eedf84f31";

    /** Of the published example. */
    private final TokenVerifier check = new TokenVerifier(
            "abc",
            new TokenIssuer(
                    TestConfig.of(Map.of("rtc.1v1audio.appId", "abc", "rtc.1v1audio.appKey", "abckey"))
                            .token(),
                    Optional.empty(),
                    InstantSource.fixed(EXPIRES_AT),
                    new SecureRandom()));

    @Test
    void goes_publishedExample_does() {
        var claim = new Claim("abc", CHANNEL, USER, "", EXPIRES_AT, PUBLISHED);
        assertTrue(check.isValid(claim));
        assertTrue(check.isOurApp(claim));
    }

    @ParameterizedTest
    @CsvSource({
        "abd, abcChannel, abcUser, '', 1699423634",
        "abc, abcchannel, abcUser, '', 1699423634",
        "abc, abcChannel, abcUser2, '', 1699423634",
        "abc, abcChannel, abcUser, AK-1, 1699423634",
        "abc, abcChannel, abcUser, '', 1699423635",
    })
    void goes_oneFieldChanged_doesNot(String appId, String channel, String user, String nonce, long seconds) {
        assertFalse(check.isValid(new Claim(
                appId, new ChannelId(channel), new UserId(user), nonce, Instant.ofEpochSecond(seconds), PUBLISHED)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3c9e", "zz"})
    void claim_noToken_cannotBeMade(String token) {
        assertThrows(IllegalArgumentException.class, () -> new Claim("abc", CHANNEL, USER, "", EXPIRES_AT, token));
    }

    @Test
    void claim_inALog_showsNoToken() {
        assertEquals(
                "Claim[abcUser to abcChannel]", new Claim("abc", CHANNEL, USER, "", EXPIRES_AT, PUBLISHED).toString());
    }
}
