package alirtc.appserver.call;

import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;

/** Tokens for tests. */
public final class Tickets {
    private Tickets() {}

    /** Returns a token that limits no call. */
    public static Ticket of(UserId user, Instant at) {
        return new Ticket(user.value(), at, null);
    }

    /** Returns a token that limits its call. */
    public static Ticket of(String user, Instant at, Duration limit) {
        return new Ticket(user, at, limit);
    }
}
