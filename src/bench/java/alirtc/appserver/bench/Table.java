package alirtc.appserver.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** What was measured beside what it should be: a line each, with the median and the spread. */
final class Table {
    private final List<String> lines = new ArrayList<>();

    /**
     * Adds a line, and prints it at once.
     *
     * @param unit how to write a value, a {@link String#format} of one number
     */
    void add(String what, String bar, String unit, Collection<Double> values) {
        var sorted = values.stream().sorted().toList();
        var middle = text(unit, sorted.get(sorted.size() / 2));
        var spread = sorted.size() == 1
                ? ""
                : " (" + text(unit, sorted.get(0)) + " to " + text(unit, sorted.get(sorted.size() - 1)) + ")";
        var line = "| " + what + " | " + bar + " | " + middle + spread + " |";
        System.out.println(line);
        lines.add(line);
    }

    void print() {
        System.out.println("\n| | bar | median (least to most) |\n|---|---|---|");
        lines.forEach(System.out::println);
    }

    private static String text(String unit, double value) {
        return String.format(Locale.ROOT, unit, value);
    }
}
