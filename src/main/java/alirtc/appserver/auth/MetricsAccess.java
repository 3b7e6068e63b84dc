package alirtc.appserver.auth;

import alirtc.appserver.config.Network;
import java.util.List;

/** Decides which requests may read the metrics, by the address of the client. Thread-safe. */
public final class MetricsAccess {
    private final List<Network> allowed;
    private final ClientAddressResolver addresses;

    /**
     * Builds a rule.
     *
     * @param allowed the addresses that may read
     * @param trustedProxies the proxies whose {@code X-Forwarded-For} is believed
     */
    public MetricsAccess(List<Network> allowed, List<Network> trustedProxies) {
        this.allowed = List.copyOf(allowed);
        this.addresses = new ClientAddressResolver(trustedProxies);
    }

    /**
     * Returns whether a request may read the metrics. A request that an untrusted proxy forwarded may not, whatever the
     * address of the proxy: behind a proxy on this machine every client would count as local.
     */
    public boolean mayRead(RequestAttributes attributes) {
        return addresses
                .address(attributes.connection(), attributes.forwardedFor())
                .filter(address -> allowed.stream().anyMatch(network -> network.contains(address)))
                .isPresent();
    }
}
