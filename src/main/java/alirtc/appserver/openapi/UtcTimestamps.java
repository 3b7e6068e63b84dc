package alirtc.appserver.openapi;

import com.aliyuncs.auth.ISignatureComposer;
import com.aliyuncs.auth.Signer;
import com.aliyuncs.http.FormatType;
import com.aliyuncs.http.MethodType;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * Dates signed requests by the Gregorian calendar in whatever locale: the SDK writes the year by the default locale, and
 * under {@code th_TH} the upstream then refuses every signature.
 *
 * @param composer the SDK's own composer, which does all the rest
 * @param clock dates the requests
 */
record UtcTimestamps(ISignatureComposer composer, InstantSource clock) implements ISignatureComposer {

    @Override
    public Map<String, String> refreshSignParameters(
            Map<String, String> parameters, Signer signer, String accessKeyId, FormatType format) {
        var refreshed = composer.refreshSignParameters(parameters, signer, accessKeyId, format);
        refreshed.put(
                "Timestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        return refreshed;
    }

    @Override
    public String composeStringToSign(
            MethodType method,
            String uriPattern,
            Signer signer,
            Map<String, String> queries,
            Map<String, String> headers,
            Map<String, String> paths) {
        return composer.composeStringToSign(method, uriPattern, signer, queries, headers, paths);
    }

    @Override
    public String getAuthorization(Signer signer, String accessKeyId, String signature) {
        return composer.getAuthorization(signer, accessKeyId, signature);
    }
}
