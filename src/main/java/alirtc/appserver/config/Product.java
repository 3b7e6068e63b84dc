package alirtc.appserver.config;

import java.net.URI;
import java.time.Duration;

/** The Alibaba Cloud product that an application belongs to. Their tokens are made alike, their OpenAPIs differ. */
public enum Product {
    /** The standalone RTC, in which no application of this kind has been made since April 2024. */
    RTC("rtc", "RTC", "https://rtc.aliyuncs.com", Duration.ofDays(7)),
    /**
     * ApsaraVideo Live.
     *
     * @see <a href="https://www.alibabacloud.com/help/en/live/token-based-authentication">its limit for tokens</a>
     */
    LIVE("live", "ApsaraVideo Live", "https://live.aliyuncs.com", Duration.ofHours(24));

    private final String setting;
    private final String title;
    private final String endpoint;
    private final Duration maxTokenTtl;

    Product(String setting, String title, String endpoint, Duration maxTokenTtl) {
        this.setting = setting;
        this.title = title;
        this.endpoint = endpoint;
        this.maxTokenTtl = maxTokenTtl;
    }

    /** Returns the value of {@code rtc.openapi} that chooses it. */
    public String setting() {
        return setting;
    }

    /** Returns its name for people. */
    public String title() {
        return title;
    }

    /** Returns how long it lets a token live. */
    public Duration maxTokenTtl() {
        return maxTokenTtl;
    }

    /** Returns the product that an application belongs to if not to this. */
    public Product other() {
        return this == RTC ? LIVE : RTC;
    }

    /** Returns where its OpenAPI is. */
    URI endpoint() {
        return URI.create(endpoint);
    }

    /**
     * Returns the product that a setting's text chooses.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Product of(String text) {
        for (var product : values()) {
            if (product.setting.equals(text)) {
                return product;
            }
        }
        throw new IllegalArgumentException("must be rtc or live");
    }
}
