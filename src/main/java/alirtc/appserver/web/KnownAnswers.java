package alirtc.appserver.web;

import static java.util.Map.entry;

import alirtc.appserver.metrics.Metrics;
import java.util.List;
import java.util.Map;

/** Which statuses each endpoint can answer, so that they are counted from the start: a first failure is then an increase. */
public final class KnownAnswers {
    static final Map<String, List<Integer>> STATUSES = Map.ofEntries(
            entry("token", List.of(200, 400, 401, 403, 405, 409, 429, 500, 503)),
            entry("descChannelUsers", List.of(200, 400, 401, 403, 405, 429, 500, 502, 503, 504)),
            entry("descChannelStartTime", List.of(200, 400, 401, 403, 404, 405, 429, 500, 502, 503, 504)),
            entry("state", List.of(200, 405, 429, 500)),
            entry("overview", List.of(200, 403, 405, 500)),
            entry("connect", List.of(200, 400, 405, 429, 500)),
            entry("tokenCheck", List.of(200, 400, 401, 403, 404, 405, 408, 429, 500, 503)),
            entry("events", List.of(200, 400, 405, 408, 413, 500, 503)),
            entry("calls", List.of(200, 400, 401, 404, 405, 409, 429, 500, 502, 503, 504)),
            entry("records", List.of(200, 400, 401, 404, 405, 409, 429, 500, 503)),
            entry("webhooks", List.of(200, 400, 401, 404, 405, 409, 429, 500, 503)),
            entry("other", List.of(400, 404, 405, 408, 413, 500, 503)));

    private KnownAnswers() {}

    /** Has all of them counted from the start, with 0. */
    public static void expect(Metrics metrics) {
        STATUSES.forEach((endpoint, statuses) -> statuses.forEach(status -> metrics.expectRequests(endpoint, status)));
    }
}
