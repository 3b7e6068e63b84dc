package alirtc.appserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretFileTest {
    private static final String SECRET = "file-secret-nobody-must-see-0123456789";

    @TempDir
    private Path folder = Path.of(".");

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("secret"), content);
    }

    private static AppConfig config(Map<String, String> properties, Map<String, String> environment) {
        var complete = new HashMap<>(Map.of("rtc.1v1audio.appId", "app", "rtc.1v1audio.appKey", "k"));
        complete.putAll(Map.of("accessKeyID", "i", "accessKeySecret", "s"));
        properties.keySet().forEach(name -> complete.remove(name.replace(".file", "")));
        environment
                .keySet()
                .forEach(
                        name -> complete.keySet().removeIf(known -> (Settings.variable(known) + "_FILE").equals(name)));
        complete.putAll(properties);
        return AppConfig.from(Settings.of(complete, environment, Map.of()));
    }

    private static String rejection(Map<String, String> properties, Map<String, String> environment) {
        var rejection = assertThrows(IllegalArgumentException.class, () -> config(properties, environment));
        var message = String.valueOf(rejection.getMessage());
        assertFalse(message.contains("nobody-must-see"), message);
        return message;
    }

    @ParameterizedTest
    @CsvSource({
        "RTC_1V1AUDIO_APPKEY_FILE, rtc.1v1audio.appKey.file",
        "ACCESSKEYID_FILE, accessKeyID.file",
        "ACCESSKEYSECRET_FILE, accessKeySecret.file",
    })
    void secret_inAFile_isReadFromIt(String variable, String property) throws IOException {
        var path = file(SECRET + "\n").toString();
        for (var config :
                new AppConfig[] {config(Map.of(), Map.of(variable, path)), config(Map.of(property, path), Map.of())}) {
            var pair = (Credentials.AccessKey) config.upstream().credentials();
            assertTrue(java.util.List.of(config.token().appKey(), pair.id(), pair.secret())
                    .contains(new Secret(SECRET)));
            assertFalse(config.toString().contains("nobody-must-see"), config::toString);
        }
    }

    @Test
    void jwtSecret_inAFile_isReadFromIt() throws IOException {
        var config = config(
                Map.of("auth", "jwt"),
                Map.of("AUTH_JWT_SECRET_FILE", file(SECRET).toString()));
        assertEquals(
                new JwtConfig.Keys.Shared(new Secret(SECRET)),
                config.access().jwt().orElseThrow().keys());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"key|key", "key\\n|key", "key\\r\\n|key"})
    void content_endOfItsOneLine_isCut(String content, String expected) throws IOException {
        var text = content.replace("\\n", "\n").replace("\\r", "\r");
        assertEquals(
                new Secret(expected),
                config(Map.of("rtc.1v1audio.appKey.file", file(text).toString()), Map.of())
                        .token()
                        .appKey());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "nobody-must-see\\n\\n|must be 1-256 printable ASCII",
                "nobody-must-see |must be 1-256 printable ASCII",
                " nobody-must-see|must be 1-256 printable ASCII",
                "nobody-must-see\\nnobody-must-see|must be 1-256 printable ASCII",
                "*****\\n|is still the placeholder",
            })
    void content_notOfGoodForm_isRejectedByTheSettingsName(String content, String expected) throws IOException {
        var path = file(content.replace("\\n", "\n")).toString();
        var message = rejection(Map.of("rtc.1v1audio.appKey.file", path), Map.of());
        assertTrue(
                message.contains(
                        "rtc.1v1audio.appKey, set in the file that rtc.1v1audio.appKey.file names, " + expected),
                message);
    }

    @Test
    void file_thatCannotServe_isRejectedByTheSettingsNameAlone() throws IOException {
        var empty = Files.writeString(folder.resolve("empty"), "\n").toString();
        var large = Files.writeString(folder.resolve("large"), "nobody-must-see".repeat(1000))
                .toString();
        var locked = Files.writeString(folder.resolve("locked"), SECRET);
        var cases = new HashMap<String, String>();
        cases.put(folder.resolve("nobody-must-see").toString(), "names a file that is not there");
        cases.put(folder.toString(), "names what cannot be read as a file");
        cases.put("nobody-must-see\0", "names what cannot be read as a file");
        cases.put(empty, "names an empty file");
        cases.put(large, "names a file of more than 4096 bytes");
        if (locked.toFile().setReadable(false) && !Files.isReadable(locked)) {
            cases.put(locked.toString(), "names what cannot be read as a file");
        }
        cases.forEach((path, expected) -> {
            var message = rejection(Map.of(), Map.of("RTC_1V1AUDIO_APPKEY_FILE", path));
            assertTrue(
                    message.contains("rtc.1v1audio.appKey.file, set as environment variable"
                            + " RTC_1V1AUDIO_APPKEY_FILE, " + expected),
                    message);
            assertFalse(message.contains("missing"), message);
        });
    }

    @Test
    void content_invalidUtf8_isRejected() throws IOException {
        var path = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xc3, (byte) 0x28});
        assertTrue(rejection(Map.of("rtc.1v1audio.appKey.file", path.toString()), Map.of())
                .contains("must be 1-256 printable ASCII"));
    }

    @Test
    void secret_givenBothWays_isRejected() throws IOException {
        var file = file(SECRET).toString();
        var message = rejection(
                Map.of("rtc.1v1audio.appKey", "direct-nobody-must-see"), Map.of("RTC_1V1AUDIO_APPKEY_FILE", file));
        assertTrue(
                message.contains("rtc.1v1audio.appKey, set as system property -Drtc.1v1audio.appKey, and"
                        + " rtc.1v1audio.appKey.file, set as environment variable RTC_1V1AUDIO_APPKEY_FILE,"
                        + " must not both be set"),
                message);
    }

    @Test
    void accessKey_halfOfItInABadFile_complainsOfTheFileAlone() {
        var message =
                rejection(Map.of("accessKeyID", "id"), Map.of("ACCESSKEYSECRET_FILE", "/nowhere/nobody-must-see"));
        assertTrue(message.contains("accessKeySecret.file, set as"), message);
        assertFalse(message.contains("is missing"), message);
    }

    @Test
    void nonSecret_hasNoFileForm() {
        var message = rejection(Map.of("rtc.tokenTtl.file", "/x"), Map.of());
        assertTrue(message.contains("-Drtc.tokenTtl.file, is not a setting"), message);
    }
}
