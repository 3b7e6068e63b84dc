package alirtc.appserver.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that judges a file. Where this machine lacks it the test is skipped, and says so; with
 * {@code -Dprograms.required=true} it fails.
 *
 * @param path where it is
 */
record Program(Path path) {
    /** Where Debian keeps programs, besides those on the user's path. */
    private static final List<String> MORE_FOLDERS = List.of("/usr/sbin", "/sbin");

    static Program find(String name) {
        var found = Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1)), MORE_FOLDERS.stream())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        var lacking = "this machine has no " + name;
        assertTrue(found.isPresent() || !Boolean.getBoolean("programs.required"), lacking);
        assumeTrue(found.isPresent(), lacking);
        return new Program(found.get());
    }

    /** Runs it to its end and makes sure that it is content; returns what it prints. */
    String run(String... arguments) throws IOException, InterruptedException {
        var process = start(ProcessBuilder.Redirect.PIPE, arguments);
        process.getOutputStream().close();
        return contentment(process);
    }

    /** Runs it to its end with a file for its input and makes sure that it is content. */
    void runWith(Path input, String... arguments) throws IOException, InterruptedException {
        contentment(start(ProcessBuilder.Redirect.from(input.toFile()), arguments));
    }

    /** Starts it. */
    Process start(ProcessBuilder.Redirect input, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(path.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(input)
                .start();
    }

    private String contentment(Process process) throws IOException, InterruptedException {
        var printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), () -> path + ": " + printed);
        return printed;
    }
}
