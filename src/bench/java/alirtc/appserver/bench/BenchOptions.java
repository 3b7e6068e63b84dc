package alirtc.appserver.bench;

import alirtc.appserver.it.Distribution;
import java.util.ArrayList;
import java.util.List;

/**
 * What to measure, and how thoroughly.
 *
 * @param parts some of {@link #PARTS}, or {@code redis}, which is http with the calls there
 * @param containers which of them to measure in
 * @param rounds how often two are compared; the median counts
 * @param compilingSeconds how long it takes until nothing is compiled any more
 */
record BenchOptions(List<String> parts, List<Distribution> containers, int rounds, int compilingSeconds) {
    private static final List<String> PARTS = List.of("http", "cpu", "start", "parts", "heap");

    /**
     * Reads words: parts, of which all but redis are measured if none is named; {@code jetty} or {@code tomcat} for one
     * container alone; {@code quick} for fewer rounds and less time to get warm.
     *
     * @throws IllegalArgumentException if a word is none of these
     */
    static BenchOptions parse(List<String> words) {
        var parts = new ArrayList<String>();
        var containers = new ArrayList<Distribution>();
        boolean quick = false;
        for (var word : words) {
            switch (word) {
                case "jetty" -> containers.add(Distribution.jetty());
                case "tomcat" -> containers.add(Distribution.tomcat11());
                case "quick" -> quick = true;
                default -> parts.add(part(word));
            }
        }
        return new BenchOptions(
                parts.isEmpty() ? PARTS : parts,
                containers.isEmpty() ? List.of(Distribution.jetty(), Distribution.tomcat11()) : containers,
                quick ? 5 : 9,
                quick ? 35 : 60);
    }

    private static String part(String word) {
        if (!PARTS.contains(word) && !word.equals(WithRedis.ARGUMENT)) {
            throw new IllegalArgumentException(word + " is none of " + PARTS + ", redis, jetty, tomcat, quick");
        }
        return word;
    }

    boolean wants(String part) {
        return parts.contains(part);
    }
}
