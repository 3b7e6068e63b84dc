package alirtc.appserver.auth;

import alirtc.appserver.config.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Tells clients apart by their addresses: by the connection's, or, where that is a trusted proxy's, by the one that the
 * proxy names in {@code X-Forwarded-For}. Thread-safe.
 */
final class ClientAddressResolver {
    /** A client of IPv6 has so many bytes to itself to choose its address from. */
    private static final int BYTES_OF_AN_IPV6_NETWORK = 8;

    private final List<Network> trusted;

    ClientAddressResolver(List<Network> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /**
     * Returns the name of a client: its IPv4 address, or the /64 of its IPv6 address.
     *
     * @param connection the address that the connection comes from, as the container writes it
     * @param forwardedFor the values of the header, in their order
     */
    String client(String connection, List<String> forwardedFor) {
        var known = Network.address(plain(connection));
        // A socket that has no address, such as a local one, is one client.
        return known.map(address -> name(beforeProxies(address, forwardedFor))).orElse("local");
    }

    /** Returns a client's address, if it is known and nobody untrusted passed its request on. */
    Optional<InetAddress> address(String connection, List<String> forwardedFor) {
        return Network.address(plain(connection))
                .filter(address -> forwardedFor.isEmpty() || isTrusted(address))
                .map(address -> beforeProxies(address, forwardedFor));
    }

    /**
     * Goes back from proxy to proxy, as long as they are trusted. What an untrusted one says, and what lies behind it, may
     * be a lie; behind something that is no address nothing is known.
     */
    private InetAddress beforeProxies(InetAddress connection, List<String> forwardedFor) {
        var address = connection;
        if (forwardedFor.isEmpty() || !isTrusted(address)) {
            return address;
        }
        var hops = new ArrayList<String>();
        forwardedFor.forEach(value -> hops.addAll(Arrays.asList(value.split(",", -1))));
        for (int i = hops.size() - 1; i >= 0 && isTrusted(address); i--) {
            var hop = Network.address(plain(hops.get(i)));
            if (hop.isEmpty()) {
                return address;
            }
            address = hop.get();
        }
        return address;
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    /** Takes off the brackets and the zone of an IPv6 address. */
    private static String plain(String text) {
        var stripped = text.strip();
        var bare = stripped.startsWith("[") && stripped.endsWith("]")
                ? stripped.substring(1, stripped.length() - 1)
                : stripped;
        int zone = bare.indexOf('%');
        return zone < 0 ? bare : bare.substring(0, zone);
    }

    private static String name(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, BYTES_OF_AN_IPV6_NETWORK)
                : address.getHostAddress();
    }
}
