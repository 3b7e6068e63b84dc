package alirtc.appserver.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * The actions of ApsaraVideo Live about subscriptions to events. The names of errors are the sandbox's own choice:
 * {@code SubscriptionLimitExceeded} beyond 20 subscriptions, or a second one for all channels. Thread-safe.
 *
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-createeventsub">
 *     CreateEventSub</a>
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-listeventsubevent">
 *     ListEventSubEvent</a>
 */
final class LiveSubscriptionActions {
    private static final Duration KEPT = Duration.ofDays(7);
    private static final int MAX_PAGE_SIZE = 100;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The cloud writes times of China. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.ofHours(8));

    private final Account account;
    private final Subscriptions subscriptions;
    private final DeliveryLog log;
    private final InstantSource clock;

    LiveSubscriptionActions(Account account, Subscriptions subscriptions, DeliveryLog log, InstantSource clock) {
        this.account = account;
        this.subscriptions = subscriptions;
        this.log = log;
        this.clock = clock;
    }

    ObjectNode create(HttpRequest request) throws ApiError {
        try {
            return JSON.objectNode().put("SubscribeId", subscriptions.create(terms(request)));
        } catch (Subscriptions.LimitReached e) {
            throw limitExceeded();
        }
    }

    ObjectNode delete(HttpRequest request) throws ApiError {
        if (!subscriptions.delete(id(request))) {
            throw noSubscription();
        }
        return JSON.objectNode();
    }

    /** Sets all terms anew; channels that exist, or were closed less than 20 minutes ago, keep those of before. */
    ObjectNode update(HttpRequest request) throws ApiError {
        try {
            if (!subscriptions.update(id(request), terms(request))) {
                throw noSubscription();
            }
            return JSON.objectNode();
        } catch (Subscriptions.LimitReached e) {
            throw limitExceeded();
        }
    }

    ObjectNode list() {
        var answer = JSON.objectNode();
        var subscribers = answer.putArray("Subscribers");
        for (var subscription : subscriptions.all()) {
            var terms = subscription.terms();
            var one = subscribers
                    .addObject()
                    .put("SubId", subscription.id())
                    .put("CallbackUrl", terms.callbackUrl().toString())
                    .put("ChannelId", terms.channel());
            terms.events().forEach(one.putArray("Events")::add);
        }
        return answer;
    }

    /**
     * Lists deliveries of a time, the oldest first. Seconds are cut off both bounds, and the later one is not included:
     * so sends the current minute only who asks for the next.
     */
    ObjectNode listDeliveries(HttpRequest request) throws ApiError {
        var from = minute(request, "StartTime");
        var until = minute(request, "EndTime");
        if (!from.isBefore(until) || from.isBefore(clock.instant().minus(KEPT).truncatedTo(ChronoUnit.MINUTES))) {
            throw LiveDialect.invalidInput();
        }
        var page = log.page(
                request.parameter("SubscribeId"),
                from,
                until,
                LiveDialect.number(request, "PageNo", 1, Integer.MAX_VALUE),
                LiveDialect.number(request, "PageSize", 1, MAX_PAGE_SIZE));
        var answer = JSON.objectNode();
        answer.put("Count", page.deliveries().size());
        answer.put("HasMore", page.hasMore());
        var logs = answer.putArray("Logs");
        for (var delivery : page.deliveries()) {
            logs.addObject()
                    .put("AppId", account.appId())
                    .put("Code", delivery.code())
                    .put("Cost", delivery.cost().toMillis())
                    .put("Data", delivery.body())
                    .put("MessageId", delivery.messageId())
                    .put("SubId", delivery.subscription())
                    .put("Time", TIME.format(delivery.at()))
                    .put("Url", delivery.url());
        }
        return answer;
    }

    private static Instant minute(HttpRequest request, String name) throws ApiError {
        return Instant.ofEpochSecond(LiveDialect.number(request, name, 0, Integer.MAX_VALUE))
                .truncatedTo(ChronoUnit.MINUTES);
    }

    private static SubscriptionTerms terms(HttpRequest request) throws ApiError {
        return SubscriptionTerms.read(request).orElseThrow(LiveDialect::invalidInput);
    }

    private static String id(HttpRequest request) throws ApiError {
        var id = request.parameter("SubscribeId");
        if (id.isEmpty()) {
            throw LiveDialect.invalidInput();
        }
        return id;
    }

    private static ApiError noSubscription() {
        return LiveDialect.error(404, "SubscriptionNotExists");
    }

    private static ApiError limitExceeded() {
        return LiveDialect.error(400, "SubscriptionLimitExceeded");
    }
}
