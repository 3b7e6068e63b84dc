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

    /** Returns the error of an account that asks too often; both products have the same. */
    static ApiError throttled() {
        return new ApiError(400, "Throttling.User", "Request was denied due to user flow control.");
    }

    /** Returns the error of an action that the product does not have. */
    static ApiError unknownAction() {
        return new ApiError(404, "InvalidAction.NotFound", "Specified api is not found, please check your url.");
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
