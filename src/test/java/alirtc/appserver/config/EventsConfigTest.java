package alirtc.appserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsConfigTest {
    private static final String SECRET = "secret-nobody-must-see_012345678";

    private static AppConfig with(String name, String value) {
        var settings = new HashMap<>(
                Map.of("events", "on", "events.callbackUrl", "https://app.example/1v1-audio", "events.secret", SECRET));
        settings.put(name, value);
        return TestConfig.of(settings);
    }

    private static String rejection(Map<String, String> settings) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> TestConfig.of(settings))
                .getMessage());
    }

    @Test
    void from_nothingSet_isOff() {
        assertEquals(Optional.empty(), TestConfig.of(Map.of()).events());
        assertEquals(Optional.empty(), with("events", "off").events());
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example/1v1-audio, https://app.example/1v1-audio/events/",
        "https://app.example/1v1-audio//, https://app.example/1v1-audio/events/",
        "https://app.example:8443, https://app.example:8443/events/",
        "http://127.0.0.1:8080/1v1-audio/, http://127.0.0.1:8080/1v1-audio/events/",
        "http://[::1]/a/b, http://[::1]/a/b/events/",
    })
    void from_address_isThatOfTheServerAndEndsWithTheSecret(String server, String owner) {
        var events = with("events.callbackUrl", server).events().orElseThrow();
        assertEquals(URI.create(owner), events.owner());
        assertEquals(URI.create(owner + SECRET), events.callback());
    }

    @Test
    void config_inWords_hasNoSecret() {
        assertFalse(with("events", "on").toString().contains("nobody"));
    }

    @Test
    void from_secretInAFile_isRead(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
        var config = TestConfig.of(
                Map.of("events", "on", "events.callbackUrl", "https://host", "events.secret.file", file.toString()));
        assertEquals(SECRET, config.events().orElseThrow().secret().value());
    }

    @Test
    void from_onAlone_namesBothThatAreMissing() {
        var message = rejection(Map.of("events", "on"));
        assertTrue(message.contains("events.callbackUrl is missing"), message);
        assertTrue(message.contains("events.secret is missing"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "events|yes|must be on or off",
                "events.callbackUrl|http://app.example/|must be https",
                "events.callbackUrl|ftp://app.example/|must be a web address",
                "events.callbackUrl|app.example/path|must be a web address",
                "events.callbackUrl|https://user@host/path|must be a web address",
                "events.callbackUrl|https://host/path?a=b|must be a web address",
                "events.callbackUrl|https://host/path#part|must be a web address",
                "events.callbackUrl|https://ho st/|must be a web address",
                "events.secret|secret-nobody-must-see_01234567|must be 32-256 of A-Z a-z 0-9 _ -",
                "events.secret|secret/nobody/must/see/0123456789|must be 32-256 of A-Z a-z 0-9 _ -",
                "events.secret|secret.nobody.must.see.0123456789|must be 32-256 of A-Z a-z 0-9 _ -",
            })
    void from_malformed_isNamedWithWhatIsAllowedAndNeverItsValue(String name, String value, String expected) {
        var message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> with(name, value))
                .getMessage());
        assertTrue(message.contains(name + ", set as system property -D" + name + ", " + expected), message);
        assertFalse(value.length() > 7 && message.contains(value), message);
    }
}
