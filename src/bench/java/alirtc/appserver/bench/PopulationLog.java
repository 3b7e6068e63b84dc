package alirtc.appserver.bench;

import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads from the servers' logs when they took calls for over, and what they complained about. Thread-safe. */
final class PopulationLog implements Consumer<String> {
    private static final Pattern CALL = Pattern.compile(
            "(\\S+) +INFO +calls - ([A-Za-z ]+?) +channel=\"?([A-Za-z0-9_-]+)\"?(?: (?:by|reason|since)=\"?([^\"]*)\"?)?.*");

    private static final Pattern COMPLAINT = Pattern.compile("\\S+ +(WARN|ERROR) +(\\S+) - .*");

    private final PopulationTruth truth;
    private final Map<String, Integer> complaints = new TreeMap<>();

    PopulationLog(PopulationTruth truth) {
        this.truth = truth;
    }

    @Override
    public void accept(String line) {
        if (line.contains(" calls - ")) {
            var call = CALL.matcher(line);
            if (call.matches()) {
                var reason = call.group(4);
                truth.logged(
                        call.group(3),
                        OffsetDateTime.parse(call.group(1)).toInstant(),
                        call.group(2),
                        reason == null ? "" : reason);
                return;
            }
        }
        var complaint = COMPLAINT.matcher(line);
        if (complaint.matches()) {
            count(complaint.group(1) + " of " + complaint.group(2), line);
        }
    }

    private synchronized void count(String kind, String line) {
        if (complaints.merge(kind, 1, Integer::sum) == 1) {
            System.out.println("  log: " + line);
        }
    }

    /** Returns how many warnings and errors there were, by who gave them. */
    synchronized Map<String, Integer> complaints() {
        return new TreeMap<>(complaints);
    }
}
