package alirtc.appserver.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a secret from the file that an operator, or what runs the container, put it into. */
final class SecretFile {
    private static final int MAX_BYTES = 4096;

    private SecretFile() {}

    /**
     * Returns the file's text in UTF-8, without the one line end that editors put after it.
     *
     * @throws IllegalArgumentException saying what is wrong with the file; names neither its path, which may be the
     *     secret itself by mistake, nor its content
     */
    static String read(String path) {
        byte[] bytes;
        try (var in = Files.newInputStream(Path.of(path))) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("names a file that is not there", null);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("names what cannot be read as a file", null);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("names a file of more than " + MAX_BYTES + " bytes");
        }
        var text = withoutLineEnd(new String(bytes, UTF_8));
        if (text.isEmpty()) {
            throw new IllegalArgumentException("names an empty file");
        }
        return text;
    }

    private static String withoutLineEnd(String text) {
        if (!text.endsWith("\n")) {
            return text;
        }
        return text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
    }
}
