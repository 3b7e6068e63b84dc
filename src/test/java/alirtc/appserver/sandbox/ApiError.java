package alirtc.appserver.sandbox;

/** A request that the cloud rejects, with its error code. */
final class ApiError extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String text;

    ApiError(int status, String code, String text) {
        super(code + ": " + text);
        this.status = status;
        this.code = code;
        this.text = text;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    /** Returns the sentence that goes with the code. */
    String text() {
        return text;
    }
}
