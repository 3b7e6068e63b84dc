package alirtc.appserver.records;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.StringDataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one file in the folder of records, which no other server may have open. What is changed is on the disk, all of it,
 * once {@link #commit} returns, and none of it before. For one thread, which must never be interrupted: that would close
 * the file.
 */
final class RecordFile implements AutoCloseable {
    static final String NAME = "calls.mv";

    /** Small pages: each commit writes whole ones. */
    private static final int PAGE_BYTES = 4096;

    private static final int CACHE_MEGABYTES = 8;

    /** For how long the space of former commits is left alone, though each is forced to the disk before the next. */
    private static final int RETENTION_MILLIS = 1000;

    private static final int COMPACT_BELOW_PERCENT = 60;
    private static final int COMPACT_BYTES = 4 * 1024 * 1024;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final Logger LOG = LoggerFactory.getLogger(RecordFile.class);

    private final MVStore store;
    private final CallTable calls;
    private final MessageTable messages;

    private RecordFile(MVStore store) {
        this.store = store;
        this.calls = new CallTable(store);
        this.messages = new MessageTable(store);
    }

    /**
     * Opens the file, makes it and the folder if need be. One that is damaged is renamed, which the log tells, and a new
     * one takes its place.
     *
     * @param now by the machine's clock
     * @throws RecordFileException if it cannot be opened now
     */
    static RecordFile open(Path folder, Instant now) {
        var file = folder.resolve(NAME);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new RecordFileException("the folder " + folder + " cannot be made: " + e, e);
        }
        if (!Files.isWritable(folder) || (Files.exists(file) && !Files.isWritable(file))) {
            throw new RecordFileException("the folder " + folder + " cannot be written to", null);
        }
        try {
            return opened(file);
        } catch (MVStoreException e) {
            if (!isDamage(e)) {
                throw failure(e, folder);
            }
            moveAside(folder, now, e);
            return opened(file);
        }
    }

    private static RecordFile opened(Path file) {
        var store = new MVStore.Builder()
                .fileName(file.toString())
                .autoCommitDisabled()
                // Nothing is written but by a commit, however much has changed.
                .autoCommitBufferSize(0)
                .pageSplitSize(PAGE_BYTES)
                .cacheSize(CACHE_MEGABYTES)
                .open();
        try {
            store.setVersionsToKeep(0);
            store.setRetentionTime(RETENTION_MILLIS);
            return new RecordFile(store);
        } catch (MVStoreException e) {
            store.closeImmediately();
            throw e;
        }
    }

    /** Renames the file, since it is damaged. */
    static void moveAside(Path folder, Instant now, Exception cause) {
        var aside = folder.resolve(NAME + ".damaged-" + STAMP.format(now));
        try {
            Files.move(folder.resolve(NAME), aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new RecordFileException("the damaged file in " + folder + " cannot be renamed: " + e, e);
        }
        LOG.error(
                "The file of records is damaged. It is kept as {}, and records go on in a new one: what was in it and not"
                        + " delivered is not sent. {}",
                aside,
                String.valueOf(cause.getMessage()));
    }

    static boolean isDamage(MVStoreException failure) {
        return switch (failure.getErrorCode()) {
            case DataUtils.ERROR_FILE_CORRUPT,
                    DataUtils.ERROR_CHUNK_NOT_FOUND,
                    DataUtils.ERROR_UNSUPPORTED_FORMAT,
                    DataUtils.ERROR_SERIALIZATION -> true;
            // Shorter than it has to be.
            default -> failure.getCause() instanceof EOFException;
        };
    }

    /** Returns in words for an operator why the file cannot be used. */
    static RecordFileException failure(MVStoreException failure, Path folder) {
        if (failure.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
            return new RecordFileException("another server uses the folder " + folder, failure);
        }
        var cause = failure.getCause() == null ? failure : failure.getCause();
        return new RecordFileException("the file in " + folder + " cannot be used: " + cause, failure);
    }

    /** Returns a table of the store, by name. */
    static MVMap<String, String> table(MVStore store, String name) {
        return store.openMap(
                name,
                new MVMap.Builder<String, String>()
                        .keyType(StringDataType.INSTANCE)
                        .valueType(StringDataType.INSTANCE));
    }

    CallTable calls() {
        return calls;
    }

    MessageTable messages() {
        return messages;
    }

    /** Writes to the disk what was changed since the last commit; forces it there. */
    void commit() {
        if (store.hasUnsavedChanges()) {
            store.commit();
            store.sync();
        }
    }

    /** Gives back some of the space that is not used any more; nothing may have changed since the last commit. */
    void compact() {
        if (store.compact(COMPACT_BELOW_PERCENT, COMPACT_BYTES)) {
            // Before what was moved is overwritten where it was.
            store.sync();
        }
    }

    /** Closes the file as it was at the last commit. */
    void discard() {
        store.closeImmediately();
    }

    /** Commits, and closes the file. */
    @Override
    public void close() {
        commit();
        store.close();
    }
}
