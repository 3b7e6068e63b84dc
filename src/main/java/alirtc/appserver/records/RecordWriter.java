package alirtc.appserver.records;

import alirtc.appserver.logging.ThrottledWarning;
import alirtc.appserver.metrics.RecordMetrics;
import alirtc.appserver.time.SteadyClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that uses the file of records. It does what it is given in its order, many changes to a commit, and lets
 * nobody know of a change that is not on the disk. While the file cannot be used it tries again every second; meanwhile
 * the changes that must not get lost wait, as many as there is room for, and everything else fails. Thread-safe; never
 * blocks its callers.
 */
final class RecordWriter implements AutoCloseable {
    /** Of the changes that must not get lost; each takes a few kilobytes at the most. */
    static final int MAX_WAITING = 20_000;

    private static final int MAX_BATCH = 1000;
    private static final long COMMIT_INTERVAL_MILLIS = 20;
    private static final long RETRY_MILLIS = 1000;
    private static final long END_WITHIN_MILLIS = 1500;
    private static final Logger LOG = LoggerFactory.getLogger(RecordWriter.class);

    private final BlockingQueue<Task<?>> queue = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Path folder;
    private final SteadyClock clock;
    private final RecordMetrics metrics;
    private final ThrottledWarning failing;
    private final ThrottledWarning full;
    private final Consumer<RecordFile> committed;
    private final Thread thread;
    private volatile boolean writable;
    private volatile boolean closing;

    /** Those whose changes are not on the disk yet. Of the thread alone, like the file. */
    private List<Task<?>> batch = new ArrayList<>();

    private @Nullable RecordFile file;

    /**
     * What is to be done.
     *
     * @param change whether it changes the file; what does not is done after the commit, and finds nothing that is not on
     *     the disk
     * @param kept whether it is tried until it is done
     */
    private record Task<T>(Function<RecordFile, T> work, boolean change, boolean kept, CompletableFuture<T> done) {

        /** Does it; returns how its result is told. */
        Runnable run(RecordFile file) {
            try {
                var result = work.apply(file);
                return () -> done.complete(result);
            } catch (MVStoreException e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.error("Something cannot be recorded", e);
                return () -> done.completeExceptionally(e);
            }
        }
    }

    /**
     * Opens the file, and starts the thread, which goes on trying if that fails.
     *
     * @param opened is given the file once, if it could be opened; what it changes is committed
     * @param committed is given the file after each commit, on the thread; must not block
     */
    RecordWriter(
            Path folder,
            SteadyClock clock,
            ThreadFactory threads,
            RecordMetrics metrics,
            Consumer<RecordFile> opened,
            Consumer<RecordFile> committed) {
        this.folder = folder;
        this.clock = clock;
        this.metrics = metrics;
        this.committed = committed;
        this.failing = new ThrottledWarning(LOG, clock);
        this.full = new ThrottledWarning(LOG, clock);
        // Not given to the thread: whoever builds the server may wait for a disk, and needs what was written down.
        attempt(() -> {
            opened.accept(file());
            commit(List.of());
        });
        this.thread = threads.newThread(this::run);
        thread.start();
    }

    boolean isWritable() {
        return writable;
    }

    /** Makes a change, if not now then later; it is lost only if too many wait already, which is counted and told. */
    void keep(Consumer<RecordFile> change) {
        var task = new Task<Boolean>(
                file -> {
                    change.accept(file);
                    return true;
                },
                true,
                true,
                new CompletableFuture<>());
        if (closing || !queue.offer(task)) {
            metrics.lost();
            full.warn("Records are lost, since those that cannot be written are too many: {}", MAX_WAITING);
        }
    }

    /** Makes a change; the future is done once it is on the disk. */
    <T> CompletableFuture<T> change(Function<RecordFile, T> change) {
        return submit(new Task<>(change, true, false, new CompletableFuture<>()));
    }

    /** Reads what is on the disk. */
    <T> CompletableFuture<T> read(Function<RecordFile, T> query) {
        return submit(new Task<>(query, false, false, new CompletableFuture<>()));
    }

    private <T> CompletableFuture<T> submit(Task<T> task) {
        if (closing || !queue.offer(task)) {
            task.done.completeExceptionally(new RecordFileException("the server cannot write records now", null));
        }
        return task.done;
    }

    private void run() {
        long lastCommit = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(COMMIT_INTERVAL_MILLIS);
        try {
            while (!closing || !queue.isEmpty()) {
                if (batch.isEmpty()) {
                    var first = queue.poll(RETRY_MILLIS, TimeUnit.MILLISECONDS);
                    if (first == null) {
                        continue;
                    }
                    batch.add(first);
                    // Those that come meanwhile share a commit, each of which writes whole pages.
                    long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastCommit);
                    Thread.sleep(closing ? 0 : Math.max(0, COMMIT_INTERVAL_MILLIS - since));
                    queue.drainTo(batch, MAX_BATCH);
                }
                if (!attempt(() -> commit(batch))) {
                    failAllButKept();
                    if (closing) {
                        return;
                    }
                    Thread.sleep(RETRY_MILLIS);
                }
                lastCommit = System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /** Returns the file, opened if it was not. */
    private RecordFile file() {
        var known = file;
        if (known == null) {
            known = RecordFile.open(folder, clock.toWall(clock.instant()));
            file = known;
        }
        return known;
    }

    private void commit(List<Task<?>> tasks) {
        var open = file();
        var results = new ArrayList<Runnable>();
        for (var task : tasks) {
            if (task.change) {
                results.add(task.run(open));
            }
        }
        long begun = System.nanoTime();
        open.commit();
        if (!writable) {
            LOG.info("Records are written to {}", folder);
            writable = true;
        }
        if (!results.isEmpty()) {
            metrics.committed(System.nanoTime() - begun);
        }
        var queries = tasks.stream().filter(task -> !task.change).toList();
        batch = new ArrayList<>();
        results.forEach(Runnable::run);
        committed.accept(open);
        try {
            queries.forEach(query -> query.run(open).run());
        } finally {
            // Those that are done stay as they are.
            queries.forEach(RecordWriter::fail);
        }
    }

    /** Does something with the file; returns whether it was done. If not, the file is as it was at the last commit. */
    private boolean attempt(Runnable work) {
        try {
            work.run();
            return true;
        } catch (MVStoreException e) {
            reopenLater(RecordFile.failure(e, folder));
            if (RecordFile.isDamage(e)) {
                moveAside(e);
            }
        } catch (RuntimeException | Error e) {
            reopenLater(e);
        }
        return false;
    }

    private void moveAside(MVStoreException damage) {
        try {
            RecordFile.moveAside(folder, clock.toWall(clock.instant()), damage);
        } catch (RecordFileException e) {
            failing.warn("{}", String.valueOf(e.getMessage()));
        }
    }

    private void reopenLater(Throwable failure) {
        writable = false;
        metrics.failed();
        var open = Optional.ofNullable(file);
        file = null;
        open.ifPresent(RecordFile::discard);
        failing.warn(
                "Records cannot be written, which is tried every second: {}",
                failure instanceof RecordFileException ? String.valueOf(failure.getMessage()) : failure.toString());
    }

    private void failAllButKept() {
        var kept = new ArrayList<Task<?>>();
        for (var task : batch) {
            if (task.kept) {
                kept.add(task);
            } else {
                fail(task);
            }
        }
        batch = kept;
        // Who asks is not made to wait for a disk.
        queue.removeIf(task -> {
            if (!task.kept) {
                fail(task);
            }
            return !task.kept;
        });
    }

    private static void fail(Task<?> task) {
        task.done.completeExceptionally(new RecordFileException("records cannot be written now", null));
    }

    private void end() {
        int left = batch.size() + queue.size();
        batch.forEach(RecordWriter::fail);
        queue.forEach(RecordWriter::fail);
        if (left > 0) {
            LOG.warn("{} changes of records are lost, since they could not be written before the end", left);
        }
        var open = file;
        if (open != null) {
            try {
                open.close();
            } catch (RuntimeException e) {
                LOG.warn("The file of records was not closed well, which does no harm: {}", e.getMessage());
            }
        }
    }

    /** Writes what waits, and closes the file. */
    @Override
    public void close() {
        closing = true;
        // Wakes the thread.
        submitWakeUp();
        try {
            thread.join(END_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void submitWakeUp() {
        var unused = queue.offer(new Task<>(file -> true, false, false, new CompletableFuture<>()));
    }
}
