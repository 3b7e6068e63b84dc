package alirtc.appserver.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Dockerfile and the file for Compose keep good practice and fit the project. */
class ContainerFilesTest {
    private static final Pattern IMAGE =
            Pattern.compile("[a-z./-]+:v?[0-9]+\\.[0-9.]+(-[a-z0-9.-]+)?|eclipse-temurin:17-jdk-noble");

    /** The rules of hadolint that concern this file, since the program itself is not to be had here. */
    @Test
    void dockerfile_byTheRulesOfHadolint_isSound() throws Exception {
        var lines = DeployFiles.dockerfile();
        var stages = new HashSet<>(Set.of("scratch", "${WAR}"));
        for (var line : lines) {
            if (line.startsWith("FROM ")) {
                var words = line.split(" ", -1);
                assertTrue(stages.contains(words[1]) || IMAGE.matcher(words[1]).matches(), line);
                stages.add(words[3]);
            }
            assertFalse(line.startsWith("ADD ") || line.startsWith("MAINTAINER"), line);
            assertFalse(line.matches("RUN .*(sudo|apt-get|cd ).*"), line);
            assertTrue(!line.startsWith("WORKDIR ") || line.startsWith("WORKDIR /"), line);
            assertTrue(!line.matches("(CMD|ENTRYPOINT) .*") || line.contains("["), line);
        }
        assertTrue(lines.contains("USER 10001:10001"));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("HEALTHCHECK ")));
    }

    @Test
    void dockerfile_tomcat_isTheOneThatIsTested() throws Exception {
        var version = Pattern.compile("<tomcat11.version>(.*)</tomcat11.version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertTrue(version.find());
        assertTrue(
                DeployFiles.dockerfile().stream()
                        .anyMatch(line -> line.startsWith("FROM tomcat:" + version.group(1) + "-jre17")),
                version::group);
    }

    @Test
    void compose_services_areHardenedAndFindTheirFiles() throws Exception {
        var compose = DeployFiles.yaml(DeployFiles.COMPOSE);
        var secrets = compose.path("secrets").propertyNames();
        assertTrue(compose.path("x-hardened").path("read_only").asBoolean());
        for (var service : compose.path("services").properties()) {
            assertEquals("hardened", service.getValue().path("<<").asString(), service::toString);
            assertTrue(
                    IMAGE.matcher(service.getValue().path("image").asString()).matches(), service::toString);
            for (var secret : service.getValue().path("secrets")) {
                assertTrue(secrets.contains(secret.asString()), secret::toString);
            }
            for (var volume : service.getValue().path("volumes")) {
                var source = volume.asString().split(":", -1)[0];
                assertTrue(
                        !source.startsWith("./")
                                || source.startsWith("./secrets/")
                                || Files.exists(DeployFiles.FOLDER.resolve(source)),
                        source);
            }
        }
    }
}
