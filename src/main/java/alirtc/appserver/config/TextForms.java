package alirtc.appserver.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The forms of settings that are words: names, secrets, choices, and lists of anything. */
final class TextForms {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern PREFIX =
            Pattern.compile("(?=.{1,64}$)[A-Za-z0-9._:-]*\\{[A-Za-z0-9._:-]+}[A-Za-z0-9._:-]*");

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

    /** Returns the form of either of two words. */
    static Form<String> choice(String one, String other) {
        return matching(Pattern.compile(Pattern.quote(one) + "|" + Pattern.quote(other)), one + " or " + other);
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
