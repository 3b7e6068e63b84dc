package alirtc.appserver.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The forms of settings that say where something is, or from where somebody may come. */
final class AddressForms {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Pattern WEB = Pattern.compile("(?i)https?:.*");
    private static final String WEB_PROBLEM = "must be a web address such as https://host";

    private static final Pattern SLASHES_AT_END = Pattern.compile("/+$");

    private static final Pattern REDIS_USER = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern REDIS_DATABASE = Pattern.compile("(/([0-9]{1,4})?)?");
    private static final String REDIS_PROBLEM =
            "must be one address such as redis://host:6379 or rediss://user@host:6379/0";

    /** As browsers write it: in lower case, without a path (RFC 6454, section 6.2). */
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\\[[0-9a-f:.]+])(?::[1-9][0-9]{0,4})?");

    private static final Pattern STANDARD_PORT = Pattern.compile("http://.*:80|https://.*:443");

    private AddressForms() {}

    /** Returns the form of lists of web addresses; at least one. */
    static Form<List<String>> webAddresses() {
        return new Form<>(
                "web addresses, commas between",
                text -> TextForms.each(text, address -> parseWeb(address).toString()));
    }

    /** Returns the form of the address of an API: encrypted, or on this machine. */
    static Form<URI> endpoint() {
        return new Form<>("https://host, no path; http for 127.0.0.1, localhost and [::1] only", text -> {
            var address = parseSafe(text);
            var path = address.getRawPath();
            if (!path.isEmpty() && !"/".equals(path)) {
                throw new IllegalArgumentException("must have no path");
            }
            return address;
        });
    }

    /**
     * Returns the form of the address of a server with its context path: encrypted, or on this machine. The value has no
     * slash at its end.
     */
    static Form<URI> server() {
        return new Form<>(
                "https://host/path; http for 127.0.0.1, localhost and [::1] only",
                text -> URI.create(
                        SLASHES_AT_END.matcher(parseSafe(text).toString()).replaceAll("")));
    }

    /** Returns the form of the address of a receiver of messages, encrypted or on this machine; taken as it is. */
    static Form<URI> receiver() {
        return new Form<>("https://host/path; http for 127.0.0.1, localhost and [::1] only", AddressForms::parseSafe);
    }

    /** Returns the form of folders; whether there is one is not looked at. */
    static Form<Path> folder() {
        return new Form<>("an absolute path", text -> {
            try {
                var folder = Path.of(text);
                if (folder.isAbsolute()) {
                    return folder;
                }
            } catch (InvalidPathException e) {
                // No path at all.
            }
            throw new IllegalArgumentException("must be an absolute path");
        });
    }

    /** Returns the form of the address of a document, encrypted or on this machine, or of a file that can be read. */
    static Form<URI> document() {
        return new Form<>(
                "a file; https://host/path; http for 127.0.0.1, localhost and [::1] only",
                text -> WEB.matcher(text).matches() ? parseSafe(text) : parseFile(text));
    }

    /**
     * Returns the form of the address of a Redis server.
     *
     * @param password the setting that the password belongs into
     */
    static Form<URI> redis(Setting<?> password) {
        return new Form<>(
                "redis://host:6379, rediss://user@host:6379/0; never a password",
                text -> parseRedis(text, password.name()));
    }

    /** Returns the form of lists of IP addresses and networks; at least one. */
    static Form<List<Network>> networks() {
        return new Form<>(
                "IP addresses or networks such as 10.0.0.0/8, commas between",
                text -> TextForms.each(text, Network::parse));
    }

    /** Returns the form of sets of origins; {@link AccessConfig#ANY_ORIGIN} stands alone for all. */
    static Form<Set<String>> origins() {
        return new Form<>("origins such as https://web.example, commas between; or *", false, true, text -> {
            if (AccessConfig.ANY_ORIGIN.equals(text)) {
                return Set.of(text);
            }
            return new LinkedHashSet<>(TextForms.each(text, AddressForms::parseOrigin));
        });
    }

    private static URI parseSafe(String text) {
        var address = parseWeb(text);
        if ("http".equals(address.getScheme()) && !LOOPBACK.contains(address.getHost())) {
            throw new IllegalArgumentException(
                    "must be https, since others can read and change what http carries; http is for 127.0.0.1 alone");
        }
        return address;
    }

    private static URI parseWeb(String text) {
        var address = parseUri(text, WEB_PROBLEM);
        var web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
        if (!web
                || address.getHost() == null
                || address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw new IllegalArgumentException(WEB_PROBLEM);
        }
        return address;
    }

    private static URI parseUri(String text, String problem) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            // Its message may hold a password.
            throw new IllegalArgumentException(problem, null);
        }
    }

    private static URI parseFile(String text) {
        try {
            var file = Path.of(text);
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                return file.toUri();
            }
        } catch (IllegalArgumentException e) {
            // No path at all: rejected like one that leads nowhere.
        }
        throw new IllegalArgumentException("must be an https address or a file that can be read");
    }

    private static URI parseRedis(String text, String password) {
        var address = parseUri(text, REDIS_PROBLEM);
        var user = address.getRawUserInfo();
        if (user != null && user.contains(":")) {
            throw new IllegalArgumentException("must hold no password, since addresses are logged; set " + password);
        }
        var redis = "redis".equals(address.getScheme()) || "rediss".equals(address.getScheme());
        if (!redis
                || address.getHost() == null
                || (user != null && !REDIS_USER.matcher(user).matches())
                || !REDIS_DATABASE.matcher(address.getRawPath()).matches()
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw new IllegalArgumentException(REDIS_PROBLEM);
        }
        return address;
    }

    private static String parseOrigin(String text) {
        if (!ORIGIN.matcher(text).matches() || STANDARD_PORT.matcher(text).matches()) {
            throw new IllegalArgumentException("must be * or origins such as https://web.example, commas between; in"
                    + " lower case, with no path, and with a port only if it is not the scheme's own");
        }
        return text;
    }
}
