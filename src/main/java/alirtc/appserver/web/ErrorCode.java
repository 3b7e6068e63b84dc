package alirtc.appserver.web;

/** Why a request failed; each carries its HTTP status, so that none can lack one. */
enum ErrorCode {
    BAD_PARAMETER(400),
    UNAUTHENTICATED(401),
    FORBIDDEN(403),
    BARRED(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    REQUEST_TIMEOUT(408),
    CHANNEL_FULL(409),
    CONFLICT(409),
    TOO_LARGE(413),
    TOO_MANY_REQUESTS(429),
    DEFECT(500),
    UPSTREAM_REFUSED(502),
    UPSTREAM_UNAVAILABLE(503),
    KEYS_UNAVAILABLE(503),
    REGISTRY_FULL(503),
    REGISTRY_AWAY(503),
    OVERLOADED(503),
    UPSTREAM_TIMEOUT(504);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    /** Returns the HTTP status, which is the envelope's code too. */
    int status() {
        return status;
    }
}
