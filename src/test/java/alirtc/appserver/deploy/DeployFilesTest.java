package alirtc.appserver.deploy;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.docs.Page;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** The files under src/deploy are ones that their programs take; the documentation leads to them and repeats none. */
class DeployFilesTest {
    /** So many lines in a row are no chance. */
    private static final int REPEATED_LINES = 4;

    @TempDir
    private Path folder;

    private static List<Path> files() throws IOException {
        return DeployFiles.all();
    }

    private static List<Page> pages() {
        return Stream.concat(Page.english().stream(), Page.chinese().stream()).toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void file_each_isRepeatedOnNoPage(Path file) throws Exception {
        var lines = Files.readAllLines(file).stream().map(String::strip).toList();
        for (var page : pages()) {
            var code = page.code().stream().map(String::strip).toList();
            for (int i = 0; i + REPEATED_LINES <= lines.size(); i++) {
                var some = lines.subList(i, i + REPEATED_LINES);
                assertFalse(Collections.indexOfSubList(code, some) >= 0, () -> page.path() + " repeats " + some);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/site/markdown", "src/site/zh_CN/markdown"})
    void folders_all_areLedToByTheDocumentation(String pages) throws Exception {
        var linked = new HashSet<Path>();
        for (var page : Page.below(Path.of(pages)).toList()) {
            page.links().stream()
                    .filter(link -> link.contains("/deploy/"))
                    .map(link -> page.path().resolveSibling(link).normalize())
                    .map(path -> path.getNameCount() > 3 ? path.subpath(0, 3) : path)
                    .forEach(linked::add);
        }
        var there = new TreeSet<Path>();
        try (var entries = Files.newDirectoryStream(DeployFiles.FOLDER)) {
            entries.forEach(there::add);
        }
        there.removeIf(path -> path.endsWith("secrets") || path.toString().endsWith(".dockerignore"));
        assertEquals(there, new TreeSet<>(linked));
    }

    @Test
    void systemdUnit_verified_isSound() throws Exception {
        var program = Program.find("systemd-analyze");
        var unit = Files.readString(DeployFiles.FOLDER.resolve("systemd/rtc-appserver.service"))
                // What is verified has to be there.
                .replace("/opt/tomcat/bin/catalina.sh", "/bin/true")
                .replaceAll("User=.*", "User=daemon");
        var file = Files.writeString(folder.resolve("rtc-appserver.service"), unit);

        var printed = program.run("verify", "--man=no", file.toString());

        assertFalse(printed.contains("rtc-appserver.service"), printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"upstream.conf", "upstream-compose.conf"})
    void nginx_tested_isSound(String upstream) throws Exception {
        var program = Program.find("nginx");
        var nginx = DeployFiles.FOLDER.resolve("nginx");
        Files.writeString(
                folder.resolve("upstream.conf"),
                Files.readString(nginx.resolve(upstream)).replace("appserver:", "localhost:"));
        new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "1",
                        "-subj",
                        "/CN=a",
                        "-keyout",
                        folder.resolve("key").toString(),
                        "-out",
                        folder.resolve("pem").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        Files.writeString(
                folder.resolve("rtc.conf"),
                Files.readString(nginx.resolve("rtc.conf")).replaceAll("/etc/nginx/rtc.example.com.", folder + "/"));
        var main = Files.writeString(
                folder.resolve("nginx.conf"),
                "pid " + folder + "/pid; error_log stderr; events {} http { access_log off; include " + folder
                        + "/upstream.conf; include " + folder + "/rtc.conf; }");

        program.run("-t", "-p", folder.toString(), "-c", main.toString());
    }

    @Test
    void plist_read_isAListOfTheFormOfApple() throws Exception {
        var builder = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
        builder.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
        var list = builder.parse(DeployFiles.FOLDER
                .resolve("launchd/com.example.rtc-appserver.plist")
                .toFile());
        var entries =
                list.getDocumentElement().getElementsByTagName("dict").item(0).getChildNodes();
        var names = new ArrayList<String>();
        for (int i = 0; i < entries.getLength(); i++) {
            if (entries.item(i) instanceof Element element) {
                names.add(element.getTagName());
            }
        }
        assertTrue(
                names.stream().collect(joining(" ")).matches("(key (string|array|dict|true)( |$))+"), names::toString);
    }
}
