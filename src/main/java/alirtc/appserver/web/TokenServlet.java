package alirtc.appserver.web;

import alirtc.appserver.Application;
import alirtc.appserver.auth.Caller;
import alirtc.appserver.call.Admission;
import alirtc.appserver.rtc.ChannelId;
import alirtc.appserver.rtc.JoinTicket;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** GET /app/token?channelId= answers what a phone's RTC SDK needs to join the channel; never waits for the upstream. */
public final class TokenServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller, Application app) {
        var channel = caller.admitted(new Query(request.getQueryString()).required("channelId", ChannelId::new));
        var ticket = caller.user().isPresent()
                ? app.tokens().issue(channel, caller.user().get())
                : app.tokens().issue(channel);
        return app.admissions().admit(channel, ticket.user()).thenApply(admission -> data(ticket, admission, app));
    }

    private static TokenData data(JoinTicket ticket, Admission admission, Application app) {
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
        public void serialize(JsonGenerator json, SerializerProvider serializers) throws IOException {
            long timestamp = ticket.expiresAt().getEpochSecond();
            var user = ticket.user().value();
            json.writeStartObject();
            json.writeStringField("appid", ticket.appId());
            json.writeStringField("userid", user);
            json.writeArrayFieldStart("gslb");
            for (var address : ticket.gslb()) {
                json.writeString(address);
            }
            json.writeEndArray();
            json.writeStringField("token", ticket.token());
            json.writeStringField("nonce", ticket.nonce());
            json.writeNumberField("timestamp", timestamp);
            // What the clients show to the media servers.
            json.writeObjectFieldStart("turn");
            json.writeStringField(
                    "username",
                    user + "?appid=" + ticket.appId() + "&channel="
                            + ticket.channel().value() + "&nonce=" + ticket.nonce() + "&timestamp=" + timestamp);
            json.writeStringField("password", ticket.token());
            json.writeEndObject();
            json.writeStringField("joinToken", ticket.joinToken());
            json.writeEndObject();
        }
    }
}
