package alirtc.appserver.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import alirtc.appserver.time.EpochNanos;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what a {@link CompactWriter} wrote, in the same order. Confined to one thread. */
final class CompactReader {
    private final ByteBuffer in;
    private final String[] names;

    CompactReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
        int values = Integer.BYTES;
        in.position(in.getInt());
        names = new String[in.get()];
        for (int i = 0; i < names.length; i++) {
            names[i] = readText(bytes);
        }
        in.position(values);
    }

    private String readText(byte[] bytes) {
        int length = in.getInt();
        if (length >= 0) {
            in.position(in.position() + length);
            return new String(bytes, in.position() - length, length, ISO_8859_1);
        }
        var characters = new char[-length];
        for (int i = 0; i < characters.length; i++) {
            characters[i] = in.getChar();
        }
        return new String(characters);
    }

    long readLong() {
        return in.getLong();
    }

    private int readByte() {
        return in.get();
    }

    boolean readFlag() {
        return readByte() != 0;
    }

    Instant readTime() {
        return EpochNanos.toInstant(readLong());
    }

    Duration readDuration() {
        return Duration.ofNanos(readLong());
    }

    String readName() {
        return names[readByte()];
    }

    <T> @Nullable T readOptional(Function<CompactReader, T> part) {
        return readFlag() ? part.apply(this) : null;
    }

    <T> List<T> readList(Function<CompactReader, T> part) {
        int size = readByte();
        var list = new ArrayList<T>(size);
        for (int i = 0; i < size; i++) {
            list.add(part.apply(this));
        }
        return list;
    }
}
