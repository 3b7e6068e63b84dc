package alirtc.appserver.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** A servlet container as its makers ship it, unpacked by the build. Run from a base folder of its own. */
public sealed interface Distribution permits Tomcat, Jetty {

    /** Returns every container that the server is for, the oldest first. */
    static List<Distribution> all() {
        return List.of(tomcat10(), tomcat11(), jetty());
    }

    static Tomcat tomcat10() {
        return new Tomcat(home("tomcat10.home"));
    }

    static Tomcat tomcat11() {
        return new Tomcat(home("tomcat11.home"));
    }

    static Jetty jetty() {
        return new Jetty(home("jetty.home"), 0);
    }

    /** Returns where the container was unpacked; the folder's name tells its version. */
    Path home();

    /** Fills a new base folder with all that the container needs to serve what lies in the folder {@code webapps}. */
    void lay(Path base) throws IOException;

    /** Returns what to tell Java to run the container on a free port of 127.0.0.1. */
    List<String> arguments(Path base);

    /** Returns the line of output that tells the port, as its first group. */
    Pattern listening();

    /** Returns the line of output after which every application is deployed and every port open. */
    Pattern started();

    private static Path home(String property) {
        return Path.of(Objects.requireNonNull(
                System.getProperty(property), () -> "the build must set the system property " + property));
    }
}
