package alirtc.appserver.registry;

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
}
