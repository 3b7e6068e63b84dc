package alirtc.appserver.web;

import alirtc.appserver.call.CallRecord;
import alirtc.appserver.records.RecordJson;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** GET /admin/records?from=&to= answers with the records of calls that ended in a span, the earliest first. */
public final class AdminRecordsServlet extends AdminServlet {
    private static final long serialVersionUID = 1L;

    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");

    /** How far back the span reaches if that is not said. */
    private static final Duration DEFAULT_SPAN = Duration.ofHours(24);

    @Override
    boolean isRoute(AdminPath path) {
        return path.isRoot();
    }

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, AdminPath path, Actor who) {
        var query = new QueryParameters(request.getQueryString());
        query.allowOnly("from", "to", "limit");
        var archive = ContextParts.find(request.getServletContext(), CallArchive.class)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.CONFLICT, "No records are kept; the setting records says where to keep them"));
        var clock = archive.clock();
        var to = query.optional("to", text -> time("to", text))
                .map(clock::fromWall)
                .orElseGet(clock::instant);
        var from = query.optional("from", text -> time("from", text))
                .map(clock::fromWall)
                .orElseGet(() -> to.minus(DEFAULT_SPAN));
        if (!from.isBefore(to)) {
            throw new ApiException(ErrorCode.BAD_PARAMETER, "from must be before to");
        }
        int limit = limit(query);
        return archive.records()
                .endedBetween(from, to, limit + 1)
                .thenApply(records -> RecordsData.of(records, limit, new RecordJson(clock)));
    }

    private static Instant time(String name, String text) {
        try {
            return MILLIS.matcher(text).matches()
                    ? Instant.ofEpochMilli(Long.parseLong(text))
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    name + " must be a time such as 2026-11-22T00:00:00Z, or milliseconds since 1970", e);
        }
    }

    /**
     * Records.
     *
     * @param complete whether they are all; if not, the others ended when the last of these did, or later
     */
    private record RecordsData(List<RecordJson.Fields> records, boolean complete) {

        static RecordsData of(List<CallRecord> found, int limit, RecordJson json) {
            return new RecordsData(found.stream().limit(limit).map(json::fields).toList(), found.size() <= limit);
        }
    }
}
