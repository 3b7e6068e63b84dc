package alirtc.appserver.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container in a process of its own, on a free port of 127.0.0.1, with the WAR at {@code /1v1-audio}. */
public final class Server implements AutoCloseable {
    static final String CONTEXT = "/1v1-audio";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** As quick to start as can be, on a machine as unlike ours as can be: the texts we write must not depend on it. */
    private static final List<String> JAVA = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            // What only soft references hold is garbage, so that a collection shows what would stay.
            "-XX:SoftRefLRUPolicyMSPerMB=0",
            "-Duser.language=th",
            "-Duser.country=TH",
            "-Duser.timezone=Asia/Kolkata");

    private final Distribution distribution;
    private final Path base;
    private final Process process;
    private final Output output;
    private final int port;

    /**
     * How a server ended.
     *
     * @param exit the exit code of its process
     * @param took how long that took from the signal on
     */
    record Ending(int exit, Duration took) {}

    private Server(Distribution distribution, Path base, Process process, Output output, int port) {
        this.distribution = distribution;
        this.base = base;
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /** Returns the JDK that servers run on: that of the tests, unless {@code server.java.home} says otherwise. */
    static Path javaHome() {
        var own = System.getProperty("java.home");
        return Path.of(System.getProperty("server.java.home", own));
    }

    private static String jdk(String program) {
        return javaHome().resolve("bin").resolve(program).toString();
    }

    /** Returns a new base folder for the container, without any application. */
    public static Path newBase(Distribution distribution) throws IOException {
        var base = war().resolveSibling("it").resolve(COUNT.incrementAndGet() + "-" + distribution);
        delete(base);
        distribution.lay(base);
        return base;
    }

    /** Returns the WAR that the build made. */
    static Path war() {
        return Path.of(Objects.requireNonNull(System.getProperty("war"), "the build must set the system property war"));
    }

    /**
     * Deploys the WAR in a new container and waits until that has started, with the WAR or without.
     *
     * @param properties system properties of the process
     * @param environment all variables of the process
     */
    static Server start(Distribution distribution, Map<String, String> properties, Map<String, String> environment)
            throws IOException, InterruptedException {
        return start(distribution, withWar(distribution), properties, environment);
    }

    /** Returns a new base folder for the container, with the WAR. */
    public static Path withWar(Distribution distribution) throws IOException {
        var base = newBase(distribution);
        Files.copy(war(), base.resolve("webapps" + CONTEXT + ".war"));
        return base;
    }

    /** Starts a container with what its base folder holds. */
    static Server start(
            Distribution distribution, Path base, Map<String, String> properties, Map<String, String> environment)
            throws IOException, InterruptedException {
        return start(distribution, base, JAVA, properties, environment);
    }

    /**
     * Starts a container with what its base folder holds.
     *
     * @param flags what to tell Java
     */
    public static Server start(
            Distribution distribution,
            Path base,
            List<String> flags,
            Map<String, String> properties,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(jdk("java"));
        command.addAll(flags);
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(distribution.arguments(base));
        var builder = new ProcessBuilder(command).directory(base.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        var process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        try {
            var output = Output.of(process.getInputStream(), base.resolve("output.log"));
            output.await(distribution.started(), START_LIMIT);
            var port = output.await(distribution.listening(), Duration.ZERO).group(1);
            return new Server(distribution, base, process, output, Integer.parseInt(port));
        } catch (InterruptedException | RuntimeException | AssertionFailedError e) {
            process.toHandle().destroyForcibly();
            throw e;
        }
    }

    /** Returns a way to talk to the server. */
    Wire wire() {
        return new Wire(port);
    }

    /** Returns the port of 127.0.0.1 that it listens on. */
    public int port() {
        return port;
    }

    /** Reads what the server prints from now on, and keeps nothing of it. */
    public void forgetOutput() {
        output.forget();
    }

    /** Hands the lines that the server prints from now on to a listener, one after the other, and keeps none in memory. */
    public void forwardOutput(Consumer<String> listener) {
        output.forward(listener);
    }

    Output output() {
        return output;
    }

    /** Returns all that the server wrote: its output, and the file in which Tomcat keeps what applications throw. */
    String log() throws IOException {
        var text = new StringBuilder(output.text());
        var logs = base.resolve("logs");
        if (Files.isDirectory(logs)) {
            try (var files = Files.newDirectoryStream(logs, "localhost.*")) {
                for (var file : files) {
                    text.append('\n').append(Files.readString(file));
                }
            }
        }
        return text.toString();
    }

    /** Returns how much heap is in use after a collection, by the JDK's own tool. */
    public long heapBytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        return jcmd("GC.class_histogram")
                .filter(line -> line.startsWith("Total"))
                .map(line -> line.split("\\s+"))
                .mapToLong(columns -> Long.parseLong(columns[2]))
                .sum();
    }

    /** Returns how much processor time it has taken so far, on all processors together. */
    public Duration processorTime() {
        return process.toHandle().info().totalCpuDuration().orElseThrow();
    }

    /** Returns how many threads it has, by the JDK's own tool. */
    public long threads() throws IOException, InterruptedException {
        return jcmd("Thread.print").filter(line -> line.startsWith("\"")).count();
    }

    /**
     * Returns what the process has open, as Linux names it: files by their paths, connections and sockets that listen as
     * {@code socket:[number]}.
     */
    public List<String> openFiles() throws IOException {
        var open = new ArrayList<String>();
        try (var files = Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            for (var file : files) {
                try {
                    open.add(Files.readSymbolicLink(file).toString());
                } catch (NoSuchFileException e) {
                    LOG.debug("Closed meanwhile: {}", file, e);
                }
            }
        }
        return open;
    }

    private Stream<String> jcmd(String command) throws IOException, InterruptedException {
        var tool = new ProcessBuilder(jdk("jcmd"), Long.toString(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        var lines = tool.inputReader().lines().toList();
        tool.waitFor();
        return lines.stream();
    }

    /** Sends SIGTERM and waits for the end. */
    Ending stop() throws InterruptedException {
        var start = System.nanoTime();
        // Not of the process itself, which would close its output too.
        process.toHandle().destroy();
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionFailedError(this + " did not end within " + STOP_LIMIT + ":\n" + output.text());
        }
        var took = Duration.ofNanos(System.nanoTime() - start);
        output.awaitEnd(STOP_LIMIT);
        return new Ending(process.exitValue(), took);
    }

    /** Ends the process at once, and leaves all its files as they are. */
    public void kill() {
        process.toHandle().destroyForcibly();
        process.toHandle().onExit().join();
    }

    /** Ends the process at once, if it still runs, and leaves of its files what it wrote to its logs. */
    @Override
    public void close() {
        kill();
        try {
            for (var folder : List.of("webapps", "work", "temp")) {
                delete(base.resolve(folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            try (var files = Files.walk(root)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public String toString() {
        return distribution.toString();
    }
}
