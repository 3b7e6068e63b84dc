package alirtc.appserver.call;

import alirtc.appserver.openapi.ChannelEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Who is in a channel as events tell it, corrected by every lookup. Immutable; all times are by the steady clock.
 *
 * <p>Events come late, repeated, in any order, or never. A session that left does not come back, whenever its join is
 * told; the end of one session leaves another of the same user as it is.
 *
 * @param present the sessions that are there, the first {@value #MAX_SESSIONS}
 * @param departed the sessions that left last, the latest {@value #MAX_DEPARTURES}
 */
public record Occupancy(List<Session> present, List<Session> departed) {

    /** Nothing is known: nobody is there as far as events tell. */
    public static final Occupancy NONE = new Occupancy(List.of(), List.of());

    /** How many sessions are told apart; a 1-to-1 call has two. */
    public static final int MAX_SESSIONS = 8;

    private static final int MAX_DEPARTURES = 4;

    /** The id of a session of which only a lookup told. */
    private static final long BY_LOOKUP = 0;

    /** Copies the lists in. */
    public Occupancy {
        present = List.copyOf(present);
        departed = List.copyOf(departed);
    }

    /**
     * One stay of a user in a channel.
     *
     * @param user whose
     * @param id tells it from others, 64 bits of a hash of the cloud's own id; 0 if only a lookup told of it
     * @param at when that was told: that the user is there, or that the user left
     */
    public record Session(String user, long id, Instant at) {

        static Session of(ChannelEvent event, Instant at) {
            var name = event.session().getBytes(StandardCharsets.UTF_8);
            return new Session(event.user(), UUID.nameUUIDFromBytes(name).getMostSignificantBits(), at);
        }

        private boolean isSameAs(Session other) {
            return id == other.id && user.equals(other.user);
        }

        boolean isByLookup() {
            return id == BY_LOOKUP;
        }

        /** Returns its id in hexadecimal; empty if only a lookup told of it. */
        String name() {
            return isByLookup() ? "" : HexFormat.of().toHexDigits(id);
        }
    }

    /** Returns whether nobody is there. */
    public boolean isEmpty() {
        return present.isEmpty();
    }

    /** Returns whether more may be there than are told apart. */
    public boolean isFull() {
        return present.size() >= MAX_SESSIONS;
    }

    /** Returns who is there, each once and in order. */
    public Set<String> users() {
        var users = new TreeSet<String>();
        present.forEach(session -> users.add(session.user()));
        return users;
    }

    /** Returns whether an event told that a user is there. */
    public boolean heardOf(String user) {
        return present.stream()
                .anyMatch(session -> !session.isByLookup() && session.user().equals(user));
    }

    /** Returns whether an event told until a time that a user is there. */
    boolean heardOf(String user, Instant until) {
        return present.stream()
                .anyMatch(session -> !session.isByLookup()
                        && session.user().equals(user)
                        && !session.at().isAfter(until));
    }

    /** Returns whether events told of all who are there, so that events will tell when they leave. */
    public boolean isHeard() {
        return present.stream().noneMatch(Session::isByLookup);
    }

    /** Returns the occupancy after an event. */
    Occupancy told(ChannelEvent event, Instant at) {
        var session = Session.of(event, at);
        if (departed.stream().anyMatch(session::isSameAs)) {
            return this;
        }
        return switch (event.kind()) {
            case JOIN -> joined(session);
            case LEAVE -> left(session);
            // A late one does not take away who came since: a lookup will tell.
            case CLOSE -> new Occupancy(present, withDeparture(session));
        };
    }

    private Occupancy joined(Session session) {
        if (present.stream().anyMatch(session::isSameAs)) {
            return this;
        }
        var now = new ArrayList<>(present);
        now.removeIf(other -> other.isByLookup() && other.user().equals(session.user()));
        if (now.size() >= MAX_SESSIONS) {
            return this;
        }
        now.add(session);
        return new Occupancy(now, departed);
    }

    private Occupancy left(Session session) {
        var now = new ArrayList<>(present);
        now.removeIf(other ->
                other.isSameAs(session) || (other.isByLookup() && other.user().equals(session.user())));
        return new Occupancy(now, withDeparture(session));
    }

    private List<Session> withDeparture(Session session) {
        var latest = new ArrayList<>(departed);
        latest.add(session);
        return latest.size() > MAX_DEPARTURES ? latest.subList(1, latest.size()) : latest;
    }

    /** Returns the occupancy corrected by an observation; what was told since that was asked for stays. */
    Occupancy observed(Observation observation) {
        var askedAt = observation.askedAt();
        var shown = observation.users().everyone();
        var now = new ArrayList<Session>(shown.size());
        for (var session : present) {
            if (shown.contains(session.user())
                    || !session.at().isBefore(askedAt)
                    || !observation.users().namesEveryone()) {
                now.add(session);
            }
        }
        for (var user : shown) {
            if (now.size() < MAX_SESSIONS
                    && now.stream().noneMatch(session -> session.user().equals(user))
                    && departed.stream()
                            .noneMatch(gone ->
                                    gone.user().equals(user) && !gone.at().isBefore(askedAt))) {
                now.add(new Session(user, BY_LOOKUP, observation.answeredAt()));
            }
        }
        return now.equals(present) ? this : new Occupancy(now, departed);
    }

    /** Returns the occupancy after the channel was deleted: nobody is there. */
    Occupancy deleted() {
        return present.isEmpty() ? this : new Occupancy(List.of(), departed);
    }
}
