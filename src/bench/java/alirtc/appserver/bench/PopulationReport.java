package alirtc.appserver.bench;

import alirtc.appserver.bench.PopulationFindings.Count;
import alirtc.appserver.bench.PopulationOptions.Trouble;
import alirtc.appserver.config.Product;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run found, in a row of the table, and beside the bars that hold for such a run.
 *
 * <p>The columns: calls at once as asked for, and channels occupied on average; calls begun; live calls that were cut,
 * and starts told, before they may be, and by how much at worst; limits at which somebody was still in 5 s and 20 s
 * later, of how many; how late calls at their limit were deleted; for how long calls that their phones left by themselves
 * were believed live, by the server's log; the shares of questions for users and for tokens that were not answered with
 * 200; requests a second by action as the cloud saw them, "unasked" those that came while no phone had a question or an
 * unchecked token in their channel; and those that the cloud throttled.
 */
final class PopulationReport {
    static final String HEADER = "| calls at once | begun | cut early | told too early | limits missed by 5 s, 20 s"
            + " | deleted late, p50/p99 | believed live too long, p50/p99 | users refused | tokens refused"
            + " | requests a second | throttled |\n|---|---|---|---|---|---|---|---|---|---|---|";

    private final PopulationOptions options;
    private final PopulationFindings findings;
    private final PopulationHttp http;
    private final PopulationTraffic traffic;
    private final Map<String, Integer> complaints;
    private final double occupied;
    private final Optional<PopulationBill.Verdict> verdict;

    /**
     * Builds the report of a run that is over.
     *
     * @param complaints how many warnings and errors were in the log, by who gave them
     * @param occupied how many channels somebody was in, on average
     * @param verdict on the records, if there are any
     */
    PopulationReport(
            PopulationOptions options,
            PopulationFindings findings,
            PopulationHttp http,
            PopulationTraffic traffic,
            Map<String, Integer> complaints,
            double occupied,
            Optional<PopulationBill.Verdict> verdict) {
        this.options = options;
        this.findings = findings;
        this.http = http;
        this.traffic = traffic;
        this.complaints = Map.copyOf(complaints);
        this.occupied = occupied;
        this.verdict = verdict;
    }

    /** Returns whether a live call was cut, or a start told, too early, or a record or webhook is wrong. */
    boolean breaksInvariant() {
        return findings.of(Count.CUT_EARLY) + findings.of(Count.TOLD_EARLY) > 0
                || verdict.filter(one -> !one.isClean()).isPresent();
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "| %d (%.0f), %s%s | %d | %d (%.1f s) | %d (%.1f s) | %d, %d of %d | %.1f/%.1f s | %.1f/%.1f s"
                        + " | %.2f %% | %.2f %% | %s | %s |",
                options.calls(),
                occupied,
                options.product().setting() + (options.events() ? ", events" : ""),
                options.faults().isEmpty() ? "" : " " + options.faults(),
                findings.of(Count.BEGUN),
                findings.of(Count.CUT_EARLY),
                findings.worstCut().toMillis() / 1e3,
                findings.of(Count.TOLD_EARLY),
                findings.worstTold().toMillis() / 1e3,
                findings.of(Count.MISSED),
                findings.of(Count.MISSED_FAR),
                findings.of(Count.DUE),
                findings.deletedLate(50),
                findings.deletedLate(99),
                findings.believedLong(50),
                findings.believedLong(99),
                refused(PopulationHttp.USERS),
                refused(PopulationHttp.TOKEN),
                traffic.requests(),
                traffic.throttled());
    }

    private double refused(String question) {
        var results = http.of(question);
        return results.count() == 0 ? 0 : 100.0 * results.countOtherThan("200") / results.count();
    }

    /** Prints the row, what the bars say to it, and what else there is to know. */
    void print() {
        System.out.println(HEADER + "\n" + row());
        System.out.printf(
                Locale.ROOT,
                "  also: %d too early that the server's own question, within a second of its token, accounts for;"
                        + " %d of %d starts told a second late or more; %d calls taken for over while live; %d taken for one"
                        + " with the next in their channel; %d still believed live; %d cut by a deletion that had hung%n",
                findings.of(Count.DISPUTED),
                findings.of(Count.TOLD_LATE),
                findings.of(Count.TOLD),
                findings.of(Count.ENDED_WHILE_LIVE),
                findings.of(Count.MERGED),
                findings.of(Count.STILL_BELIEVED),
                findings.of(Count.CUT_BY_OLD_DELETION));
        for (var question : new String[] {PopulationHttp.TOKEN, PopulationHttp.USERS, PopulationHttp.START_TIME}) {
            http.of(question).print();
        }
        System.out.println("  " + options.describe() + "; " + (options.events() ? traffic.events() : "no events")
                + "; log " + complaints);
        verdict.ifPresent(PopulationBill.Verdict::print);
        bar("live calls cut early", (double) findings.of(Count.CUT_EARLY), 0);
        bar("starts told too early", (double) findings.of(Count.TOLD_EARLY), 0);
        boolean well = !options.faults().contains(Trouble.UPSTREAM);
        if (well && (options.events() || options.calls() <= 4000)) {
            bar("limits missed by more than 5 s", (double) findings.of(Count.MISSED), 0);
        }
        if (well && options.events() && options.faults().isEmpty()) {
            bar("deleted after the deadline, p99 in s", findings.deletedLate(99), 2);
            bar("users refused, %", refused(PopulationHttp.USERS), 0);
            bar("believed live too long, median in s", findings.believedLong(50), 1);
            bar("believed live too long, p99 in s", findings.believedLong(99), 5);
        }
        if (options.product() == Product.LIVE
                && options.events()
                && options.mean().toMinutes() >= 10) {
            bar("requests a second that no phone asked for, deletions aside", traffic.unaskedPerSecond(), 5);
        }
    }

    private static void bar(String what, double measured, double most) {
        Optional<String> missed = measured <= most
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "MISSED BY %.2f", measured - most));
        System.out.printf(
                Locale.ROOT, "  %-60s at most %4.0f: %10.2f  %s%n", what, most, measured, missed.orElse("met"));
    }
}
