package alirtc.appserver.openapi;

import alirtc.appserver.openapi.LiveSubscriptionsResponse.Subscription;
import alirtc.appserver.openapi.RtcException.Kind;
import java.net.URI;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An application's subscriptions to events in ApsaraVideo Live, which allows one to the events of all channels. Thread-safe.
 *
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-createeventsub">the vendor's
 *     reference</a>
 */
final class LiveSubscriptions {
    /** Kinds of refusals by which the limit may be meant: the code that the cloud has for it is not known. */
    private static final Set<Kind> PERHAPS_TOO_MANY = Set.of(Kind.REFUSED, Kind.UNAVAILABLE);

    private final LiveRequests requests;
    private final SdkClient sdk;

    LiveSubscriptions(LiveRequests requests, SdkClient sdk) {
        this.requests = requests;
        this.sdk = sdk;
    }

    /**
     * Makes sure that there is a subscription to the events of all channels, and returns its id: one that is ours already,
     * changed if need be, or a new one.
     *
     * @param callback where events are to be told
     * @param owner how the address of every subscription of ours begins
     * @throws RtcException if it is not known to be there; of kind {@code REFUSED} also if the one that is allowed goes
     *     elsewhere
     */
    String ensure(URI callback, URI owner) throws RtcException {
        var known = ours(list(), callback, owner);
        if (known.isPresent()) {
            return adapted(known.get(), callback);
        }
        try {
            return sdk.call(EventSubscription.terms(requests.of("CreateEventSub", SubscriptionResponse.class), callback)
                            .with("ChannelId", "*"))
                    .toId();
        } catch (RtcException e) {
            if (!PERHAPS_TOO_MANY.contains(e.kind())) {
                throw e;
            }
            return otherServers(callback, owner, e);
        }
    }

    /** Returns the id of the subscription that another server of ours made since the first look, if that was the matter. */
    private String otherServers(URI callback, URI owner, RtcException refusal) throws RtcException {
        var all = list();
        var known = ours(all, callback, owner);
        if (known.isPresent()) {
            return adapted(known.get(), callback);
        }
        throw all.stream().anyMatch(Subscription::ofAllChannels)
                ? new RtcException(
                        Kind.REFUSED,
                        "the application's one subscription to the events of all channels goes to another address")
                : refusal;
    }

    private List<Subscription> list() throws RtcException {
        return sdk.call(requests.of("ListEventSub", LiveSubscriptionsResponse.class))
                .toSubscriptions();
    }

    /** Returns the subscription of ours that needs the least change. */
    private static Optional<Subscription> ours(List<Subscription> all, URI callback, URI owner) {
        return all.stream()
                .filter(one -> one.callbackUrl().startsWith(owner.toString()))
                .min(Comparator.comparing((Subscription one) -> !isRight(one, callback))
                        .thenComparing(one -> !one.ofAllChannels()));
    }

    private static boolean isRight(Subscription one, URI callback) {
        return one.callbackUrl().equals(callback.toString())
                && one.ofAllChannels()
                && one.events().equals(new HashSet<>(EventSubscription.EVENTS));
    }

    /** Changes a subscription, if it is not right as it is, and returns its id. */
    private String adapted(Subscription one, URI callback) throws RtcException {
        if (!isRight(one, callback)) {
            sdk.call(EventSubscription.terms(requests.of("UpdateEventSub", LiveAcknowledgement.class), callback)
                            .with("SubscribeId", one.id())
                            .with("ChannelId", "*"))
                    .check();
        }
        return one.id();
    }
}
