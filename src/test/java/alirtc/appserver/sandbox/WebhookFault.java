package alirtc.appserver.sandbox;

/**
 * How the sandbox's receiver of webhooks fails.
 *
 * @param status what it answers to every message; 0 for nothing at all; -1 for no fault
 * @param retryAfter how many seconds it asks the server to wait; 0 for nothing of that
 */
public record WebhookFault(int status, int retryAfter) {
    /** It takes every message. */
    public static final WebhookFault NONE = new WebhookFault(-1, 0);

    /** Checks the numbers. */
    public WebhookFault {
        if (status > 0 && (status < 200 || status > 599)) {
            throw new IllegalArgumentException("status must be 200 to 599, or 0 for no answer at all");
        }
    }

    boolean isNone() {
        return status < 0;
    }

    boolean hangs() {
        return status == 0;
    }
}
