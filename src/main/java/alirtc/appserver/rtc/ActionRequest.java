package alirtc.appserver.rtc;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.RpcAcsRequest;
import java.time.InstantSource;

/**
 * A question that the vendor's RTC package lacks, in the SDK's own form.
 *
 * @param <T> the answer
 */
final class DescribeRequest<T extends AcsResponse> extends RpcAcsRequest<T> {
    private final Class<T> answer;

    DescribeRequest(String product, String version, String action, Class<T> answer, InstantSource clock) {
        super(product, version, action, product);
        this.answer = answer;
        this.composer = new UtcTimestamps(composer, clock);
    }

    DescribeRequest<T> with(String parameter, String value) {
        putQueryParameter(parameter, value);
        return this;
    }

    @Override
    public Class<T> getResponseClass() {
        return answer;
    }
}
