package alirtc.appserver.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The IP addresses that begin with the same bits.
 *
 * @param address one of them
 * @param bits how many bits are the same; 0 to 32, or to 128 for IPv6
 */
public record Network(InetAddress address, int bits) {
    private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile("(?:" + BYTE + "\\.){3}" + BYTE);

    /** Whatever else it may be, it is no host name: those have no colon. */
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:](?=.*:)[0-9A-Fa-f:.]{1,44}");

    private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");

    /**
     * Reads an address, or a network in the notation of RFC 4632, such as {@code 10.0.0.0/8}.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    static Network parse(String text) {
        int slash = text.indexOf('/');
        var address = address(slash < 0 ? text : text.substring(0, slash)).orElseThrow(Network::wrong);
        int all = address.getAddress().length * Byte.SIZE;
        if (slash < 0) {
            return new Network(address, all);
        }
        var bits = text.substring(slash + 1);
        if (!BITS.matcher(bits).matches() || Integer.parseInt(bits) > all) {
            throw wrong();
        }
        return new Network(address, Integer.parseInt(bits));
    }

    /**
     * Returns the address that a text stands for, if it is one; never asks for a name. An IPv4 address mapped into IPv6
     * is the IPv4 one.
     */
    public static Optional<InetAddress> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Returns whether the address is one of them. */
    public boolean contains(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >>> (bit % Byte.SIZE);
            if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException("must be IP addresses or networks such as 10.0.0.0/8, commas between");
    }
}
