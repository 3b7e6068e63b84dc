package alirtc.appserver.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Eclipse Jetty, set up as the documentation says.
 *
 * @param home where it was unpacked
 * @param port what it listens on; 0 for any that is free
 */
public record Jetty(Path home, int port) implements Distribution {

    /** Returns the same one on a port that has to be known before it starts. */
    public Jetty on(int knownPort) {
        return new Jetty(home, knownPort);
    }

    @Override
    public void lay(Path base) throws IOException {
        for (var folder : List.of("webapps", "temp")) {
            Files.createDirectories(base.resolve(folder));
        }
    }

    @Override
    public List<String> arguments(Path base) {
        return List.of(
                "-Djava.io.tmpdir=" + base.resolve("temp"),
                "-jar",
                home.resolve("start.jar").toString(),
                "jetty.home=" + home,
                "jetty.base=" + base,
                "jetty.http.host=127.0.0.1",
                "jetty.http.port=" + port,
                "jetty.server.stopTimeout=8000",
                "jetty.httpConfig.headerCacheSize=0",
                // After the properties, or Jetty silently listens on 8080.
                "--module=http,ee10-deploy,graceful");
    }

    @Override
    public Pattern listening() {
        return Pattern.compile("Started oejs\\.ServerConnector@.*\\{127\\.0\\.0\\.1:([0-9]+)}");
    }

    @Override
    public Pattern started() {
        return Pattern.compile("Started oejs\\.Server@");
    }

    @Override
    public String toString() {
        return String.valueOf(home.getFileName());
    }
}
