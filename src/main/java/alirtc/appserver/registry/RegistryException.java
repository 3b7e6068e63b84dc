package alirtc.appserver.registry;

import java.util.concurrent.CompletionException;

/**
 * The registry of calls cannot be read or changed just now. Unchecked, since it passes through futures; its message holds
 * nothing secret.
 */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Builds an exception; the text must hold nothing secret. */
    public RegistryException(String message) {
        // No stack trace: these are no defects, and come in thousands when the registry is away.
        super(message, null, false, false);
    }

    /** Returns whether a future failed by such an exception, itself or what it depends on. */
    public static boolean causes(Throwable failure) {
        return failure instanceof RegistryException
                || (failure instanceof CompletionException && failure.getCause() instanceof RegistryException);
    }
}
