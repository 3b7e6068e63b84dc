package alirtc.appserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read, what is packaged and what is documented are the settings that the catalog declares. */
class SettingsCatalogTest {
    private static final Path PACKAGED = Path.of("src/main/resources/application.properties");
    private static final Path SITE = Path.of("src/site");
    private static final Path PAGE = Path.of("markdown/configuration.md");
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    /** No form accepts this, neither as a name nor as a secret, a number, an address or a file. */
    private static final String NONSENSE = "? ?";

    private static Stream<Named<Setting<?>>> named(Stream<Setting<?>> settings) {
        return settings.map(setting -> Named.of(setting.name(), setting));
    }

    /** All that a file can hold. */
    static Stream<Named<Setting<?>>> settings() {
        return named(SettingsCatalog.all().stream().filter(setting -> !setting.equals(SettingsCatalog.CONFIG_FILE)));
    }

    static Stream<Named<Setting<?>>> secrets() {
        return named(SettingsCatalog.secrets().stream());
    }

    private static String rejection(String name, String text) {
        var settings = new HashMap<>(Map.of(
                "rtc.1v1audio.appId",
                "app",
                "registry",
                "redis",
                "registry.redis.uri",
                "redis://127.0.0.1:6379",
                "events",
                "on"));
        settings.put(name, text);
        var rejection = assertThrows(
                IllegalArgumentException.class, () -> AppConfig.from(Settings.of(settings, Map.of(), Map.of())));
        return String.valueOf(rejection.getMessage());
    }

    private static Properties packaged() throws IOException {
        var properties = new Properties();
        try (var file = Files.newBufferedReader(PACKAGED)) {
            properties.load(file);
        }
        return properties;
    }

    /** Returns the rows of the first table of a page, without its head. */
    private static List<String> rows(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    /** Returns the names that the first cells of rows hold. */
    private static List<String> names(List<String> rows) {
        return rows.stream()
                .flatMap(row -> CODE.matcher(row.split("\\|", -1)[1]).results())
                .map(name -> name.group(1))
                .toList();
    }

    /** Returns a row without marks and the addresses of links. */
    private static String plain(String row) {
        return LINK.matcher(row).replaceAll("$1").replace("`", "");
    }

    private static String declaredRow(Setting<?> setting) {
        return "| "
                + String.join(" | ", setting.name(), setting.form().words(), setting.defaultText(), setting.meaning())
                + " |";
    }

    @Test
    void names_ofAll_differEvenAsVariables() {
        var names = SettingsCatalog.names();
        var variables = names.stream().map(Settings::variable).distinct().toList();
        assertEquals(names.size(), variables.size(), names::toString);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void reading_nonsense_isRejectedByTheSettingsName(Setting<?> setting) {
        var name = setting.name();
        var message = rejection(name, NONSENSE);
        assertTrue(message.contains(name + ", set as system property -D" + name + ", "), message);
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void reading_secret_canBeInAFile(Setting<?> secret) {
        var message = rejection(secret.name() + ".file", "/nowhere");
        assertTrue(message.contains("names a file that is not there"), message);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void reading_oneLetterTooMany_suggestsTheSetting(Setting<?> setting) {
        var sentence = UnknownSetting.describe(setting.name() + "q", "in a file");
        assertTrue(sentence.endsWith("did you mean " + setting.name() + "?"), sentence);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void packagedFile_everySetting_isThereAndChangesNothing(Setting<?> setting) throws IOException {
        var text = packaged().getProperty(setting.name());
        assertTrue(text != null, () -> "a line to put into " + PACKAGED + ": " + setting.name() + " =");
        if (!text.isBlank()) {
            assertEquals(setting.defaultValue(), setting.form().parse(text));
        }
    }

    @Test
    void packagedFile_names_areThoseOfSettings() throws IOException {
        var unknown = new TreeSet<>(packaged().stringPropertyNames());
        SettingsCatalog.all().forEach(setting -> unknown.remove(setting.name()));
        assertEquals(new TreeSet<>(), unknown);
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void packagedFile_fileOfEverySecret_isMentioned(Setting<?> secret) throws IOException {
        assertTrue(Files.readString(PACKAGED).contains(secret.fileName()), secret::fileName);
    }

    @Test
    void documentation_table_repeatsTheDeclarations() throws IOException {
        var page = SITE.resolve(PAGE);
        assumeTrue(Files.exists(page), () -> "no " + page);
        var missing = new ArrayList<>(SettingsCatalog.all().stream()
                .map(SettingsCatalogTest::declaredRow)
                .toList());
        missing.removeAll(rows(page).stream().map(SettingsCatalogTest::plain).toList());
        assertEquals("", String.join("\n", missing), "rows to put into " + page + ", with links and code as it suits");
    }

    @Test
    void documentation_tableOfEveryLanguage_hasExactlyTheNames() throws IOException {
        var pages = new ArrayList<Path>();
        try (var paths = Files.walk(SITE)) {
            paths.filter(path -> path.endsWith(PAGE)).forEach(pages::add);
        }
        assumeTrue(!pages.isEmpty(), () -> "no " + PAGE);
        for (var page : pages) {
            var missing = new TreeSet<>(SettingsCatalog.names());
            var unknown = new TreeSet<>(names(rows(page)));
            missing.removeAll(names(rows(page)));
            unknown.removeAll(SettingsCatalog.names());
            assertEquals(Set.of(), missing, () -> "missing in " + page);
            assertEquals(Set.of(), unknown, () -> "unknown in " + page);
        }
    }
}
