package alirtc.appserver.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** A file of settings gives a good configuration, or a rejection that repeats no secret. */
public final class SettingsFuzz {
    /** Put after every secret, to be known again. */
    private static final String MARK = "~nobody-must-see~";

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Path FILE = newFile();

    private SettingsFuzz() {}

    private static Path newFile() {
        try {
            var file = Files.createTempFile("settings", ".properties");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (new String(input, UTF_8).contains(MARK)) {
            // The fuzzer learns what its inputs are compared with.
            return;
        }
        Files.write(FILE, input);
        read(Map.of(SettingsCatalog.CONFIG_FILE.name(), FILE.toString()), Map.of(), Map.of());

        var marked = marked(new String(input, UTF_8));
        read(marked, Map.of(), Map.of());
        var environment = new HashMap<String, String>();
        marked.forEach((name, text) -> environment.put(Settings.variable(name), text));
        read(Map.of(), environment, Map.of());
        read(Map.of(), Map.of(), marked);
    }

    private static Map<String, String> marked(String text) throws IOException {
        var properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            // A broken escape.
            return Map.of();
        }
        var marked = new HashMap<String, String>();
        properties.stringPropertyNames().forEach(name -> {
            var value = properties.getProperty(name);
            marked.put(name, isSecret(name) ? value + MARK : value);
        });
        marked.remove(SettingsCatalog.CONFIG_FILE.name());
        return marked;
    }

    private static boolean isSecret(String name) {
        return SettingsCatalog.secrets().stream()
                .anyMatch(secret -> secret.name().equals(name));
    }

    private static void read(Map<String, String> properties, Map<String, String> environment, Map<String, String> war) {
        try {
            var config = AppConfig.from(Settings.of(properties, environment, war));
            requireSound(config);
        } catch (IllegalArgumentException e) {
            var message = String.valueOf(e.getMessage());
            if (message.isBlank() || message.contains(MARK)) {
                throw new AssertionError("an odd rejection: " + message, e);
            }
        }
    }

    private static void requireSound(AppConfig config) {
        boolean safe = "https".equals(config.upstream().endpoint().getScheme())
                || LOOPBACK.contains(config.upstream().endpoint().getHost());
        boolean sound = safe
                && !config.toString().contains(MARK)
                && !config.token().gslb().isEmpty()
                && !config.token().appKey().value().isBlank()
                && config.upstream().maxQps() >= 1
                && config.token().ttl().compareTo(Duration.ofMinutes(1)) >= 0
                && config.token().ttl().compareTo(config.upstream().product().maxTokenTtl()) <= 0
                && config.calls()
                        .timeLimit()
                        .map(Duration::isNegative)
                        .orElse(false)
                        .equals(false);
        if (!sound) {
            throw new AssertionError("taken for good settings: " + config);
        }
    }
}
