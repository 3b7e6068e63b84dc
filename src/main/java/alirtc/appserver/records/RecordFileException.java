package alirtc.appserver.records;

import org.jspecify.annotations.Nullable;

/** The file of records cannot be used now. The message says why, in words for an operator. */
final class RecordFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RecordFileException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
