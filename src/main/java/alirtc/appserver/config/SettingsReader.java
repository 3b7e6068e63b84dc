package alirtc.appserver.config;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Reads settings by their declarations and collects every problem, so that an operator sees them all at once. */
final class SettingsReader {
    private final Settings settings;
    /** In their order, each once, however often a setting is read. */
    private final Set<String> problems = new LinkedHashSet<>();

    SettingsReader(Settings settings) {
        this.settings = settings;
        problems.addAll(settings.problems());
    }

    /** Returns the setting's value; its default value if it is not set, or to a text that is rejected. */
    <T> T read(Setting<T> setting) {
        if (setting.required()) {
            require(setting);
        }
        return find(setting).orElse(setting.defaultValue());
    }

    /** Returns the value that the setting is set to, if it is set to one that is not rejected. */
    <T> Optional<T> find(Setting<T> setting) {
        return settings.text(setting.name()).flatMap(text -> {
            try {
                return Optional.of(setting.form().parse(text));
            } catch (IllegalArgumentException e) {
                reject(setting, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    /** Returns whether the setting is set, be it to nonsense. */
    boolean isGiven(Setting<?> setting) {
        return settings.isGiven(setting);
    }

    /** Records a problem if the setting is not set. */
    void require(Setting<?> setting) {
        if (!isGiven(setting)) {
            addProblem(setting.name() + " is missing: set it " + origin(setting));
        }
    }

    /** Records what is wrong with a setting. */
    void reject(Setting<?> setting, String problem) {
        addProblem(setting.name() + ", set " + origin(setting) + ", " + problem);
    }

    /** Records a problem. */
    void addProblem(String problem) {
        problems.add(problem);
    }

    /** Returns where the setting was found, in words for an operator; where it could be, if it was not. */
    String origin(Setting<?> setting) {
        return settings.origin(setting);
    }

    /** Returns whether the vendor's SDK was told by its own variables where credentials are. */
    boolean sdkHasCredentials() {
        return settings.sdkHasCredentials();
    }

    /**
     * Ends the reading.
     *
     * @throws IllegalArgumentException if there was any problem, naming all of them, and what else an operator should know:
     *     that may be the cause
     */
    void rejectProblems() {
        if (!problems.isEmpty()) {
            problems.addAll(settings.warnings());
            throw new IllegalArgumentException(
                    "The server cannot start with these settings:\n  - " + String.join("\n  - ", problems));
        }
    }
}
