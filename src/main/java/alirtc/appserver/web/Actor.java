package alirtc.appserver.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who acts on the operator's behalf.
 *
 * @param client the address that the request came from
 * @param name who the request says it is for, as it may stand in the log; a hyphen if it does not
 */
record Actor(String client, String name) {
    /** The header by which a backend says for whom it acts. */
    static final String HEADER = "X-Admin-Actor";

    private static final Logger LOG = LoggerFactory.getLogger("admin");

    static Actor of(String client, HttpServletRequest request) {
        return new Actor(client, LogText.decoded(request.getHeader(HEADER)));
    }

    /**
     * Writes a line about an act once it is done, or has failed.
     *
     * @param what what was ordered
     * @param on to whom, by names of what they are
     * @param outcome returns what came of it, in a word
     */
    <T> CompletableFuture<T> acts(
            String what, Map<String, String> on, CompletableFuture<T> act, Function<T, String> outcome) {
        return act.whenComplete((done, failure) -> {
            var line = LOG.atInfo();
            for (var field : new TreeMap<>(on).entrySet()) {
                line = line.addKeyValue(field.getKey(), field.getValue());
            }
            line.addKeyValue(
                            "outcome",
                            failure == null
                                    ? outcome.apply(done)
                                    : ApiException.of(failure).reason())
                    .addKeyValue("client", client)
                    .addKeyValue("actor", name)
                    .log(what);
        });
    }
}
