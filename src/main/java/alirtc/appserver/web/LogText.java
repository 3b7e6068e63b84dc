package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What callers send, as far as it may stand in a line of the log: letters, digits, dots, underscores and hyphens, and
 * {@value #MAX_LENGTH} of them at the most, so that nobody can forge a line.
 */
final class LogText {
    private static final int MAX_LENGTH = 64;

    private LogText() {}

    /** Returns a text with a question mark for whatever is no ASCII letter; a hyphen if there is none. */
    static String ascii(@Nullable String text) {
        return text == null || text.isEmpty() ? "-" : clean(text, false);
    }

    /**
     * Returns a text that may be percent-encoded, as callers send Chinese in a header: the letters of all scripts that are
     * written from left to right are kept. What is not the code of a text in UTF-8 is not decoded.
     */
    static String decoded(@Nullable String text) {
        return text == null || text.indexOf('%') < 0
                ? ascii(text)
                : decode(text).map(letters -> clean(letters, true)).orElseGet(() -> ascii(text));
    }

    private static Optional<String> decode(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                // Beyond ASCII there is nothing in what is encoded.
                bytes.write(c < 0x80 ? c : '?');
            } else if (i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2))) {
                bytes.write(Character.digit(text.charAt(i + 1), 16) << 4 | Character.digit(text.charAt(i + 2), 16));
                i += 2;
            } else {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isHex(char c) {
        return c < 0x80 && Character.digit(c, 16) >= 0;
    }

    private static String clean(String text, boolean ofAllScripts) {
        var clean = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        text.codePoints()
                .limit(MAX_LENGTH)
                .forEach(c -> clean.appendCodePoint(isPlain(c) || (ofAllScripts && isLetter(c)) ? c : '?'));
        return clean.length() == 0 ? "-" : clean.toString();
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    /** Returns whether it is a letter that leaves the order of those beside it as it is. */
    private static boolean isLetter(int c) {
        return Character.isLetter(c) && Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT;
    }
}
