package alirtc.appserver.deploy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What the alert rules and the dashboard ask of Prometheus. */
final class Expressions {
    static final Path RULES = Path.of("src/deploy/prometheus/alerts.yml");
    static final Path DASHBOARD = Path.of("src/deploy/grafana/dashboard.json");

    private static final Pattern METRIC = Pattern.compile("\\b(alirtc|jvm|process)_[a-z_]+");

    private Expressions() {}

    /** Returns the rules, each an object with {@code alert} and {@code expr}. */
    static List<JsonNode> rules() {
        return YAMLMapper.shared().readTree(RULES).findValues("rules").stream()
                .flatMap(JsonNode::valueStream)
                .toList();
    }

    /** Returns the expressions of the rules, and those of the dashboard with its variables filled in. */
    static List<String> all() {
        var all = new ArrayList<>(
                rules().stream().map(rule -> rule.path("expr").asString()).toList());
        JsonMapper.shared()
                .readTree(DASHBOARD)
                .findValues("expr")
                .forEach(expression -> all.add(
                        expression.asString().replace("$__rate_interval", "1m").replace("$instance", ".*")));
        return all;
    }

    /** Returns the names of the metrics in them. */
    static Set<String> metrics() {
        var names = new TreeSet<String>();
        all().forEach(expression -> METRIC.matcher(expression).results().forEach(name -> names.add(name.group())));
        return names;
    }
}
