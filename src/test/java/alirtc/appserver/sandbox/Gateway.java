package alirtc.appserver.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Answers requests as the cloud's gateway does: authenticates them, finds the action, forms the errors. Thread-safe. */
final class Gateway {
    private final SignatureCheck signatureCheck;
    private final List<Dialect> dialects;

    Gateway(Account account, Channels channels, InstantSource clock) {
        this.signatureCheck = new SignatureCheck(account, clock);
        this.dialects = List.of(new RtcDialect(account, channels), new LiveDialect(account, channels));
    }

    Reply answer(HttpRequest request, Fault fault) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("RequestId", UUID.randomUUID().toString().toUpperCase(Locale.ROOT));
        try {
            Distortion.reject(fault);
            signatureCheck.check(request);
            json.setAll(dialect(request).answer(request, fault));
            return Distortion.ofSuccess(json, fault);
        } catch (ApiError e) {
            json.put("HostId", request.host()).put("Code", e.code()).put("Message", e.text());
            return Distortion.ofError(e.status(), json, fault);
        }
    }

    /** Returns the OpenAPI that has the action, by the version that the request names. */
    private Dialect dialect(HttpRequest request) throws ApiError {
        for (var dialect : dialects) {
            if (dialect.version().equals(request.parameter("Version"))
                    && dialect.actions().contains(request.parameter("Action"))) {
                return dialect;
            }
        }
        throw new ApiError(404, "InvalidAction.NotFound", "Specified api is not found, please check your url.");
    }
}
