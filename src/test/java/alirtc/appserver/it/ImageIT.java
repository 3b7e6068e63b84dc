package alirtc.appserver.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.deploy.DeployFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the Dockerfile puts together, without a container engine: the same Tomcat with the same files, started by the same
 * command, with the WAR that has the sandbox and without any setting.
 */
final class ImageIT {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Pattern ENVIRONMENT = Pattern.compile("CATALINA_OPTS=\"([^\"]*)\"");
    private static final Pattern HEALTH_CHECK = Pattern.compile("HEALTHCHECK .* CMD (\\[.*])");

    private static Process process;
    private static Output output;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        var tomcat = Distribution.tomcat11();
        var base = Server.war().resolveSibling("it").resolve("image");
        Server.delete(base);
        for (var folder : List.of("conf", "tmp", "webapps/1v1-audio")) {
            Files.createDirectories(base.resolve(folder));
        }
        try (var settings = Files.newDirectoryStream(Path.of("src/deploy/tomcat"))) {
            for (var file : settings) {
                Files.copy(file, base.resolve("conf").resolve(file.getFileName()));
            }
        }
        Files.copy(tomcat.home().resolve("conf/web.xml"), base.resolve("conf/web.xml"));
        unpack(Server.war().resolveSibling("1v1-audio-sandbox.war"), base.resolve("webapps/1v1-audio"));

        var builder = new ProcessBuilder(
                        "bash", tomcat.home().resolve("bin/catalina.sh").toString(), "run")
                .directory(base.resolve("tmp").toFile())
                .redirectErrorStream(true);
        var environment = new HashMap<String, String>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("JAVA_HOME", Server.javaHome().toString());
        environment.put("CATALINA_BASE", base.toString());
        environment.put("CATALINA_TMPDIR", base.resolve("tmp").toString());
        environment.put("CATALINA_OPTS", instruction(ENVIRONMENT) + " -Dhttp.address=127.0.0.1 -Dhttp.port=0 -Xmx256m");
        builder.environment().clear();
        builder.environment().putAll(environment);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        output = Output.of(process.getInputStream(), base.resolve("output.log"));
        output.await(tomcat.started(), START_LIMIT);
        port = Integer.parseInt(output.await(tomcat.listening(), Duration.ZERO).group(1));
    }

    private static String instruction(Pattern pattern) throws IOException {
        return DeployFiles.dockerfile().stream()
                .map(pattern::matcher)
                .filter(line -> line.find())
                .map(line -> line.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static void unpack(Path war, Path folder) throws IOException {
        try (var zip = new ZipFile(war.toFile())) {
            for (var entry : zip.stream().toList()) {
                var file = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip.getInputStream(entry), file);
                }
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        process.toHandle().destroy();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS), "does not stop");
    }

    private static Answer get(String path) {
        return new Wire(port).get(path);
    }

    @Test
    void token_withoutAnySetting_isIssuedByTheSandboxsApplication() {
        var data = Envelopes.success(get("/1v1-audio/app/token?channelId=room1"));

        assertEquals("sandbox1", data.path("appid").textValue());
        assertTrue(
                Envelopes.success(get("/1v1-audio/app/state")).path("sandbox").booleanValue());
    }

    @Test
    void log_ofTheStart_saysWhereThePageIs() {
        assertTrue(output.text().contains("The page is at http://127.0.0.1:" + port + "/1v1-audio/"), output::text);
    }

    @Test
    void users_whoJoinedInTheSandbox_areToldByTheServer() {
        new Wire(port).sendUndescribed("PUT", "/1v1-audio/sandbox/channels/room2/users/alice");

        var data = Envelopes.success(get("/1v1-audio/app/descChannelUsers?channelId=room2"));

        assertEquals("alice", data.path("userList").path(0).textValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"startupProbe", "livenessProbe", "readinessProbe"})
    void probe_ofKubernetes_findsTheServerWell(String name) {
        var container = DeployFiles.yaml(DeployFiles.KUBERNETES.resolve("deployment.yaml"))
                .at("/spec/template/spec/containers/0");
        var path = container.path(name).path("httpGet").path("path").asString();

        assertEquals(200, get(path).status(), path);
    }

    @Test
    void healthCheck_ofTheImage_findsTheServerWell() throws Exception {
        var command = JsonMapper.shared()
                .readTree(instruction(HEALTH_CHECK))
                .valueStream()
                .map(word -> word.asString().replace("127.0.0.1/8080", "127.0.0.1/" + port))
                .toList();

        assertEquals(0, new ProcessBuilder(command).start().waitFor(), command::toString);
        var elsewhere = command.stream()
                .map(word -> word.replace("/health/live", "/health/none"))
                .toList();
        assertEquals(1, new ProcessBuilder(elsewhere).start().waitFor(), elsewhere::toString);
    }
}
