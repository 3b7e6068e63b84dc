package alirtc.appserver.web;

import alirtc.appserver.Application;
import alirtc.appserver.auth.Caller;
import alirtc.appserver.lifecycle.TokenDecision;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.JoinTicket;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;

/** GET /app/token?channelId= answers what a phone's RTC SDK needs to join the channel; never waits for the upstream. */
public final class TokenServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller, Application app) {
        var channel =
                caller.admitted(new QueryParameters(request.getQueryString()).required("channelId", ChannelId::new));
        var ticket = caller.user().isPresent()
                ? app.tokens().issue(channel, caller.user().get())
                : app.tokens().issue(channel);
        return app.admissions().admit(channel, ticket.user()).thenApply(admission -> data(ticket, admission, app));
    }

    private static TokenData data(JoinTicket ticket, TokenDecision admission, Application app) {
        return switch (admission.verdict()) {
            case GRANTED -> new TokenData(ticket);
            case CHANNEL_FULL -> {
                app.metrics().seatRefused();
                throw new ApiException(ErrorCode.CHANNEL_FULL, "channel is full", admission.retryAfter());
            }
            case REGISTRY_FULL ->
                throw new ApiException(
                        ErrorCode.REGISTRY_FULL,
                        "The server has no room for another channel; try again after the time in Retry-After",
                        admission.retryAfter());
            case REGISTRY_AWAY ->
                throw new ApiException(
                        ErrorCode.REGISTRY_AWAY,
                        "The server cannot tell whether a seat is free; try again after the time in Retry-After",
                        admission.retryAfter());
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
