package alirtc.appserver.registry;

import alirtc.appserver.redis.RedisException;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * The registry of calls cannot be read or changed just now. Unchecked, since it passes through futures; its message holds
 * nothing secret.
 */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean uncertain;

    /** Builds an exception of something that was not done; the text must hold nothing secret. */
    public RegistryException(String message) {
        this(message, false);
    }

    private RegistryException(String message, boolean uncertain) {
        // No stack trace: these are no defects, and come in thousands when the registry is away.
        super(message, null, false, false);
        this.uncertain = uncertain;
    }

    /** Returns what a failure of Redis is to whoever asked the registry. */
    private static RegistryException of(RedisException failure) {
        return new RegistryException("the registry cannot be asked: " + failure.getMessage(), failure.isUncertain());
    }

    /** Returns what a failure of a command is to whoever asked the registry. */
    static RuntimeException of(Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RedisException redis ? of(redis) : new CompletionException(cause);
    }

    /** Returns whether what was to be done may have been done all the same. */
    public boolean isUncertain() {
        return uncertain;
    }

    /** Returns whether a future failed by such an exception, itself or what it depends on. */
    public static boolean causes(Throwable failure) {
        return in(failure).isPresent();
    }

    /** Returns the exception of this kind by which a future failed, itself or what it depends on, if it is one. */
    public static Optional<RegistryException> in(Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RegistryException exception ? Optional.of(exception) : Optional.empty();
    }
}
