package alirtc.appserver.description;

import static java.util.stream.Collectors.toUnmodifiableSet;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The OpenAPI document that the server serves, read more strictly than clients have to: an answer may have the fields that
 * are described, and no others. Thread-safe.
 */
public final class ApiDescription {
    /** That of this project. */
    public static final ApiDescription OURS = new ApiDescription(Path.of("webapp/openapi.yaml"));

    private static final String BASE = "urn:description";
    private static final String JSON = "application/json";

    /** What is described once for all paths, by status. */
    private static final Map<Integer, String> OF_EVERY_PATH = Map.of(
            400, "/components/responses/BadRequest",
            404, "/components/responses/NotFound",
            405, "/components/responses/MethodNotAllowed",
            408, "/components/responses/BodyTimeout",
            413, "/components/responses/TooLarge");

    /** What a body gets that nobody wants. */
    private static final Set<Integer> GIVEN_UP = Set.of(408, 413);

    private final JsonNode document;
    private final SchemaRegistry schemas;

    ApiDescription(Path file) {
        this.document = YAMLMapper.shared().readTree(file);
        this.schemas = SchemaRegistry.withDialect(
                Dialects.getOpenApi31(),
                builder -> builder.schemas(Map.of(BASE, strict(document).toString())));
    }

    private static JsonNode strict(JsonNode document) {
        var copy = document.deepCopy();
        for (var properties : copy.findParents("properties")) {
            ((ObjectNode) properties).put("additionalProperties", false);
        }
        return copy;
    }

    /** Returns the version that the document is of. */
    public String version() {
        return document.at("/info/version").asString();
    }

    /** Returns the paths. */
    public Set<String> paths() {
        return document.path("paths").propertyNames().stream().collect(toUnmodifiableSet());
    }

    /** Returns the statuses of the answers of a path. */
    public Set<Integer> statuses(String path) {
        return document.path("paths")
                .path(path)
                .valueStream()
                .flatMap(operation -> operation.path("responses").propertyNames().stream())
                .map(Integer::valueOf)
                .collect(toUnmodifiableSet());
    }

    /** Fails unless an answer is as it is described. */
    public void check(Exchange exchange) {
        var contradictions = contradictions(exchange);
        if (!contradictions.isEmpty()) {
            throw new AssertionError("Not as openapi.yaml describes it: " + contradictions + "\n" + exchange);
        }
    }

    /** Returns what of an answer is not as it is described. */
    List<String> contradictions(Exchange exchange) {
        if (!exchange.isPlain() && !exchange.mediaType().equals(JSON)) {
            // The container's own refusal, of which nothing is described.
            return List.of();
        }
        var path = pathOf(exchange);
        if (path.isEmpty()) {
            return isOfThePage(exchange.path()) ? List.of() : ofEveryPath(exchange, Set.of(400, 404, 405));
        }
        var item = "/paths/" + escaped(path.get());
        var method =
                exchange.method().equals("HEAD") ? "get" : exchange.method().toLowerCase(Locale.ROOT);
        if (document.at(item + "/" + method).isMissingNode()) {
            return ofEveryPath(exchange, Set.of(404, 405));
        }
        var response = item + "/" + method + "/responses/" + exchange.status();
        if (document.at(response).isMissingNode() && GIVEN_UP.contains(exchange.status())) {
            return ofEveryPath(exchange, GIVEN_UP);
        }
        return document.at(response).isMissingNode()
                ? List.of(method + " " + path.get() + " has no answer " + exchange.status())
                : contradictions(exchange, resolved(response));
    }

    /** Returns what is described of a path: that itself, before one with a parameter. */
    private Optional<String> pathOf(Exchange exchange) {
        var path = exchange.path();
        return paths().contains(path)
                ? Optional.of(path)
                : paths().stream()
                        .filter(candidate -> Pattern.matches(candidate.replaceAll("\\{[^}]*}", "[^/]+"), path))
                        .findFirst();
    }

    private static boolean isOfThePage(String path) {
        return path.startsWith("/page/") && Files.isRegularFile(Path.of("webapp" + path));
    }

    /** Returns what of an answer is not as it is described for every path, of the statuses that may come there. */
    private List<String> ofEveryPath(Exchange exchange, Set<Integer> statuses) {
        return statuses.contains(exchange.status())
                ? contradictions(exchange, Objects.requireNonNull(OF_EVERY_PATH.get(exchange.status())))
                : List.of("neither the path nor the method is described");
    }

    private List<String> contradictions(Exchange exchange, String response) {
        var found = new ArrayList<String>();
        document.at(response + "/headers")
                .propertyNames()
                .forEach(name -> found.addAll(headerContradictions(exchange, response, name)));
        var content = response + "/content/" + escaped(exchange.mediaType());
        if (document.at(content).isMissingNode()) {
            found.add(exchange.mediaType() + " is not described");
        } else if (!exchange.method().equals("HEAD")) {
            var isJson = exchange.mediaType().equals(JSON);
            schema(content + "/schema", isJson ? exchange.body() : quoted(exchange.body()))
                    .forEach(found::add);
            if (isJson && !exchange.body().contains("\"code\":\"" + exchange.status() + "\"")) {
                found.add("the code is not the status");
            }
        }
        return found;
    }

    private List<String> headerContradictions(Exchange exchange, String response, String name) {
        var header = resolved(response + "/headers/" + name);
        var values = exchange.headers().getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return document.at(header + "/required").asBoolean(false) ? List.of("no header " + name) : List.of();
        }
        return values.stream()
                .flatMap(value -> schema(header + "/schema", quoted(value)).map(error -> name + ": " + error))
                .toList();
    }

    /** Returns in what a JSON text differs from a schema of the document. */
    private Stream<String> schema(String pointer, String json) {
        return schemas.getSchema(SchemaLocation.of(BASE + "#" + pointer)).validate(json, InputFormat.JSON).stream()
                .map(Object::toString);
    }

    private String resolved(String pointer) {
        var reference = document.at(pointer + "/$ref");
        return reference.isMissingNode() ? pointer : reference.asString().substring(1);
    }

    private static String quoted(String text) {
        return StringNode.valueOf(text).toString();
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
