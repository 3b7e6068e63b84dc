package alirtc.appserver.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings as texts, merged from every source, strongest first: system properties, environment variables, the file
 * named by {@code rtc.config}, the file in the WAR. An empty value counts as not set. A secret can lie in a file of its
 * own, which another setting names.
 */
public final class Settings {
    /** The prefixes by which a system property or a variable is known to be meant for this server. */
    private static final List<String> OURS =
            List.of("rtc.", "auth.jwt.", "registry.redis.", "events.", "records.", "webhooks.");

    /** Before the name of a variable: it is meant for this server alone. */
    static final String PREFIX = "ALIRTC_";

    private static final String PACKAGED = "application.properties";

    /** Any of these, as a variable or a property, tells the vendor's SDK where its credentials are. */
    private static final List<String> SDK_VARIABLES = List.of(
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_CREDENTIALS_FILE",
            "ALIBABA_CLOUD_CREDENTIALS_URI",
            "ALIBABA_CLOUD_ECS_METADATA",
            "ALIBABA_CLOUD_PROFILE",
            "ALIBABA_CLOUD_ROLE_ARN",
            "alibabacloud.accessKeyId");

    /** A text and the words that tell an operator where it was found. */
    private record Found(String text, String origin) {}

    private final Map<String, Found> found = new LinkedHashMap<>();
    private final SortedSet<String> problems = new TreeSet<>();
    private final SortedSet<String> warnings = new TreeSet<>();
    private final boolean sdkHasCredentials;

    private Settings(boolean sdkHasCredentials) {
        this.sdkHasCredentials = sdkHasCredentials;
    }

    /**
     * Reads the settings of this process.
     *
     * @throws IllegalArgumentException if {@code rtc.config} names a file that cannot be read
     */
    public static Settings load() {
        var properties = new LinkedHashMap<String, String>();
        for (var name : System.getProperties().stringPropertyNames()) {
            properties.put(name, System.getProperty(name));
        }
        return of(properties, System.getenv(), packaged());
    }

    /**
     * Merges the settings of the given sources and of the file that {@code rtc.config} names in one of them.
     *
     * @throws IllegalArgumentException if that file cannot be read
     */
    public static Settings of(
            Map<String, String> properties, Map<String, String> environment, Map<String, String> packaged) {
        var sdk = SDK_VARIABLES.stream().anyMatch(name -> isSet(environment.get(name)) || isSet(properties.get(name)));
        var settings = new Settings(sdk);
        settings.addProperties(properties);
        settings.addEnvironment(environment);
        settings.text(SettingsCatalog.CONFIG_FILE.name())
                .ifPresent(file -> settings.addFile(read(Path.of(file)), "in " + file));
        settings.judgeForeign(environment);
        settings.addFile(packaged, "in WEB-INF/classes/" + PACKAGED);
        settings.addSecretFiles();
        return settings;
    }

    /** Returns the variable that overrides a setting: upper case, every other character an underscore. */
    public static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** Returns the setting's text without surrounding blanks, if it is set to more than blanks. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(found.get(name)).map(Found::text);
    }

    /** Returns where the setting was found, in words for an operator; where it could be, if it was not. */
    String origin(Setting<?> setting) {
        var name = setting.name();
        var text = found.get(name);
        return text != null
                ? text.origin
                : "as environment variable " + variable(name) + ", as system property -D" + name
                        + ", in the file named by RTC_CONFIG, or in WEB-INF/classes/" + PACKAGED;
    }

    /** Returns whether the setting is set, or the file that it can come from is, if only to one that cannot be read. */
    boolean isGiven(Setting<?> setting) {
        return found.containsKey(setting.name()) || (setting.isSecret() && found.containsKey(setting.fileName()));
    }

    /** Returns in order what is wrong with the names and files themselves, each with where it was found. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Returns in order what an operator should know, though the server can start. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Returns whether the vendor's SDK was told by its own variables where credentials are. */
    public boolean sdkHasCredentials() {
        return sdkHasCredentials;
    }

    private void addProperties(Map<String, String> properties) {
        var known = SettingsCatalog.names();
        properties.forEach((name, text) -> {
            if (known.contains(name)) {
                put(name, text, "as system property -D" + name);
            } else if (OURS.stream().anyMatch(name::startsWith)) {
                problems.add(UnknownSetting.describe(name, "as system property -D" + name));
            }
        });
    }

    /** Unknown variables are no problem: whatever runs the server may set some for programs of a like name. */
    private void addEnvironment(Map<String, String> environment) {
        var known = new HashSet<String>();
        for (var name : SettingsCatalog.names()) {
            for (var variable : List.of(PREFIX + variable(name), variable(name))) {
                known.add(variable);
                if (!isForeign(variable, environment)) {
                    put(name, environment.getOrDefault(variable, ""), originOf(variable));
                }
            }
        }
        for (var variable : environment.keySet()) {
            var ours = variable.startsWith(PREFIX)
                    || OURS.stream().map(Settings::variable).anyMatch(variable::startsWith);
            if (ours && !known.contains(variable)) {
                warnings.add(UnknownSetting.describe(variable, "as environment variable"));
            }
        }
    }

    /**
     * Decides on variables that other programs use, too, and whose texts mean nothing here: beside other settings of the
     * same thing it is a mistake of the operator's, else it is another program's.
     */
    private void judgeForeign(Map<String, String> environment) {
        for (var setting : SettingsCatalog.shared()) {
            var name = setting.name();
            var variable = variable(name);
            if (isForeign(variable, environment) && !found.containsKey(name)) {
                if (found.keySet().stream().anyMatch(other -> other.startsWith(name + "."))) {
                    put(name, environment.getOrDefault(variable, ""), originOf(variable));
                } else {
                    warnings.add("the environment variable " + variable + " is none of this server's, for which " + name
                            + " is " + setting.form().words() + "; to set that, use " + PREFIX + variable);
                }
            }
        }
    }

    private static boolean isForeign(String variable, Map<String, String> environment) {
        var text = environment.getOrDefault(variable, "");
        return isSet(text)
                && SettingsCatalog.shared().stream()
                        .anyMatch(setting -> variable(setting.name()).equals(variable)
                                && !setting.form().accepts(text.strip()));
    }

    private static String originOf(String variable) {
        return "as environment variable " + variable;
    }

    private void addFile(Map<String, String> file, String origin) {
        var known = SettingsCatalog.names();
        file.forEach((name, text) -> {
            if (known.contains(name)) {
                put(name, text, origin);
            } else {
                problems.add(UnknownSetting.describe(name, origin));
            }
        });
    }

    private void addSecretFiles() {
        for (var secret : SettingsCatalog.secrets()) {
            var name = secret.name();
            var setting = secret.fileName();
            var file = found.get(setting);
            var itself = found.get(name);
            if (file != null && itself != null) {
                problems.add(name + ", set " + itself.origin + ", and " + setting + ", set " + file.origin
                        + ", must not both be set");
            } else if (file != null) {
                try {
                    found.put(name, new Found(SecretFile.read(file.text), "in the file that " + setting + " names"));
                } catch (IllegalArgumentException e) {
                    problems.add(setting + ", set " + file.origin + ", " + e.getMessage());
                }
            }
        }
    }

    private void put(String name, String text, String origin) {
        if (isSet(text)) {
            found.putIfAbsent(name, new Found(text.strip(), origin));
        }
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isBlank();
    }

    private static Map<String, String> packaged() {
        try (var in = Settings.class.getClassLoader().getResourceAsStream(PACKAGED)) {
            return in == null ? Map.of() : parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> read(Path file) {
        try (var in = Files.newInputStream(file)) {
            return parse(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The file named by " + SettingsCatalog.CONFIG_FILE.name() + " (" + file
                            + ") is not a readable properties file",
                    e);
        }
    }

    private static Map<String, String> parse(InputStream in) throws IOException {
        var properties = new Properties();
        properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        var map = new LinkedHashMap<String, String>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }
}
