package alirtc.appserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessConfigTest {
    private static final String SECRET = "jwt-secret-nobody-must-see-0123456789";

    private static String rejection(Map<String, String> settings) {
        var rejection = assertThrows(IllegalArgumentException.class, () -> TestConfig.of(settings));
        return String.valueOf(rejection.getMessage());
    }

    @Test
    void from_nothingSet_isOpenToAllAndSaysSo() {
        var access = TestConfig.of(Map.of()).access();
        var thisMachine = List.of(Network.parse("127.0.0.0/8"), Network.parse("::1"));
        assertEquals(
                new AccessConfig(
                        Optional.empty(), Optional.empty(), List.of(), thisMachine, Set.of(), Optional.empty()),
                access);
        assertEquals(
                List.of(
                        "callers need not prove who they are (auth)",
                        "callers may ask as often as they like (rate.perMinute)"),
                access.open());
    }

    @Test
    void from_everythingSet_isClosed() {
        var access = TestConfig.of(Map.of(
                        "auth", "jwt",
                        "auth.jwt.secret", SECRET,
                        "auth.jwt.issuer", "https://login.example",
                        "auth.jwt.audience", "rtc",
                        "rate.perMinute", "60",
                        "proxy.trusted", "127.0.0.1, 10.0.0.0/8 ,::1",
                        "cors.allowedOrigins", "https://a.example , http://localhost:5173"))
                .access();
        assertEquals(
                new JwtConfig(
                        new JwtConfig.Keys.Shared(new Secret(SECRET)),
                        Optional.of("https://login.example"),
                        Optional.of("rtc")),
                access.jwt().orElseThrow());
        assertEquals(Optional.of(60), access.perMinute());
        assertEquals(3, access.trustedProxies().size());
        assertEquals(Set.of("https://a.example", "http://localhost:5173"), access.origins());
        assertEquals(List.of(), access.open());
    }

    @Test
    void open_anyAudienceOfPublishedKeysAndAnyOrigin_isSaid() {
        var access = TestConfig.of(Map.of(
                        "auth", "jwt",
                        "auth.jwt.jwks", "https://login.example/keys",
                        "cors.allowedOrigins", "*",
                        "rate.perMinute", "1"))
                .access();
        assertEquals(
                List.of(
                        "JWTs for any audience are good here (auth.jwt.audience)",
                        "scripts of any web page may call (cors.allowedOrigins)"),
                access.open());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "auth=JWT                            | auth, set %, must be none or jwt",
                "auth=on                             | auth, set %, must be none or jwt",
                "auth=jwt                            | auth, set %, needs auth.jwt.secret or auth.jwt.jwks beside it",
                "auth=none auth.jwt.secret=S         | auth.jwt.secret, set %, means nothing without auth = jwt",
                "auth.jwt.secret=S                   | auth.jwt.secret, set %, means nothing without auth = jwt",
                "auth.jwt.jwks=https://a             | auth.jwt.jwks, set %, means nothing without auth = jwt",
                "auth.jwt.issuer=a                   | auth.jwt.issuer, set %, means nothing without auth = jwt",
                "auth.jwt.audience=a                 | auth.jwt.audience, set %, means nothing without auth = jwt",
                "auth=jwt auth.jwt.secret=S auth.jwt.jwks=https://a | auth.jwt.secret, set %, must not be set beside auth.jwt.jwks",
                "auth=jwt auth.jwt.secret=*****      | auth.jwt.secret, set %, is still the placeholder",
                "auth=jwt auth.jwt.secret=0123456789012345678901234567890 | auth.jwt.secret, set %, must be 32-256 printable",
                "auth=jwt auth.jwt.jwks=http://login.example/k  | auth.jwt.jwks, set %, must be https",
                "auth=jwt auth.jwt.jwks=HTTPS://     | auth.jwt.jwks, set %, must be a web address",
                "auth=jwt auth.jwt.jwks=https://u:p@h/k | auth.jwt.jwks, set %, must be a web address",
                "auth=jwt auth.jwt.jwks=ftp://h/k    | auth.jwt.jwks, set %, must be an https address or a file",
                "auth=jwt auth.jwt.jwks=/nowhere/k   | auth.jwt.jwks, set %, must be an https address or a file",
                "auth=jwt auth.jwt.jwks=/            | auth.jwt.jwks, set %, must be an https address or a file",
                "auth=jwt auth.jwt.secret=S auth.jwt.issuer=é | auth.jwt.issuer, set %, must be 1-256 printable",
                "auth.jwt.secrets=S                  | auth.jwt.secrets, set %, is not a setting; did you mean auth.jwt.secret?",
                "rate.perMinute=0                    | rate.perMinute, set %, must be -1 or a whole number from 1 to 100000",
                "rate.perMinute=100001               | rate.perMinute, set %, must be -1 or a whole number from 1 to 100000",
                "rate.perMinute=many                 | rate.perMinute, set %, must be -1 or a whole number from 1 to 100000",
                "proxy.trusted=proxy.example         | proxy.trusted, set %, must be IP addresses or networks",
                "proxy.trusted=10.0.0.0/33           | proxy.trusted, set %, must be IP addresses or networks",
                "proxy.trusted=10.0.0.0/             | proxy.trusted, set %, must be IP addresses or networks",
                "proxy.trusted=10.0.0.0/-1           | proxy.trusted, set %, must be IP addresses or networks",
                "proxy.trusted=::/129                | proxy.trusted, set %, must be IP addresses or networks",
                "proxy.trusted=10.0.0.1,,10.0.0.2    | proxy.trusted, set %, must be IP addresses or networks",
                "proxy.trusted=256.0.0.1             | proxy.trusted, set %, must be IP addresses or networks",
                "cors.allowedOrigins=web.example     | cors.allowedOrigins, set %, must be * or origins",
                "cors.allowedOrigins=https://        | cors.allowedOrigins, set %, must be * or origins",
                "cors.allowedOrigins=https://a.example/ | cors.allowedOrigins, set %, must be * or origins",
                "cors.allowedOrigins=https://A.example | cors.allowedOrigins, set %, must be * or origins",
                "cors.allowedOrigins=https://a.example:443 | cors.allowedOrigins, set %, must be * or origins",
                "cors.allowedOrigins=https://*.example | cors.allowedOrigins, set %, must be * or origins",
                "cors.allowedOrigins=https://a@b.example | cors.allowedOrigins, set %, must be * or origins",
                "cors.allowedOrigins=https://a.example,* | cors.allowedOrigins, set %, must be * or origins",
                "cors.allowedOrigins=**              | cors.allowedOrigins, set %, is still the placeholder",
                "cors.allowedOrigins=null            | cors.allowedOrigins, set %, must be * or origins",
            })
    void from_settingsThatMakeNoSense_areRejectedWithWhatIsAllowedAndNeverASecret(String settings, String expected) {
        var given = new HashMap<String, String>();
        for (var setting : settings.split(" ", -1)) {
            var parts = setting.split("=", 2);
            given.put(parts[0], parts[1].equals("S") ? SECRET : parts[1]);
        }
        var message = rejection(given);
        var name = expected.substring(0, expected.indexOf(','));
        assertTrue(message.contains(expected.replace("%", "as system property -D" + name)), message);
        assertFalse(message.contains(SECRET), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://login.example/.well-known/jwks.json", "http://127.0.0.1:8081/keys"})
    void from_addressOfKeys_isTaken(String address) {
        var rules = TestConfig.of(Map.of("auth", "jwt", "auth.jwt.jwks", address))
                .access()
                .jwt();
        assertEquals(
                new JwtConfig.Keys.Published(URI.create(address)),
                rules.orElseThrow().keys());
    }

    @Test
    void from_fileOfKeys_isTaken(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("keys of ours.json"), "{}");
        var rules = TestConfig.of(Map.of("auth", "jwt", "auth.jwt.jwks", file.toString()))
                .access()
                .jwt();
        assertEquals(
                file.toUri(),
                assertInstanceOf(
                                JwtConfig.Keys.Published.class,
                                rules.orElseThrow().keys())
                        .location());
    }

    @Test
    void toString_ofAllThatIsSet_holdsNoSecret() {
        var config = TestConfig.of(Map.of("auth", "jwt", "auth.jwt.secret", SECRET));
        assertFalse(config.toString().contains("nobody-must-see"), config::toString);
        assertFalse(config.access().toString().contains("nobody-must-see"));
        assertTrue(config.toString().contains("(secret)"));
    }
}
