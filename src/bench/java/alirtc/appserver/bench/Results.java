package alirtc.appserver.bench;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What the answers to one question were, and how long they took. Thread-safe. */
final class Results {
    private final String question;
    private final Map<String, LongAdder> codes = new ConcurrentSkipListMap<>();
    private final Histogram nanos = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);

    Results(String question) {
        this.question = question;
    }

    String question() {
        return question;
    }

    void add(String code, long took) {
        codes.computeIfAbsent(code, key -> new LongAdder()).increment();
        nanos.recordValue(took);
    }

    /** Returns how many answers there were. */
    long count() {
        return nanos.getTotalCount();
    }

    /** Returns how many answers had another code. */
    long countOtherThan(String code) {
        return codes.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(code))
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }

    /** Returns within how many milliseconds so many percent of the answers came. */
    double millis(double percent) {
        return nanos.getValueAtPercentile(percent) / 1e6;
    }

    void print() {
        System.out.printf(
                Locale.ROOT,
                "  %-21s %8d requests %-40s p50 %7.1f ms  p99 %7.1f ms  max %7.1f ms%n",
                question,
                nanos.getTotalCount(),
                codes,
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getMaxValue() / 1e6);
    }
}
