package alirtc.appserver.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Answers requests as the cloud's gateway does: authenticates them, finds the action, forms the errors. Thread-safe. */
final class Gateway {
    private final SignatureCheck signatureCheck;
    private final RequestLimits limits;
    private final List<Dialect> dialects;

    Gateway(SignatureCheck signatureCheck, RequestLimits limits, List<Dialect> dialects) {
        this.signatureCheck = signatureCheck;
        this.limits = limits;
        this.dialects = List.copyOf(dialects);
    }

    Reply answer(HttpRequest request, Fault fault) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("RequestId", UUID.randomUUID().toString().toUpperCase(Locale.ROOT));
        try {
            Distortion.reject(fault);
            signatureCheck.check(request);
            var dialect = dialect(request);
            limits.check(request.parameter("Action"));
            json.setAll(dialect.answer(request, fault));
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
        throw ApiError.unknownAction();
    }
}
