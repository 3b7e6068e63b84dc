package alirtc.appserver.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The fuzz targets: classes with a method {@code fuzzerTestOneInput(byte[])} that throws if an input shows a defect. Each
 * has a folder of inputs by its own name with {@code Inputs} after it, as Jazzer lays them out.
 */
final class FuzzTargets {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final String SUFFIX = "Inputs";

    private FuzzTargets() {}

    /**
     * A target.
     *
     * @param className the full name of its class
     * @param inputs the folder of its inputs
     */
    record Target(String className, Path inputs) {
        /** Returns the files of the folder, in order. */
        List<Path> files() throws IOException {
            try (var files = Files.list(inputs)) {
                return files.sorted().toList();
            }
        }
    }

    static List<Target> all() throws IOException {
        var targets = new ArrayList<Target>();
        try (var folders = Files.walk(RESOURCES)) {
            for (var folder : folders.sorted().toList()) {
                var name = RESOURCES.relativize(folder).toString();
                if (Files.isDirectory(folder) && name.endsWith(SUFFIX)) {
                    var className = name.substring(0, name.length() - SUFFIX.length());
                    targets.add(
                            new Target(className.replace(folder.getFileSystem().getSeparator(), "."), folder));
                }
            }
        }
        return targets;
    }
}
