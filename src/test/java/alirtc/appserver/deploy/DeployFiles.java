package alirtc.appserver.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The files that an operator deploys the server with. */
public final class DeployFiles {
    static final Path FOLDER = Path.of("src/deploy");
    /** Where the manifests are. */
    public static final Path KUBERNETES = FOLDER.resolve("kubernetes");

    static final Path COMPOSE = FOLDER.resolve("compose.yaml");

    private DeployFiles() {}

    static List<Path> all() throws IOException {
        try (var files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("secrets"))
                    .sorted()
                    .toList();
        }
    }

    /** Returns what a file in YAML says. */
    public static JsonNode yaml(Path file) {
        return YAMLMapper.shared().readTree(file);
    }

    /** Returns the instructions of the Dockerfile, a line each. */
    public static List<String> dockerfile() throws IOException {
        return List.of(Files.readString(FOLDER.resolve("Dockerfile"))
                .replaceAll("\\\\\n\\s*", "")
                .split("\n", -1));
    }
}
