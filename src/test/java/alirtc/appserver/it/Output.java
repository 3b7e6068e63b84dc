package alirtc.appserver.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.opentest4j.AssertionFailedError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines that a process prints: kept in a file and in memory, and a place to wait for one of them. They go to the
 * tests' log too, which is printed when a test fails. Thread-safe.
 */
final class Output {
    private static final Logger LOG = LoggerFactory.getLogger(Output.class);

    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private volatile boolean forgetting;
    private volatile Optional<Consumer<String>> listener = Optional.empty();
    private boolean ended;

    private Output(InputStream in, Path file) {
        reader = new Thread(() -> read(in, file), "output of " + file);
        reader.setDaemon(true);
    }

    /** Starts to read the stream into the file. */
    static Output of(InputStream in, Path file) {
        var output = new Output(in, file);
        output.reader.start();
        return output;
    }

    /** Waits for a line that holds the pattern, which may have come long ago. */
    MatchResult await(Pattern pattern, Duration limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var left = limit.toNanos();
            for (int seen = 0; ; seen++) {
                while (seen == lines.size()) {
                    if (ended || left <= 0) {
                        throw new AssertionFailedError(
                                "No line with " + pattern + " within " + limit + " in:\n" + String.join("\n", lines));
                    }
                    left = changed.awaitNanos(left);
                }
                var match = pattern.matcher(lines.get(seen));
                if (match.find()) {
                    return match.toMatchResult();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end of a process that was told to end. */
    void awaitEnd(Duration limit) throws InterruptedException {
        reader.join(limit.toMillis());
    }

    /** Returns all that was printed so far. */
    String text() {
        lock.lock();
        try {
            return String.join("\n", lines);
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is printed from now on: the lines of a benchmark's requests would take its memory and time. */
    void forget() {
        forgetting = true;
    }

    /** Hands what is printed from now on to a listener, on the thread that reads, and keeps it in the file alone. */
    void forward(Consumer<String> to) {
        listener = Optional.of(to);
    }

    private void read(InputStream in, Path file) {
        var server = file.getName(file.getNameCount() - 2);
        try (var lineReader = new BufferedReader(new InputStreamReader(in, UTF_8));
                var copy = Files.newBufferedWriter(file)) {
            for (var line = lineReader.readLine(); line != null && !forgetting; line = lineReader.readLine()) {
                copy.write(line + "\n");
                copy.flush();
                if (listener.isPresent()) {
                    listener.get().accept(line);
                } else {
                    add(line);
                    LOG.info("{}: {}", server, line);
                }
            }
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            end();
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            lines.add(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
