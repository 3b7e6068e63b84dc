package alirtc.appserver.lifecycle;

import alirtc.appserver.call.StartTime;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The three answers that phones ask for. Thread-safe; never blocks, and every future is done within
 * {@link alirtc.appserver.upstream.UpstreamDispatcher#MAX_WAIT}.
 */
public final class CallService {
    private final TokenAdmission admission;
    private final ChannelPresence presence;
    private final StartTimes startTimes;
    private final HeardUsers heard;
    private final EventHealth health;

    /**
     * Builds the service from what answers each of the three.
     *
     * @param heard answers who is in a channel while lookups would have to wait
     * @param health is told of tokens, after which events are due
     */
    public CallService(
            TokenAdmission admission,
            ChannelPresence presence,
            StartTimes startTimes,
            HeardUsers heard,
            EventHealth health) {
        this.admission = admission;
        this.presence = presence;
        this.startTimes = startTimes;
        this.heard = heard;
        this.health = health;
    }

    /**
     * Records a token for a user, and returns whether it may be handed out. Never waits for the cloud.
     *
     * @param limit how long it lets its call last, if not as long as the operator does
     * @return the decision; a {@link alirtc.appserver.registry.RegistryException} if nobody can tell whether a seat is
     *     free
     */
    public CompletableFuture<TokenDecision> admit(ChannelId channel, UserId user, Optional<Duration> limit) {
        health.tokenIssued(channel, user);
        return admission.admit(channel, user, limit);
    }

    /**
     * Returns who is in a channel, now or a moment ago.
     *
     * @return the users; an {@link alirtc.appserver.openapi.RtcException} if the cloud does not tell
     */
    public CompletableFuture<ChannelUsers> users(ChannelId channel) {
        return heard.find(channel, () -> presence.users(channel));
    }

    /**
     * Returns when the call in a channel began, if there is one and its start can be known.
     *
     * @return the start; an {@link alirtc.appserver.openapi.RtcException} or a
     *     {@link alirtc.appserver.registry.RegistryException} if it cannot be told now
     */
    public CompletableFuture<Optional<StartTime>> startTime(ChannelId channel) {
        return startTimes.find(channel);
    }
}
