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
 * Resolves the address of a client: the address of the connection, or, if that is a trusted proxy's, the one that the
 * proxy names in {@code X-Forwarded-For}. Thread-safe.
 */
final class ClientAddressResolver {
    /** The first half of an IPv6 address identifies the network; a client may choose the rest at will. */
    private static final int IPV6_NETWORK_BYTES = 8;

    private final List<Network> trusted;

    ClientAddressResolver(List<Network> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /**
     * Returns a key that identifies a client: its IPv4 address, or the /64 of its IPv6 address in hexadecimal.
     *
     * @param connection the address that the connection comes from, as the container writes it
     * @param forwardedFor the values of the header, in their order
     */
    String client(String connection, List<String> forwardedFor) {
        var known = Network.address(plain(connection));
        // All connections without an address, such as those of a local socket, count as one client.
        return known.map(address -> name(beforeProxies(address, forwardedFor))).orElse("local");
    }

    /** Returns the address of a client; empty if it is unknown, or if an untrusted proxy forwarded the request. */
    Optional<InetAddress> address(String connection, List<String> forwardedFor) {
        return Network.address(plain(connection))
                .filter(address -> forwardedFor.isEmpty() || isTrusted(address))
                .map(address -> beforeProxies(address, forwardedFor));
    }

    /**
     * Walks back from proxy to proxy as long as they are trusted. The walk ends at an untrusted one, whose header may be
     * forged, and at a value that is no address.
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

    /** Removes the brackets and the zone of an IPv6 address. */
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
                ? HexFormat.of().formatHex(address.getAddress(), 0, IPV6_NETWORK_BYTES)
                : address.getHostAddress();
    }
}
