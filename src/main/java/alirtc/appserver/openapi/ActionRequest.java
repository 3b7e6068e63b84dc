package alirtc.appserver.openapi;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.RpcAcsRequest;
import java.time.InstantSource;

/**
 * A request for an action that the vendor's RTC package lacks, in the SDK's own form.
 *
 * @param <T> the answer
 */
final class ActionRequest<T extends AcsResponse> extends RpcAcsRequest<T> {
    private final Class<T> answer;

    ActionRequest(String product, String version, String action, Class<T> answer, InstantSource clock) {
        super(product, version, action, product);
        this.answer = answer;
        this.composer = new UtcTimestamps(composer, clock);
    }

    ActionRequest<T> with(String parameter, String value) {
        putQueryParameter(parameter, value);
        return this;
    }

    @Override
    public Class<T> getResponseClass() {
        return answer;
    }
}
