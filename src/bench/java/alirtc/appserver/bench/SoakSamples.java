package alirtc.appserver.bench;

import alirtc.appserver.it.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What a server holds, time after time. */
final class SoakSamples {
    /** The values of a third of the run may be so much higher than those of the one before, by chance. */
    private static final double MOST_GROWTH = 1.2;

    private static final String SOCKET = "socket:";

    /** The first and last minutes, and a few between. */
    private static final int ROWS = 12;

    /**
     * What it held once.
     *
     * @param heapKilobytes after a collection
     * @param files without connections
     * @param connections those that listen among them
     */
    private record Sample(int minute, long heapKilobytes, long threads, long files, long connections) {}

    private final List<Sample> samples = new ArrayList<>();

    /** Adds what a server holds now, and prints it. */
    void add(int minute, Server server) throws IOException, InterruptedException {
        var open = server.openFiles();
        long connections = open.stream().filter(file -> file.startsWith(SOCKET)).count();
        var sample = new Sample(
                minute, server.heapBytes() / 1_000, server.threads(), open.size() - connections, connections);
        samples.add(sample);
        System.out.println(row(sample));
    }

    /** Returns whether the last third holds clearly more than the middle one: the first one warms up. */
    boolean grow() {
        return Stream.<ToLongFunction<Sample>>of(
                        Sample::heapKilobytes, Sample::threads, Sample::files, Sample::connections)
                .anyMatch(value -> median(2, value) > MOST_GROWTH * median(1, value));
    }

    private double median(int third, ToLongFunction<Sample> value) {
        int length = samples.size() / 3;
        var sorted = samples.subList(third * length, (third + 1) * length).stream()
                .mapToLong(value)
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    void print() {
        System.out.println(
                "\n| minute | heap after a collection | threads | files | connections |\n|---|---|---|---|---|");
        int step = Math.max(1, samples.size() / ROWS);
        for (int i = step - 1; i < samples.size(); i += step) {
            System.out.println(row(samples.get(i)));
        }
        System.out.printf(
                Locale.ROOT,
                "median of the middle third, of the last: heap %.1f, %.1f MB; threads %.0f, %.0f; files %.0f, %.0f;"
                        + " connections %.0f, %.0f%n",
                median(1, Sample::heapKilobytes) / 1e3,
                median(2, Sample::heapKilobytes) / 1e3,
                median(1, Sample::threads),
                median(2, Sample::threads),
                median(1, Sample::files),
                median(2, Sample::files),
                median(1, Sample::connections),
                median(2, Sample::connections));
    }

    private static String row(Sample sample) {
        return String.format(
                Locale.ROOT,
                "| %d | %.1f MB | %d | %d | %d |",
                sample.minute(),
                sample.heapKilobytes() / 1e3,
                sample.threads(),
                sample.files(),
                sample.connections());
    }
}
