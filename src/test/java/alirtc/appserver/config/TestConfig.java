package alirtc.appserver.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** A configuration that is complete, with made-up secrets, and whatever a test sets beside. */
public final class TestConfig {
    public static final String APP_ID = "iwo5l81k";
    public static final String APP_KEY = "app-key-nobody-must-see";
    public static final String ACCESS_KEY_ID = "access-key-id-nobody-must-see";
    public static final String ACCESS_KEY_SECRET = "access-key-secret-nobody-must-see";

    private static final Map<String, String> COMPLETE = Map.of(
            "rtc.1v1audio.appId", APP_ID,
            "rtc.1v1audio.appKey", APP_KEY,
            "accessKeyID", ACCESS_KEY_ID,
            "accessKeySecret", ACCESS_KEY_SECRET);

    private TestConfig() {}

    public static AppConfig of(Map<String, String> more) {
        var properties = new LinkedHashMap<>(COMPLETE);
        properties.putAll(more);
        return AppConfig.from(Settings.of(properties, Map.of(), Map.of()));
    }
}
