package alirtc.appserver.docs;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.web.TestServer;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation says what is there, in both languages. Settings, errors and curl lines have tests of their own. */
class DocumentationTest {
    private static final int MAX_README_LINES = 200;

    /** A request in a table of routes: {@code GET /app/token?channelId=C}, or without the method after the first. */
    private static final Pattern ROUTE = Pattern.compile("(?:(?:GET|POST) )?(/[^?]*)(?:\\?.*)?");

    private static final Pattern METRIC = Pattern.compile("alirtc_[a-z_]+");

    private static List<Page> pages() {
        return Stream.of(Page.english().stream(), Page.chinese().stream(), Page.below(Path.of(".github")))
                .flatMap(pages -> pages)
                .toList();
    }

    private static List<Page> chinesePages() {
        return Page.chinese();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void links_relative_leadToFilesAndAnchors(Page page) {
        var broken = page.links().stream()
                .filter(link -> URI.create(link).getScheme() == null)
                .filter(link -> !leadsSomewhere(page, URI.create(link)))
                .toList();
        assertEquals(List.of(), broken);
    }

    private static boolean leadsSomewhere(Page page, URI link) {
        var target = link.getPath().isEmpty() ? page.path() : page.path().resolveSibling(link.getPath());
        return Files.exists(target)
                && (link.getFragment() == null || Page.read(target).anchors().contains(link.getFragment()));
    }

    @ParameterizedTest
    @MethodSource("chinesePages")
    void headings_translated_areThoseOfTheOriginal(Page page) {
        var original = Page.read(page.original());
        assertEquals(levels(original), levels(page));
        assertEquals(original.explicitAnchors(), page.explicitAnchors());
    }

    private static List<Integer> levels(Page page) {
        return page.headings().stream().map(Page.Heading::level).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "src/site/README.zh-CN.md",
                "src/site/markdown/api.md",
                "src/site/zh_CN/markdown/api.md"
            })
    void routes_tabled_areThoseOfWebXml(String page) throws Exception {
        var documented = Page.read(Path.of(page)).rows().stream()
                .flatMap(row -> Page.codeSpans(row.get(0)))
                .map(ROUTE::matcher)
                .filter(route -> route.matches())
                .map(route -> route.group(1))
                .toList();
        var mapped = WebXml.mappedPatterns();

        var missing = mapped.stream()
                .filter(pattern -> documented.stream().noneMatch(route -> WebXml.covers(pattern, route)))
                .toList();
        assertEquals(List.of(), missing, "routes that the page lacks");

        var unknown = documented.stream()
                .filter(route -> !Files.exists(Path.of("webapp" + route)))
                .filter(route -> mapped.stream().noneMatch(pattern -> WebXml.covers(pattern, route)))
                .toList();
        assertEquals(List.of(), unknown, "routes that the page invents");
    }

    @Test
    void metrics_ours_areThoseOfThePagesInBothLanguages(@TempDir Path folder) throws Exception {
        var counted = new TreeSet<String>();
        var shown = new TreeSet<String>();
        var everything = Map.of(
                "events", "on",
                "records", "file",
                "records.dir", folder.toString(),
                "webhooks.url", "http://127.0.0.1:9/",
                "webhooks.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        try (var server = TestServer.start(everything)) {
            for (var metric : server.metrics()) {
                if (metric.getMetadata().getPrometheusName().startsWith("alirtc_")) {
                    counted.add(name(metric));
                    shown.addAll(samples(metric));
                }
            }
        }
        for (var pages : List.of(Page.english(), Page.chinese())) {
            var named = named(pages);
            assertEquals(Set.of(), minus(counted, named), "metrics that the documentation lacks");
            assertEquals(Set.of(), minus(named, shown), "metrics that the documentation invents");
        }
    }

    private static String name(MetricSnapshot metric) {
        var name = metric.getMetadata().getPrometheusName();
        return metric instanceof CounterSnapshot
                ? name + "_total"
                : metric instanceof InfoSnapshot ? name + "_info" : name;
    }

    /** Returns the names that can be asked for: a histogram's are three, and the one in front of them. */
    private static List<String> samples(MetricSnapshot metric) {
        var names = new ArrayList<>(List.of(name(metric)));
        if (metric instanceof HistogramSnapshot) {
            Stream.of("_bucket", "_count", "_sum").map(name(metric)::concat).forEach(names::add);
        }
        return names;
    }

    /** Returns the metrics of ours that pages name; not those of the changelog, which tells former names too. */
    private static Set<String> named(List<Page> pages) {
        return pages.stream()
                .filter(page -> !page.path().endsWith("changelog.md"))
                .flatMap(page -> METRIC.matcher(page.all()).results())
                .map(metric -> metric.group())
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> minus(Set<String> all, Set<String> some) {
        var left = new TreeSet<>(all);
        left.removeAll(some);
        return left;
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "src/site/README.zh-CN.md"})
    void readme_read_takesFiveMinutes(String page) throws Exception {
        int lines = Files.readAllLines(Path.of(page)).size();
        assertTrue(lines <= MAX_README_LINES, () -> lines + " lines");
    }
}
