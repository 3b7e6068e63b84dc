package alirtc.appserver.config;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The form that a setting's text has to have, and the value that the text stands for.
 *
 * @param <T> the value
 * @param words the form with its bounds, as the table of the documentation says them
 * @param secret whether the text is a secret, which can lie in a file of its own
 * @param star whether a lone {@code *} is a value; in all other forms asterisks are a placeholder
 * @param parser returns the value; throws {@link IllegalArgumentException} with what is allowed, never with the text
 */
record Form<T>(String words, boolean secret, boolean star, Function<String, T> parser) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\*+");

    /** A form of texts that are neither secrets nor asterisks. */
    Form(String words, Function<String, T> parser) {
        this(words, false, false, parser);
    }

    /**
     * Returns the value that the text stands for.
     *
     * @throws IllegalArgumentException if the text does not have this form, saying what is allowed
     */
    T parse(String text) {
        if (PLACEHOLDER.matcher(text).matches() && !(star && "*".equals(text))) {
            throw new IllegalArgumentException("is still the placeholder; put the real value there");
        }
        return parser.apply(text);
    }

    /** Returns whether a text has this form. */
    boolean accepts(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns the form with the same texts and other values. */
    <R> Form<R> map(Function<T, R> change) {
        return new Form<>(words, secret, star, parser.andThen(change));
    }

    /** Returns the form with the same texts, of a setting that can be without a value. */
    Form<Optional<T>> optional() {
        return map(Optional::of);
    }

    /** Returns the form with other words. */
    Form<T> describedAs(String other) {
        return new Form<>(other, secret, star, parser);
    }
}
