package alirtc.appserver.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.InstantSource;
import java.util.Locale;
import java.util.UUID;

/** Answers calls as the cloud's front does: checks who calls, finds the action, words the errors. Thread-safe. */
final class Gateway {
    private final SignatureCheck signatureCheck;
    private final RtcDialect rtc;

    Gateway(Account account, Channels channels, InstantSource clock) {
        this.signatureCheck = new SignatureCheck(account, clock);
        this.rtc = new RtcDialect(account.appId(), channels);
    }

    Reply answer(HttpRequest call, Fault fault) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("RequestId", UUID.randomUUID().toString().toUpperCase(Locale.ROOT));
        try {
            Distortion.refuse(fault);
            signatureCheck.check(call);
            checkAction(call);
            json.setAll(rtc.answer(call, fault));
            return Distortion.ofSuccess(json, fault);
        } catch (ApiError e) {
            json.put("HostId", call.host()).put("Code", e.code()).put("Message", e.text());
            return Distortion.ofError(e.status(), json, fault);
        }
    }

    private static void checkAction(HttpRequest call) throws ApiError {
        if (!call.parameter("Version").equals(RtcDialect.VERSION)
                || !RtcDialect.actions().contains(call.parameter("Action"))) {
            throw new ApiError(404, "InvalidAction.NotFound", "Specified api is not found, please check your url.");
        }
    }
}
