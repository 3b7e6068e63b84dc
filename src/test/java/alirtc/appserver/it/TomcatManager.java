package alirtc.appserver.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.opentest4j.AssertionFailedError;

/** Tomcat's own manager application: deploys and undeploys while the server runs, and looks into its JVM. */
final class TomcatManager {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final String authorization;
    private final int port;

    private TomcatManager(String password, int port) {
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(("it:" + password).getBytes(UTF_8));
        this.port = port;
    }

    /** Puts the manager into a base folder, and returns the password that it will ask for. */
    static String install(Tomcat tomcat, Path base) throws IOException {
        var password = UUID.randomUUID().toString();
        Files.writeString(
                base.resolve("conf/manager-users.xml"),
                "<tomcat-users><user username='it' password='" + password
                        + "' roles='manager-script'/></tomcat-users>");
        Files.createDirectories(base.resolve("conf/Catalina/localhost"));
        Files.writeString(
                base.resolve("conf/Catalina/localhost/manager.xml"),
                "<Context docBase='" + tomcat.home().resolve("webapps/manager") + "' privileged='true'>"
                        + "<Realm className='org.apache.catalina.realm.MemoryRealm' pathname='conf/manager-users.xml'/>"
                        + "</Context>");
        return password;
    }

    /** Returns the manager of a running server into whose base it was installed. */
    static TomcatManager of(Server server, String password) {
        return new TomcatManager(password, server.port());
    }

    /** Deploys the WAR, in the place of one that may be there. */
    void deploy(Path war) throws IOException, InterruptedException {
        ok("deploy?update=true&path=" + Server.CONTEXT + "&war=" + war.toUri());
    }

    void undeploy() throws IOException, InterruptedException {
        ok("undeploy?path=" + Server.CONTEXT);
    }

    /** Collects garbage, and returns the paths of applications that were stopped and are still held in memory. */
    List<String> leaks() throws IOException, InterruptedException {
        return ok("findleaks?statusLine=true").lines().skip(1).toList();
    }

    /** Returns a dump of all threads. */
    String threads() throws IOException, InterruptedException {
        return ok("threaddump");
    }

    private String ok(String command) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/manager/text/" + command))
                .header("Authorization", authorization)
                .timeout(TIMEOUT)
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200 || !answer.body().startsWith("OK")) {
            throw new AssertionFailedError(command + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }
}
