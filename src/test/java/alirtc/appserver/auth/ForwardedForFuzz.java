package alirtc.appserver.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import alirtc.appserver.config.AppConfig;
import alirtc.appserver.config.TestConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What an untrusted hop says, or lies behind one, never tells who a client is. The first line of an input is the
 * connection's address, each other a header {@code X-Forwarded-For}.
 */
public final class ForwardedForFuzz {
    private static final String PROXY = "10.1.2.3";
    private static final String STRANGER = "203.0.113.7";
    private static final Pattern NAME = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9a-f]{16}|local");
    private static final AppConfig CONFIG =
            TestConfig.of(Map.of("proxy.trusted", "10.0.0.0/8, ::1, 2001:db8::/32", "metrics.allow", "192.0.2.0/24"));
    private static final ClientAddressResolver ADDRESSES =
            new ClientAddressResolver(CONFIG.access().trustedProxies());
    private static final MetricsAccess READERS =
            new MetricsAccess(CONFIG.access().metricsReaders(), CONFIG.access().trustedProxies());

    private ForwardedForFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var lines = Arrays.asList(new String(input, ISO_8859_1).split("\n", -1));
        var headers = lines.subList(1, lines.size());
        var name = ADDRESSES.client(lines.get(0), headers);
        require(NAME.matcher(name).matches(), "a client by the name of " + name);
        require(ADDRESSES.client(STRANGER, headers).equals(STRANGER), "a stranger that forwards");
        require(
                !READERS.mayRead(new RequestAttributes("192.0.2.1", with(headers, "192.0.2.1"), List.of())),
                "a false reader");
        for (var said : List.of(STRANGER, "x, " + STRANGER, "192.0.2.1 , [::1]," + STRANGER + " ,10.9.9.9")) {
            require(ADDRESSES.client(PROXY, with(headers, said)).equals(STRANGER), "what lies behind a stranger");
            require(
                    !READERS.mayRead(new RequestAttributes(PROXY, with(headers, said), List.of())),
                    "a stranger that reads");
        }
        require(ADDRESSES.client(PROXY, with(headers, "unknown")).equals(PROXY), "what lies behind nothing");
    }

    private static List<String> with(List<String> headers, String last) {
        var more = new ArrayList<>(headers);
        more.add(last);
        return more;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
