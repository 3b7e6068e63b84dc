package alirtc.appserver.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.TreeSet;

/** The wire form of one product's OpenAPI: parameters in, fields of the answer out. Thread-safe. */
sealed interface Dialect permits RtcDialect, LiveDialect {
    String DESCRIBE_CHANNEL_USERS = "DescribeChannelUsers";
    String DESCRIBE_USER_INFO_IN_CHANNEL = "DescribeUserInfoInChannel";
    String DELETE_CHANNEL = "DeleteChannel";
    String REMOVE_TERMINALS = "RemoveTerminals";
    String CREATE_EVENT_SUBSCRIBE = "CreateEventSubscribe";
    String DELETE_EVENT_SUBSCRIBE = "DeleteEventSubscribe";
    String CREATE_EVENT_SUB = "CreateEventSub";
    String DELETE_EVENT_SUB = "DeleteEventSub";
    String UPDATE_EVENT_SUB = "UpdateEventSub";
    String LIST_EVENT_SUB = "ListEventSub";
    String LIST_EVENT_SUB_EVENT = "ListEventSubEvent";
    String LIST_RTC_LIVE_ROOMS = "ListRTCLiveRooms";

    /** Every action of any product. */
    Set<String> ACTIONS = Set.of(
            DESCRIBE_CHANNEL_USERS,
            DESCRIBE_USER_INFO_IN_CHANNEL,
            DELETE_CHANNEL,
            REMOVE_TERMINALS,
            CREATE_EVENT_SUBSCRIBE,
            DELETE_EVENT_SUBSCRIBE,
            CREATE_EVENT_SUB,
            DELETE_EVENT_SUB,
            UPDATE_EVENT_SUB,
            LIST_EVENT_SUB,
            LIST_EVENT_SUB_EVENT,
            LIST_RTC_LIVE_ROOMS);

    /**
     * Returns the action.
     *
     * @throws IllegalArgumentException naming all actions, if it is none of them
     */
    static String checkedAction(String action) {
        if (!ACTIONS.contains(action)) {
            throw new IllegalArgumentException("action must be one of " + String.join(", ", new TreeSet<>(ACTIONS)));
        }
        return action;
    }

    /** Returns the version by which clients choose this OpenAPI. */
    String version();

    /** Returns the names of its actions. */
    Set<String> actions();

    /** Carries out a request for one of the actions and returns the answer's fields, all but RequestId. */
    ObjectNode answer(HttpRequest request, Fault fault) throws ApiError;
}
