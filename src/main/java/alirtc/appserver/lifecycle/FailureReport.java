package alirtc.appserver.lifecycle;

import alirtc.appserver.openapi.RtcException;
import alirtc.appserver.registry.RegistryException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Reports what failed where nobody waits for it: a defect of ours as an error. That the cloud or the registry does not
 * answer is recorded where it occurs, and reported in detail alone. Thread-safe.
 *
 * @param log where to
 */
record FailureReport(Logger log) {

    /**
     * Reports a failure.
     *
     * @param what what could not be done, with {@code {}} in place of the subject
     * @param subject with whom or what
     * @param failure why; nothing, if it did not fail
     */
    void report(String what, String subject, @Nullable Throwable failure) {
        if (failure == null) {
            return;
        }
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RtcException || cause instanceof RegistryException) {
            log.debug(what + ": {}", subject, cause.getMessage());
        } else {
            log.error(what, subject, cause);
        }
    }
}
