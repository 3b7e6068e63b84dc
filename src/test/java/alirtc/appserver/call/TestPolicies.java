package alirtc.appserver.call;

import java.time.Duration;

/** Policies for tests. */
public final class TestPolicies {
    /** Where the cloud does not tell joins, a prompt answer tells of the token's moment. */
    public static final StartPolicy PROMPT = new StartPolicy(false, Duration.ofSeconds(1));

    /** Where the cloud tells joins. */
    public static final StartPolicy JOINS = new StartPolicy(false, Duration.ZERO);

    /** No seats. */
    public static final ChannelPolicy SEATLESS =
            new ChannelPolicy(SeatPolicy.UNLIMITED, PROMPT, EventPolicy.OFF, false);

    private TestPolicies() {}

    /** Returns a policy with seats. */
    public static ChannelPolicy seats(SeatPolicy seats) {
        return new ChannelPolicy(seats, PROMPT, EventPolicy.OFF, false);
    }
}
