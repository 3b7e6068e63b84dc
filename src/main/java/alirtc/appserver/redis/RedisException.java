package alirtc.appserver.redis;

/** Redis did not do what it was asked. Unchecked, since it passes through futures; its message holds nothing secret. */
public final class RedisException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean uncertain;

    RedisException(String message, boolean uncertain) {
        // No stack trace: these are no defects, and come in thousands when Redis is away.
        super(message, null, false, false);
        this.uncertain = uncertain;
    }

    /** Returns whether what Redis was asked to do may have been done all the same. */
    public boolean isUncertain() {
        return uncertain;
    }
}
