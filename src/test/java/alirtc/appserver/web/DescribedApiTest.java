package alirtc.appserver.web;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.description.ApiDescription;
import alirtc.appserver.docs.WebXml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The description of the API has all routes and codes, and no others; the answers are held against it as tests get them. */
class DescribedApiTest {
    private static final ApiDescription DESCRIPTION = ApiDescription.OURS;

    @Test
    void routes_described_areThoseOfWebXmlAndFiles() throws Exception {
        var mapped = WebXml.mappedPatterns();

        var missing = mapped.stream()
                .filter(pattern -> DESCRIPTION.paths().stream().noneMatch(path -> WebXml.covers(pattern, path)))
                .toList();
        assertEquals(List.of(), missing, "routes that the description lacks");

        var invented = DESCRIPTION.paths().stream()
                .filter(path -> !Files.exists(Path.of("webapp" + path)))
                .filter(path -> mapped.stream().noneMatch(pattern -> WebXml.covers(pattern, path)))
                .toList();
        assertEquals(List.of(), invented, "routes that the description invents");
    }

    @Test
    void codes_described_areThoseOfTheServer() {
        var codes = Arrays.stream(ErrorCode.values()).map(ErrorCode::status).collect(toCollection(TreeSet::new));
        codes.add(200);
        var described = DESCRIPTION.paths().stream()
                .flatMap(path -> DESCRIPTION.statuses(path).stream())
                .collect(toCollection(TreeSet::new));
        // Of every path.
        described.add(405);

        assertEquals(codes, described);
    }

    @Test
    void version_described_isTheServers() throws Exception {
        try (var server = TestServer.start(Map.of())) {
            assertEquals(server.now("state", "a").data().path("version").textValue(), DESCRIPTION.version());
        }
    }
}
