package alirtc.appserver.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Apache Tomcat.
 *
 * @param home where it was unpacked
 */
public record Tomcat(Path home) implements Distribution {
    /**
     * The distribution's own settings without what listens elsewhere, with a port of the system's choice, and with the
     * valve that every Tomcat on a network should have: what it refuses before it knows the application, it would
     * otherwise answer with its own stack trace.
     */
    private static final String SERVER = """
            <Server port="-1">
              <Listener className="org.apache.catalina.core.JreMemoryLeakPreventionListener"/>
              <Listener className="org.apache.catalina.core.ThreadLocalLeakPreventionListener"/>
              <Service name="Catalina">
                <Connector protocol="HTTP/1.1" address="127.0.0.1" port="0"/>
                <Engine name="Catalina" defaultHost="localhost">
                  <Host name="localhost" appBase="webapps">
                    <Valve className="org.apache.catalina.valves.ErrorReportValve"
                           showReport="false" showServerInfo="false"/>
                  </Host>
                </Engine>
              </Service>
            </Server>
            """;

    /** What {@code catalina.sh} opens, so that Tomcat can look for leaks. */
    private static final List<String> OPENED = List.of(
            "java.base/java.lang",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.rmi/sun.rmi.transport");

    @Override
    public void lay(Path base) throws IOException {
        for (var folder : List.of("conf", "webapps", "temp", "logs", "work")) {
            Files.createDirectories(base.resolve(folder));
        }
        for (var file : List.of("web.xml", "logging.properties")) {
            Files.copy(home.resolve("conf").resolve(file), base.resolve("conf").resolve(file));
        }
        Files.writeString(base.resolve("conf/server.xml"), SERVER);
    }

    @Override
    public List<String> arguments(Path base) {
        var arguments = new ArrayList<String>();
        OPENED.forEach(opened -> arguments.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        Stream.of(
                        "-Djava.util.logging.config.file=" + base.resolve("conf/logging.properties"),
                        "-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager",
                        "-Dcatalina.home=" + home,
                        "-Dcatalina.base=" + base,
                        "-Djava.io.tmpdir=" + base.resolve("temp"),
                        "-cp",
                        home.resolve("bin/bootstrap.jar") + ":" + home.resolve("bin/tomcat-juli.jar"),
                        "org.apache.catalina.startup.Bootstrap",
                        "start")
                .forEach(arguments::add);
        return arguments;
    }

    @Override
    public Pattern listening() {
        return Pattern.compile("Starting ProtocolHandler \\[\"http-nio-127\\.0\\.0\\.1-auto-1-([0-9]+)\"]");
    }

    @Override
    public Pattern started() {
        return Pattern.compile("Server startup in \\[");
    }

    @Override
    public String toString() {
        return String.valueOf(home.getFileName());
    }
}
