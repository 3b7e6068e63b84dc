package alirtc.appserver.sandbox;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a subscription asks for.
 *
 * @param callbackUrl where its messages go; absolute, http or https
 * @param channel the one channel that it is about, or {@link #ALL_CHANNELS}
 * @param events the kinds of events, in the order they were asked for
 * @param users whose user events; empty for everybody's
 */
record SubscriptionTerms(URI callbackUrl, String channel, List<String> events, Set<String> users) {
    static final String ALL_CHANNELS = "*";
    static final String CHANNEL_EVENT = "ChannelEvent";
    static final String USER_EVENT = "UserEvent";

    /** The kinds of events that there are. */
    static final Set<String> EVENTS = Set.of(CHANNEL_EVENT, USER_EVENT);

    SubscriptionTerms {
        events = List.copyOf(events);
        users = Set.copyOf(users);
    }

    /**
     * Reads CallbackUrl, ChannelId, Events and Users; nothing if one of them makes no sense. That a callback address
     * must be one of HTTP, and that there must be an event, of a known kind, is the sandbox's own choice.
     */
    static Optional<SubscriptionTerms> read(HttpRequest request) {
        var channel = request.parameter("ChannelId");
        var events = request.list("Events");
        if (events.isEmpty() || !EVENTS.containsAll(events)) {
            return Optional.empty();
        }
        try {
            var callbackUrl = new URI(request.parameter("CallbackUrl"));
            if (callbackUrl.getHost() == null || !Set.of("http", "https").contains(callbackUrl.getScheme())) {
                return Optional.empty();
            }
            return Optional.of(new SubscriptionTerms(
                    callbackUrl,
                    channel.isEmpty() ? ALL_CHANNELS : channel,
                    events,
                    new HashSet<>(request.list("Users"))));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Returns the kind of event by which clients are told of the change. */
    static String event(ChannelChange change) {
        return change.participant().isPresent() ? USER_EVENT : CHANNEL_EVENT;
    }

    boolean coversAllChannels() {
        return channel.equals(ALL_CHANNELS);
    }

    boolean cover(ChannelChange change) {
        return (coversAllChannels() || channel.equals(change.channel()))
                && events.contains(event(change))
                && (users.isEmpty()
                        || change.participant()
                                .map(one -> users.contains(one.user()))
                                .orElse(true));
    }
}
