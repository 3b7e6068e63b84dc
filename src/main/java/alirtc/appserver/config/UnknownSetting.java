package alirtc.appserver.config;

import java.util.Comparator;
import java.util.Locale;

/** What to say of a name that is no setting's. */
final class UnknownSetting {

    private UnknownSetting() {}

    /** Returns the sentence that tells an operator of a name nobody knows, with the nearest one that is known. */
    static String describe(String name, String origin) {
        var meant = folded(name.startsWith(Settings.PREFIX) ? name.substring(Settings.PREFIX.length()) : name);
        var nearest = SettingsCatalog.names().stream()
                .min(Comparator.comparingInt(known -> distance(meant, folded(known))))
                .orElseThrow();
        return name + ", set " + origin + ", is not a setting; did you mean " + nearest + "?";
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Counts the letters to insert, drop or change to make one text of the other (Levenshtein). */
    private static int distance(String a, String b) {
        var previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            var current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(changed, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
