package alirtc.appserver.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Lua that Redis runs as one step, while nothing else happens there.
 *
 * @param text the program
 * @param digest the name by which Redis knows it once it has run
 * @param types what each of its keys holds, as the command TYPE names it
 */
public record LuaScript(String text, String digest, List<String> types) {

    /** Copies the list in. */
    public LuaScript {
        types = List.copyOf(types);
    }

    /**
     * Reads the program from a file that lies beside a class.
     *
     * @param types what each of its keys holds, as the command TYPE names it
     */
    public static LuaScript beside(Class<?> place, String file, String... types) {
        try (var in = place.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("There is no " + file);
            }
            var text = in.readAllBytes();
            var digest = MessageDigest.getInstance("SHA-1").digest(text);
            return new LuaScript(new String(text, UTF_8), HexFormat.of().formatHex(digest), List.of(types));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
