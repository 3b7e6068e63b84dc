package alirtc.appserver.web;

import alirtc.appserver.auth.Caller;
import alirtc.appserver.lifecycle.CallService;
import alirtc.appserver.lifecycle.TokenDecision;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.JoinTicket;
import alirtc.appserver.token.TokenIssuer;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** GET /app/token?channelId= answers what a phone's RTC SDK needs to join the channel; never waits for the upstream. */
public final class TokenServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller) {
        var channel =
                caller.admitted(new QueryParameters(request.getQueryString()).required("channelId", ChannelId::new));
        var context = request.getServletContext();
        var tokens = ContextParts.require(context, TokenIssuer.class);
        var ticket = caller.user().isPresent()
                ? tokens.issue(channel, caller.user().get(), caller.callLimit())
                : tokens.issue(channel);
        return ContextParts.require(context, CallService.class)
                .admit(channel, ticket.user(), caller.callLimit())
                .thenApply(decision -> data(ticket, decision));
    }

    private static TokenData data(JoinTicket ticket, TokenDecision decision) {
        return switch (decision.verdict()) {
            case GRANTED -> TokenData.of(ticket);
            case CHANNEL_FULL ->
                throw new ApiException(ErrorCode.CHANNEL_FULL, "channel is full", decision.retryAfter());
            case BARRED ->
                throw new ApiException(ErrorCode.BARRED, "No tokens are issued for you in this channel just now");
            case REGISTRY_FULL ->
                throw new ApiException(
                        ErrorCode.REGISTRY_FULL,
                        "The server has no room for another channel; try again after the time in Retry-After",
                        decision.retryAfter());
        };
    }

    /**
     * The ticket in the form that the published clients read, with the names that they give the fields.
     *
     * @param timestamp when the token ends; seconds since 1970
     * @param joinToken the same in one text, for newer clients
     */
    private record TokenData(
            String appid,
            String userid,
            List<String> gslb,
            String token,
            String nonce,
            long timestamp,
            Turn turn,
            String joinToken) {

        static TokenData of(JoinTicket ticket) {
            long timestamp = ticket.expiresAt().getEpochSecond();
            var turnUser = ticket.user().value() + "?appid=" + ticket.appId() + "&channel="
                    + ticket.channel().value() + "&nonce=" + ticket.nonce() + "&timestamp=" + timestamp;
            return new TokenData(
                    ticket.appId(),
                    ticket.user().value(),
                    ticket.gslb(),
                    ticket.token(),
                    ticket.nonce(),
                    timestamp,
                    new Turn(turnUser, ticket.token()),
                    ticket.joinToken());
        }

        /** Returns the user alone: the rest in a log would admit its reader. */
        @Override
        public String toString() {
            return "TokenData[" + userid + "]";
        }
    }

    /** What the clients show to the media servers. */
    private record Turn(String username, String password) {
        /** Returns the name of the type alone: the password is the token. */
        @Override
        public String toString() {
            return "Turn";
        }
    }
}
