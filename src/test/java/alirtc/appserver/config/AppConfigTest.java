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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppConfigTest {
    private static final Map<String, String> NONE = Map.of();

    private static String rejection(Map<String, String> properties, Map<String, String> environment) {
        var settings = Settings.of(properties, environment, NONE);
        var rejection = assertThrows(IllegalArgumentException.class, () -> AppConfig.from(settings));
        return String.valueOf(rejection.getMessage());
    }

    @Test
    void from_theLeastSettings_hasTheDefaults() {
        var config = TestConfig.of(NONE);
        assertEquals(List.of("https://rgslb.rtc.aliyuncs.com"), config.token().gslb());
        assertEquals(Optional.empty(), config.calls().maxUsers());
        assertEquals(Duration.ofSeconds(30), config.calls().seatTtl());
        assertEquals(Optional.empty(), config.calls().timeLimit());
        assertEquals(Duration.ofHours(12), config.token().ttl());
        assertFalse(config.token().check());
        assertEquals("cn-hangzhou", config.upstream().regionId());
        assertEquals(Product.RTC, config.upstream().product());
        assertEquals(URI.create("https://rtc.aliyuncs.com"), config.upstream().endpoint());
        assertEquals(Duration.ofSeconds(1), config.upstream().usersCacheTtl());
        assertEquals(80, config.upstream().maxQps());
        assertEquals(Optional.empty(), config.calls().maxCalls());
    }

    @Test
    void from_live_hasItsEndpointUnlessAnotherIsSet() {
        assertEquals(
                URI.create("https://live.aliyuncs.com"),
                TestConfig.of(Map.of("rtc.openapi", "live")).upstream().endpoint());
        assertEquals(
                URI.create("http://127.0.0.1:1"),
                TestConfig.of(Map.of("rtc.openapi", "live", "rtc.openapi.endpoint", "http://127.0.0.1:1"))
                        .upstream()
                        .endpoint());
    }

    @Test
    void from_tokensThatLiveLongerThanLiveLetsThem_isRejectedWithTheLimit() {
        assertEquals(
                Duration.ofHours(24),
                TestConfig.of(Map.of("rtc.openapi", "live", "rtc.tokenTtl", "24h"))
                        .token()
                        .ttl());
        var message = rejection(Map.of("rtc.openapi", "live", "rtc.tokenTtl", "1441m"), NONE);
        assertTrue(
                message.contains(
                        "rtc.tokenTtl, set as system property -Drtc.tokenTtl, must be from 1m to 24h with rtc.openapi = live"),
                message);
    }

    @Test
    void from_nothingSet_namesEverythingMissingAtOnceAndWhereToSetIt() {
        var message = rejection(NONE, NONE);
        assertTrue(message.contains("rtc.1v1audio.appId is missing"), message);
        assertTrue(message.contains("rtc.1v1audio.appKey is missing"), message);
        assertTrue(message.contains("no credentials for the OpenAPI"), message);
        assertTrue(message.contains("RTC_1V1AUDIO_APPID"), message);
        assertTrue(message.contains("RTC_CONFIG"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rtc.1v1audio.appId|*|is still the placeholder",
                "rtc.1v1audio.appKey|*****|is still the placeholder",
                "accessKeySecret|*****|is still the placeholder",
                "rtc.1v1audio.appId|iwo 5l81k|must be 1-64 of",
                "rtc.1v1audio.appKey|sécret|must be 1-256 printable ASCII",
                "rtc.gslb|ftp://host|must be a web address",
                "rtc.gslb|https://a,,https://b|must be a web address",
                "rtc.1v1audio.maxUsers|0|must be -1 or a whole number from 1 to 100",
                "rtc.1v1audio.maxUsers|-2|must be -1 or a whole number from 1 to 100",
                "rtc.1v1audio.maxUsers|101|must be -1 or a whole number from 1 to 100",
                "rtc.1v1audio.maxUsers|two|must be -1 or a whole number from 1 to 100",
                "rtc.seatTtl|4s|must be from 5s to 1h",
                "rtc.seatTtl|61m|must be from 5s to 1h",
                "durationlimit|0|must be -1 or a whole number from 1 to 10080",
                "durationlimit|-2|must be -1 or a whole number from 1 to 10080",
                "durationlimit|ten|must be -1 or a whole number from 1 to 10080",
                "durationlimit|99999999999|must be -1 or a whole number from 1 to 10080",
                "rtc.tokenTtl|12|must be a number with a unit",
                "rtc.tokenTtl|30s|must be from 1m to 7d",
                "rtc.tokenTtl|8d|must be from 1m to 7d",
                "rtc.tokenCheck|yes|must be on or off",
                "rtc.openapi|Live|must be rtc or live",
                "rtc.openapi.endpoint|http://rtc.aliyuncs.com|must be https",
                "rtc.openapi.endpoint|https://host/path|must have no path",
                "rtc.openapi.endpoint|https://user:pw@host|must be a web address",
                "rtc.openapi.endpoint|rtc.aliyuncs.com|must be a web address",
                "rtc.openapi.endpoint|http://127.0.0.1:x|must be a web address",
                "rtc.regionId|cn hangzhou|must be 1-64 of",
                "rtc.openapi.maxQps|0|must be a whole number from 1 to 10000",
                "rtc.users.cacheTtl|11s|must be from 1ms to 10s",
                "calls.max|none|must be a whole number from 1 to 10000000",
            })
    void from_malformedSetting_isNamedWithWhatIsAllowedAndNeverItsValue(String name, String value, String expected) {
        var rejection = assertThrows(IllegalArgumentException.class, () -> TestConfig.of(Map.of(name, value)));
        var message = String.valueOf(rejection.getMessage());
        assertTrue(message.contains(name + ", set as system property -D" + name + ", " + expected), message);
        assertFalse(value.length() > 5 && message.contains(value), message);
    }

    @Test
    void from_halfAnAccessKeyPair_namesTheOtherHalf() {
        var message = rejection(Map.of("accessKeyID", "id"), NONE);
        assertTrue(message.contains("accessKeySecret is missing"), message);
        assertFalse(message.contains("no credentials"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "rtc.1v1audio.appID,rtc.1v1audio.appId",
        "rtc.tokenTTL,rtc.tokenTtl",
        "rtc.gslbs,rtc.gslb",
        "events.secrets,events.secret",
        "registry.redis.urn,registry.redis.uri"
    })
    void from_unknownPropertyOfOurs_namesTheNearestKnown(String typo, String nearest) {
        var message = rejection(Map.of(typo, "x"), NONE);
        assertTrue(message.contains(typo + ", set as system property -D" + typo), message);
        assertTrue(message.contains("did you mean " + nearest + "?"), message);
    }

    private static final Map<String, String> COMPLETE =
            Map.of("rtc.1v1audio.appId", "app", "rtc.1v1audio.appKey", "key", "roleName", "role");

    @ParameterizedTest
    @CsvSource({
        "RTC_TOKEN_TTLS, rtc.tokenTtl",
        "RTC_PORT, rtc.gslb",
        "RTC_SERVICE_HOST, rtc.users.cacheTtl",
        "RTC_PORT_80_TCP_ADDR, records.dir",
        "AUTH_JWT_SERVICE_PORT, auth.jwt.secret",
        "EVENTS_SECRETS, events.secret",
        "ALIRTC_AUTHS, auth",
    })
    void from_unknownVariableOfOurs_isAWarningWithTheNearestKnown(String variable, String nearest) {
        var settings = Settings.of(COMPLETE, Map.of(variable, "tcp://10.0.0.1:80"), NONE);
        assertEquals("app", AppConfig.from(settings).token().appId());
        var warning = String.join("\n", settings.warnings());
        assertTrue(warning.contains(variable + ", set as environment variable, is not a setting"), warning);
        assertTrue(warning.contains("did you mean " + nearest + "?"), warning);
        assertFalse(warning.contains("10.0.0.1"), warning);
    }

    @Test
    void from_unknownVariableBesideAProblem_isNamedToo() {
        var message = rejection(NONE, Map.of("RTC_1V1AUDIO_APPIDD", "app"));
        assertTrue(message.contains("rtc.1v1audio.appId is missing"), message);
        assertTrue(message.contains("did you mean rtc.1v1audio.appId?"), message);
    }

    @ParameterizedTest
    @CsvSource({"AUTH, basic", "REGISTRY, registry.example:5000", "LOG_FORMAT, logfmt", "EVENTS, kafka://broker"})
    void from_variableOfAnotherProgram_isAWarningAndSetsNothing(String variable, String text) {
        var settings = Settings.of(COMPLETE, Map.of(variable, text), NONE);
        assertEquals(AppConfig.from(Settings.of(COMPLETE, NONE, NONE)), AppConfig.from(settings));
        var warning = String.join("\n", settings.warnings());
        assertTrue(warning.contains("the environment variable " + variable + " is none of this server's"), warning);
        assertTrue(warning.endsWith("use ALIRTC_" + variable), warning);
        assertFalse(warning.contains(text), warning);
    }

    @Test
    void from_prefixedVariable_winsOverThePlainOne() {
        var environment = Map.of("LOG_FORMAT", "logfmt", "ALIRTC_LOG_FORMAT", "json", "ALIRTC_RTC_TOKENTTL", "2h");
        var settings = Settings.of(COMPLETE, environment, NONE);
        assertTrue(AppConfig.from(settings).log().json());
        assertEquals(Duration.ofHours(2), AppConfig.from(settings).token().ttl());
        assertEquals(List.of(), settings.warnings());
        assertFalse(
                AppConfig.from(Settings.of(COMPLETE, Map.of("LOG_FORMAT", "json", "ALIRTC_LOG_FORMAT", "plain"), NONE))
                        .log()
                        .json());
    }

    @ParameterizedTest
    @CsvSource({
        "AUTH, JWT, AUTH_JWT_JWKS, https://keys.example/jwks",
        "REGISTRY, Redis, REGISTRY_REDIS_URI, redis://host:6379",
        "EVENTS, On, EVENTS_CALLBACKURL, https://app.example/1v1-audio",
    })
    void from_oddTextBesideSettingsOfTheSame_isRejectedAndNotTakenForAnothersVariable(
            String variable, String text, String other, String value) {
        var settings = Settings.of(COMPLETE, Map.of(variable, text, other, value), NONE);
        var message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> AppConfig.from(settings))
                .getMessage());
        assertTrue(message.contains("set as environment variable " + variable + ", must be "), message);
    }

    @Test
    void from_foreignVariableBesideAFileThatSetsTheSame_isNotHeeded(@TempDir Path folder) throws IOException {
        var file = Files.writeString(
                folder.resolve("my.properties"), "registry = redis\nregistry.redis.uri = redis://host:6379\n");
        var environment = Map.of("REGISTRY", "registry.example:5000", "RTC_CONFIG", file.toString());
        assertTrue(
                AppConfig.from(Settings.of(COMPLETE, environment, NONE)).redis().isPresent());
    }

    @Test
    void from_unknownNameInAFile_isRejected(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("my.properties"), "accesskeyid = x\n");
        var message = rejection(Map.of("rtc.config", file.toString()), NONE);
        assertTrue(message.contains("accesskeyid, set in " + file + ", is not a setting"), message);
        assertTrue(message.contains("did you mean accessKeyID?"), message);
    }

    @Test
    void from_everySource_theStrongestWins(@TempDir Path folder) throws IOException {
        var file = Files.writeString(
                folder.resolve("my.properties"), "rtc.regionId = file\nrtc.tokenTtl = 3h\ndurationlimit = 3\n");
        var packaged = Map.of(
                "rtc.regionId", "war",
                "rtc.tokenTtl", "4h",
                "durationlimit", "4",
                "rtc.1v1audio.appId", "app",
                "rtc.1v1audio.appKey", "key",
                "roleName", "role");
        var environment = Map.of("RTC_REGIONID", "environment", "RTC_TOKENTTL", "2h", "RTC_CONFIG", file.toString());
        var config = AppConfig.from(Settings.of(Map.of("rtc.regionId", "property"), environment, packaged));
        assertEquals("property", config.upstream().regionId());
        assertEquals(Duration.ofHours(2), config.token().ttl());
        assertEquals(Optional.of(Duration.ofMinutes(3)), config.calls().timeLimit());
        assertEquals("app", config.token().appId());
        assertEquals(new Credentials.EcsRole("role"), config.upstream().credentials());
    }

    @Test
    void from_hangUpAfter_isFrom30SecondsToADay() {
        assertEquals(Optional.empty(), TestConfig.of(Map.of()).calls().aloneFor());
        for (var text : List.of("30s", "5m", "24h", "1d")) {
            assertTrue(TestConfig.of(Map.of("alone.hangUpAfter", text))
                    .calls()
                    .aloneFor()
                    .isPresent());
        }
        for (var text : List.of("29s", "25h", "5", "0s", "-1", "off")) {
            var problem = assertThrows(
                    IllegalArgumentException.class, () -> TestConfig.of(Map.of("alone.hangUpAfter", text)));
            assertTrue(problem.toString().contains("alone.hangUpAfter"), problem::toString);
        }
    }

    @Test
    void from_emptyTextInAStrongerSource_countsAsNotSet() {
        var config = AppConfig.from(Settings.of(
                Map.of("rtc.1v1audio.appId", "app", "rtc.1v1audio.appKey", "key", "roleName", " "),
                Map.of("ROLENAME", "role"),
                NONE));
        assertEquals(new Credentials.EcsRole("role"), config.upstream().credentials());
    }

    @Test
    void from_accessKeyAndRole_takesTheAccessKey() {
        assertInstanceOf(
                Credentials.AccessKey.class,
                TestConfig.of(Map.of("roleName", "role")).upstream().credentials());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_ECS_METADATA"})
    void from_variableOfTheSdk_leavesCredentialsToIt(String variable) {
        var config = AppConfig.from(Settings.of(
                Map.of("rtc.1v1audio.appId", "app", "rtc.1v1audio.appKey", "key"), Map.of(variable, "x"), NONE));
        assertEquals(new Credentials.SdkDefault(), config.upstream().credentials());
    }

    @Test
    void from_severalProblems_namesAllInOneMessage() {
        var message = rejection(Map.of("rtc.1v1audio.appId", "*", "durationlimit", "x", "rtc.nope", "1"), NONE);
        assertEquals(6, message.lines().count(), message);
    }

    @Test
    void of_configFileThatIsNotThere_isRejectedByName() {
        var rejection = assertThrows(
                IllegalArgumentException.class, () -> Settings.of(NONE, Map.of("RTC_CONFIG", "/no/such/file"), NONE));
        assertTrue(String.valueOf(rejection.getMessage()).contains("/no/such/file"));
    }

    @Test
    void variable_ofAName_isUpperCaseWithUnderscores() {
        assertEquals("RTC_1V1AUDIO_APPID", Settings.variable("rtc.1v1audio.appId"));
    }

    @Test
    void from_variablesOfSeats_areRead() {
        var environment = Map.of("RTC_1V1AUDIO_MAXUSERS", "2", "RTC_SEATTTL", "45s");
        var packaged = Map.of("rtc.1v1audio.appId", "app", "rtc.1v1audio.appKey", "key", "roleName", "role");
        var config = AppConfig.from(Settings.of(NONE, environment, packaged));
        assertEquals(Optional.of(2), config.calls().maxUsers());
        assertEquals(Duration.ofSeconds(45), config.calls().seatTtl());
    }
}
