package alirtc.appserver.openapi;

import com.aliyuncs.AcsResponse;
import java.time.InstantSource;

/**
 * Requests to the OpenAPI of ApsaraVideo Live about one application.
 *
 * @param appId names the application
 * @param clock dates the requests
 */
record LiveRequests(String appId, InstantSource clock) {
    static final String VERSION = "2016-11-01";

    private static final String PRODUCT = "live";

    /** Returns a request that names the application and nothing else yet. */
    <T extends AcsResponse> ActionRequest<T> of(String action, Class<T> answer) {
        return new ActionRequest<>(PRODUCT, VERSION, action, answer, clock).with("AppId", appId);
    }
}
