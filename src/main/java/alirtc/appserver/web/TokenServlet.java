package alirtc.appserver.web;

import alirtc.appserver.auth.Caller;
import alirtc.appserver.lifecycle.CallService;
import alirtc.appserver.lifecycle.TokenDecision;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.JoinTicket;
import alirtc.appserver.token.TokenIssuer;
import jakarta.servlet.http.HttpServletRequest;
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
        var ticket =
                caller.user().isPresent() ? tokens.issue(channel, caller.user().get()) : tokens.issue(channel);
        return ContextParts.require(context, CallService.class)
                .admit(channel, ticket.user())
                .thenApply(decision -> data(ticket, decision));
    }

    private static TokenData data(JoinTicket ticket, TokenDecision decision) {
        return switch (decision.verdict()) {
            case GRANTED -> new TokenData(ticket);
            case CHANNEL_FULL ->
                throw new ApiException(ErrorCode.CHANNEL_FULL, "channel is full", decision.retryAfter());
            case REGISTRY_FULL ->
                throw new ApiException(
                        ErrorCode.REGISTRY_FULL,
                        "The server has no room for another channel; try again after the time in Retry-After",
                        decision.retryAfter());
        };
    }

    /** The ticket in the form that the published clients read. */
    private record TokenData(JoinTicket ticket) implements Json {
        @Override
        public String json() {
            var appId = ticket.appId();
            var user = ticket.user().value();
            var nonce = ticket.nonce();
            var token = ticket.token();
            long timestamp = ticket.expiresAt().getEpochSecond();
            // What the clients show to the media servers.
            var turnUser = user + "?appid=" + appId + "&channel="
                    + ticket.channel().value() + "&nonce=" + nonce + "&timestamp=" + timestamp;
            // Nothing to escape: these are names, digits, and addresses.
            return "{\"appid\":\"" + appId + "\",\"userid\":\"" + user + "\",\"gslb\":[\""
                    + String.join("\",\"", ticket.gslb()) + "\"],\"token\":\"" + token + "\",\"nonce\":\"" + nonce
                    + "\",\"timestamp\":" + timestamp + ",\"turn\":{\"username\":\"" + turnUser + "\",\"password\":\""
                    + token + "\"},\"joinToken\":\"" + ticket.joinToken() + "\"}";
        }
    }
}
