package alirtc.appserver.config;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The forms of settings that are words: names, secrets, choices, and lists of anything. */
final class TextForms {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern PREFIX =
            Pattern.compile("(?=.{1,64}$)[A-Za-z0-9._:-]*\\{[A-Za-z0-9._:-]+}[A-Za-z0-9._:-]*");

    /** How each secret for webhooks begins (Standard Webhooks 1.0.0). */
    private static final String WEBHOOK_SECRET = "whsec_";

    private TextForms() {}

    /** Returns the form of names. */
    static Form<String> name() {
        return matching(NAME, "1-64 of A-Z a-z 0-9 . _ -");
    }

    /** Returns the form of texts without blanks, such as the issuer of JWTs. */
    static Form<String> printable(int min, int max) {
        var pattern = Pattern.compile("[\\x21-\\x7e]{" + min + "," + max + "}");
        return matching(pattern, min + "-" + max + " printable ASCII characters without blanks");
    }

    /** Returns the form of secrets, which can lie in files of their own. */
    static Form<Secret> secret(int min, int max) {
        var text = printable(min, max);
        return new Form<>(text.words(), true, false, text.parser()).map(Secret::new);
    }

    /** Returns the form of secrets that stand in addresses as they are. */
    static Form<Secret> addressSecret(int min, int max) {
        var text = matching(
                Pattern.compile("[A-Za-z0-9_-]{" + min + "," + max + "}"), min + "-" + max + " of A-Z a-z 0-9 _ -");
        return new Form<>(text.words(), true, false, text.parser()).map(Secret::new);
    }

    /** Returns the form of the secrets that webhooks are signed with, one or two; they can lie in a file. */
    static Form<List<Secret>> webhookSecrets() {
        var words = "whsec_ and 24-64 bytes in base64; or two such, a comma between";
        return new Form<>(words, true, false, text -> {
            var secrets = text.split("[\\s,]+", -1);
            if (secrets.length > 2 || !Stream.of(secrets).allMatch(TextForms::isWebhookSecret)) {
                throw new IllegalArgumentException("must be " + words);
            }
            return Stream.of(secrets).map(Secret::new).toList();
        });
    }

    private static boolean isWebhookSecret(String text) {
        if (!text.startsWith(WEBHOOK_SECRET)) {
            return false;
        }
        try {
            int bytes = Base64.getDecoder().decode(text.substring(WEBHOOK_SECRET.length())).length;
            return bytes >= 24 && bytes <= 64;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns the form of one of some words; at least two. */
    static Form<String> choice(String... words) {
        var last = words.length - 1;
        var sentence = String.join(", ", List.of(words).subList(0, last)) + " or " + words[last];
        return new Form<>(sentence, text -> {
            if (!List.of(words).contains(text)) {
                throw new IllegalArgumentException("must be " + sentence);
            }
            return text;
        });
    }

    /** Returns the form of lists of some words; at least one. */
    static Form<Set<String>> someOf(List<String> words) {
        return new Form<>("some of " + String.join(" ", words) + ", commas between", text -> {
            var values = Set.copyOf(new LinkedHashSet<>(each(text, word -> word)));
            if (!words.containsAll(values)) {
                throw new IllegalArgumentException("must be some of " + String.join(", ", words) + ", commas between");
            }
            return values;
        });
    }

    /** Returns the form of switches. */
    static Form<Boolean> onOff() {
        return choice("on", "off").map("on"::equals);
    }

    /** Returns the form of the beginning of the names of keys, in which braces say what a cluster keeps together. */
    static Form<String> prefix() {
        return new Form<>("1-64 of A-Z a-z 0-9 . _ : - with a name in braces", text -> {
            if (!PREFIX.matcher(text).matches()) {
                throw new IllegalArgumentException(
                        "must be 1-64 of A-Z a-z 0-9 . _ : { } - and hold a name in braces, such as {alirtc}:");
            }
            return text;
        });
    }

    /** Returns the values of a list divided by commas. */
    static <T> List<T> each(String text, Function<String, T> parser) {
        var values = new ArrayList<T>();
        for (var part : text.split(",", -1)) {
            values.add(parser.apply(part.strip()));
        }
        return values;
    }

    private static Form<String> matching(Pattern pattern, String words) {
        return new Form<>(words, text -> {
            if (!pattern.matcher(text).matches()) {
                throw new IllegalArgumentException("must be " + words);
            }
            return text;
        });
    }
}
