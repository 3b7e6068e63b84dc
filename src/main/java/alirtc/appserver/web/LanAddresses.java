package alirtc.appserver.web;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The addresses of this machine in its local networks, under which a phone beside it may reach the server.
 *
 * @param all returns them, the likeliest first
 */
public record LanAddresses(Supplier<List<String>> all) {
    private static final int MAX = 4;

    /** Networks of virtual machines, containers and tunnels, into which no phone comes. */
    private static final Pattern NOT_FOR_PHONES =
            Pattern.compile("(?:docker|br-|veth|virbr|vmnet|vboxnet|utun|tun|tap|wg|zt).*");

    /** Returns those that the machine has at the time. */
    public static LanAddresses ofThisMachine() {
        return new LanAddresses(LanAddresses::read);
    }

    private static List<String> read() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(LanAddresses::isForPhones)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLinkLocalAddress())
                    .sorted(Comparator.comparing(LanAddresses::rank))
                    .map(InetAddress::getHostAddress)
                    .limit(MAX)
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    /** Home networks are of 192.168; those of companies and of much else are of 10 and 172; all else is rare. */
    private static int rank(InetAddress address) {
        return address.getHostAddress().startsWith("192.168.") ? 0 : address.isSiteLocalAddress() ? 1 : 2;
    }

    private static boolean isForPhones(NetworkInterface network) {
        try {
            return network.isUp()
                    && !network.isLoopback()
                    && !network.isPointToPoint()
                    && !NOT_FOR_PHONES.matcher(network.getName()).matches();
        } catch (SocketException e) {
            return false;
        }
    }
}
