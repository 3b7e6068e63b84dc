package alirtc.appserver.auth;

import alirtc.appserver.config.Network;
import java.util.List;

/** Tells who may read the metrics: those at the operator's addresses. Thread-safe. */
public final class MetricsAccess {
    private final List<Network> allowed;
    private final ClientAddressResolver addresses;

    /**
     * Lets the given addresses read.
     *
     * @param trustedProxies whose word on the address of a client counts
     */
    public MetricsAccess(List<Network> allowed, List<Network> trustedProxies) {
        this.allowed = List.copyOf(allowed);
        this.addresses = new ClientAddressResolver(trustedProxies);
    }

    /**
     * Returns whether a request may be answered. One that an untrusted proxy passed on may not, wherever the proxy is: it
     * comes from who knows where, and a proxy on this machine would make the whole world local.
     */
    public boolean mayRead(RequestAttributes attributes) {
        return addresses
                .address(attributes.connection(), attributes.forwardedFor())
                .filter(address -> allowed.stream().anyMatch(network -> network.contains(address)))
                .isPresent();
    }
}
