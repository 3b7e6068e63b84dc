package alirtc.appserver.bench;

import alirtc.appserver.it.Distribution;
import alirtc.appserver.it.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A web application of empty servlets, each writing as many bytes as one of ours, which has more headers and less body. */
final class EmptyContext {
    private static final Map<String, Integer> BYTES =
            Map.of("token", 987, "descChannelStartTime", 388, "descChannelUsers", 490);

    private EmptyContext() {}

    /** Lays the application into a container's base folder. */
    static void addTo(Path base) {
        var classFile = "alirtc/appserver/bench/EmptyServlet.class";
        var web = base.resolve("webapps/empty/WEB-INF");
        try (InputStream in = EmptyContext.class.getClassLoader().getResourceAsStream(classFile)) {
            var target = web.resolve("classes").resolve(classFile);
            Files.createDirectories(target.getParent());
            if (in == null) {
                throw new IOException(classFile + " is not there");
            }
            Files.write(target, in.readAllBytes());
            Files.writeString(web.resolve("web.xml"), descriptor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns how long the container takes to start with this application alone. */
    static double startMillis(Distribution distribution, List<String> flags) throws IOException, InterruptedException {
        var base = Server.newBase(distribution);
        addTo(base);
        long begin = System.nanoTime();
        try (var server = Server.start(distribution, base, flags, Map.of(), Map.of())) {
            return server.port() > 0 ? (System.nanoTime() - begin) / 1e6 : Double.NaN;
        }
    }

    private static String descriptor() {
        var servlets = new StringBuilder();
        BYTES.forEach((name, bytes) -> servlets.append("""
                <servlet><servlet-name>%1$s</servlet-name>
                <servlet-class>alirtc.appserver.bench.EmptyServlet</servlet-class>
                <init-param><param-name>bytes</param-name><param-value>%2$d</param-value></init-param></servlet>
                <servlet-mapping><servlet-name>%1$s</servlet-name><url-pattern>/%1$s</url-pattern></servlet-mapping>
                """.formatted(name, bytes)));
        return """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
                <absolute-ordering/>%s</web-app>
                """.formatted(servlets);
    }
}
