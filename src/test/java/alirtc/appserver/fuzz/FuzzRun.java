package alirtc.appserver.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Fuzzes the targets one after the other with Jazzer, from their kept inputs on. What it finds goes to {@code target/fuzz}:
 * new inputs, and under {@code crash-}, {@code timeout-} or {@code oom-} those that show a defect.
 *
 * @see <a href="https://github.com/CodeIntelligenceTesting/jazzer">Jazzer</a>
 */
public final class FuzzRun {
    /** Whose branches guide the fuzzer: ours, and those that parse for us. */
    private static final String GUIDES = "alirtc.**:com.nimbusds.**:com.google.gson.**:com.fasterxml.jackson.core.**";

    /** An operator's settings name files, and the upstream is asked over the network. */
    private static final String NO_DEFECTS_HERE = "com.code_intelligence.jazzer.sanitizers.FilePathTraversal"
            + ":com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery";

    /** How long the fuzzer may take beside the fuzzing. */
    private static final int START_SECONDS = 60;

    private FuzzRun() {}

    /** Takes how many seconds to fuzz each target, and perhaps a part of the names of those to fuzz. */
    public static void main(String[] args) throws Exception {
        var failed = new ArrayList<String>();
        for (var target : FuzzTargets.all()) {
            if (args.length < 2 || target.className().contains(args[1])) {
                System.out.println("Fuzzing " + target.className());
                if (exitCode(target, Integer.parseInt(args[0])) != 0) {
                    failed.add(target.className());
                }
            }
        }
        if (!failed.isEmpty()) {
            System.err.println("Defects found by " + String.join(", ", failed) + "; see above, and target/fuzz");
            System.exit(1);
        }
    }

    private static int exitCode(FuzzTargets.Target target, int seconds) throws IOException, InterruptedException {
        var folder = Path.of("target/fuzz", target.className());
        var out = Files.createDirectories(folder.resolve("new"));
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.className(),
                "--instrumentation_includes=" + GUIDES,
                "--disabled_hooks=" + NO_DEFECTS_HERE,
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_total_time=" + seconds,
                "-max_len=8192",
                // No input may take longer, or fill more memory.
                "-timeout=2",
                "-rss_limit_mb=2048",
                "-print_final_stats=1",
                out.toString(),
                target.inputs().toString());
        var fuzzer = new ProcessBuilder(command).inheritIO().start();
        if (!fuzzer.waitFor(seconds + START_SECONDS, TimeUnit.SECONDS)) {
            System.err.println("The fuzzer did not end by itself");
            return fuzzer.destroyForcibly().waitFor();
        }
        return fuzzer.exitValue();
    }
}
