package alirtc.appserver.registry;

import alirtc.appserver.time.EpochNanos;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes values one after the other into few bytes, of which a {@link CompactReader} reads them in the same order. Each name
 * is written once, after all values, however often it comes. Confined to one thread.
 */
final class CompactWriter {
    /** What a call of two people takes, and some room. */
    private static final int USUAL_SIZE = 256;

    private final List<String> names = new ArrayList<>();
    private ByteBuffer out = ByteBuffer.allocate(USUAL_SIZE).position(Integer.BYTES);

    void writeLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    /** Writes a small number, at most 127 and not negative. */
    private void writeByte(int value) {
        if (value < 0 || value > Byte.MAX_VALUE) {
            throw new IllegalArgumentException(value + " is no small number");
        }
        room(1).put((byte) value);
    }

    void writeFlag(boolean value) {
        writeByte(value ? 1 : 0);
    }

    void writeTime(Instant time) {
        writeLong(EpochNanos.of(time));
    }

    void writeDuration(Duration duration) {
        writeLong(duration.toNanos());
    }

    void writeName(String name) {
        int known = names.indexOf(name);
        if (known < 0) {
            known = names.size();
            names.add(name);
        }
        writeByte(known);
    }

    <T> void writeOptional(@Nullable T value, BiConsumer<CompactWriter, T> part) {
        writeFlag(value != null);
        if (value != null) {
            part.accept(this, value);
        }
    }

    <T> void writeList(List<T> values, BiConsumer<CompactWriter, T> part) {
        writeByte(values.size());
        for (var value : values) {
            part.accept(this, value);
        }
    }

    /** Returns all that was written. */
    byte[] toBytes() {
        out.putInt(0, out.position());
        writeByte(names.size());
        names.forEach(this::writeText);
        return Arrays.copyOf(out.array(), out.position());
    }

    /** Writes a text of any characters: a byte each if that is enough for all of them. */
    private void writeText(String text) {
        int length = text.length();
        boolean narrow = isNarrow(text);
        room(Integer.BYTES).putInt(narrow ? length : -length);
        room(length * Character.BYTES);
        for (int i = 0; i < length; i++) {
            if (narrow) {
                out.put((byte) text.charAt(i));
            } else {
                out.putChar(text.charAt(i));
            }
        }
    }

    private static boolean isNarrow(String text) {
        // A stream takes as long as all the rest.
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return false;
            }
        }
        return true;
    }

    /** Returns where to write, with room for so many bytes. */
    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            var larger = ByteBuffer.allocate(2 * out.capacity() + bytes);
            out = larger.put(out.flip());
        }
        return out;
    }
}
