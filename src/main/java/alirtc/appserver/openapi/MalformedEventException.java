package alirtc.appserver.openapi;

/** What came as a message of the cloud's is none. Its text is ours and repeats nothing that came. */
public final class MalformedEventException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedEventException(String message) {
        // No stack trace: it is no defect, and whoever knows the address can cause it at will.
        super(message, null, false, false);
    }
}
