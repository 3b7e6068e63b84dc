package alirtc.appserver.call;

import alirtc.appserver.call.OpenRecord.DroppedStays;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Who was in one call, and when, while a change of its channel is worked in. Confined to that change. */
final class StayBook {
    /** So many stays are kept one by one. */
    static final int MAX_STAYS = 32;

    private final ArrayList<OpenStay> stays;
    private DroppedStays dropped;
    private final Teller teller;

    /** Is told of users who come and go. */
    interface Teller {
        /** Takes what one user did. */
        void tell(CallNotice.Type type, String user, Instant at);
    }

    StayBook(List<OpenStay> stays, DroppedStays dropped, Teller teller) {
        this.stays = new ArrayList<>(stays);
        this.dropped = dropped;
        this.teller = teller;
    }

    List<OpenStay> all() {
        return stays;
    }

    DroppedStays dropped() {
        return dropped;
    }

    /** Records an event that a user joined. */
    void joined(String user, String session, Instant at) {
        if (find(stay -> stay.isOf(user, session)) >= 0) {
            return;
        }
        int byLookup = findByLookup(user);
        if (byLookup >= 0) {
            stays.set(byLookup, stays.get(byLookup).of(session, true));
        } else {
            add(OpenStay.begun(user, session, at, true));
        }
    }

    /** Records an event that a user left; of one whose other session goes on, an unknown session tells nothing. */
    void left(String user, String session, Instant at) {
        int known = find(stay -> stay.isOf(user, session));
        int byLookup = findByLookup(user);
        if (known >= 0) {
            end(known, stays.get(known), at, true);
        } else if (byLookup >= 0) {
            end(byLookup, stays.get(byLookup).of(session, false), at, true);
        } else if (find(stay -> stay.goesOn() && stay.isOf(user)) < 0) {
            // Nothing told that the user came.
            var stay = OpenStay.begun(user, session, at, false);
            if (add(stay)) {
                end(stays.size() - 1, stay, at, true);
            }
        }
    }

    /** Records that a user was shown by an observation. */
    void shown(String user, Instant firstSeenAt) {
        boolean known = false;
        for (int i = 0; i < stays.size(); i++) {
            var stay = stays.get(i);
            if (stay.goesOn() && stay.isOf(user)) {
                stays.set(i, stay.shown());
                known = true;
            }
        }
        if (!known) {
            add(OpenStay.begun(user, "", firstSeenAt, false));
        }
    }

    /**
     * Records that an observation showed no others than some users. Who is not among them for the second time has left since
     * the first, if anybody of the call is.
     */
    void shownAlone(Set<String> shown, Instant askedAt, boolean ofTheCall) {
        for (int i = 0; i < stays.size(); i++) {
            var stay = stays.get(i);
            if (!stay.goesOn()
                    || shown.contains(stay.user())
                    || !stay.stay().joinedAt().isBefore(askedAt)) {
                continue;
            }
            var missedAt = stay.missedAt();
            if (missedAt == null) {
                stays.set(i, stay.missed(askedAt));
            } else if (ofTheCall && !askedAt.isBefore(missedAt.plus(Observation.CONFIRMATION_GAP))) {
                end(i, stay, missedAt, false);
            }
        }
    }

    /** Has the stays go on that seemed to end when the call did: of some users, or of all if these are none. */
    void resume(Set<String> users, Instant ended, Instant now) {
        for (int i = 0; i < stays.size(); i++) {
            var stay = stays.get(i);
            if (ended.equals(stay.stay().leftAt()) && (users.isEmpty() || users.contains(stay.user()))) {
                stays.set(i, stay.resumed());
                teller.tell(CallNotice.Type.USER_JOINED, stay.user(), now);
            }
        }
    }

    /** Ends the stays that go on. */
    void everybodyLeft(Instant at, boolean heard) {
        for (int i = 0; i < stays.size(); i++) {
            end(i, stays.get(i), at, heard);
        }
    }

    /** Forgets the stays that began when a later call had. */
    void forgetSince(Instant at) {
        stays.removeIf(stay -> !stay.stay().joinedAt().isBefore(at));
    }

    /** Returns when the last stay ended; a time if there was none. */
    Instant lastLeftAt(Instant otherwise) {
        return stays.stream()
                .map(stay -> stay.leftAt(otherwise))
                .max(Comparator.naturalOrder())
                .orElse(otherwise);
    }

    /** Returns whether an event told that a stay ended at a time. */
    boolean heardOfLeaveAt(Instant at) {
        return stays.stream()
                .anyMatch(stay -> stay.leaveHeard() && at.equals(stay.stay().leftAt()));
    }

    /** Returns whether events told of the beginning and end of every stay. */
    boolean isHeard() {
        return !stays.isEmpty() && stays.stream().allMatch(stay -> stay.joinHeard() && stay.leaveHeard());
    }

    /** Returns for how long of a span two or more were there. */
    Duration talked(Instant begin, Instant end) {
        var from = dropped.until().isAfter(begin) ? dropped.until() : begin;
        var talked = dropped.talked().plus(TalkTime.of(stays, from, end));
        var whole = Duration.between(begin, end);
        return talked.compareTo(whole) > 0 ? whole : talked;
    }

    /** Returns the stays as far as they are within a span. */
    List<Stay> within(Instant begin, Instant end) {
        return stays.stream()
                .filter(stay -> !stay.leftAt(end).isBefore(begin))
                .map(stay -> stay.within(begin, end))
                .sorted(Comparator.comparing(Stay::joinedAt))
                .toList();
    }

    /** Adds a stay that goes on; returns whether there is room for it. */
    private boolean add(OpenStay stay) {
        if (stays.size() >= MAX_STAYS && !dropOldest()) {
            return false;
        }
        stays.add(stay);
        teller.tell(CallNotice.Type.USER_JOINED, stay.user(), stay.stay().joinedAt());
        return true;
    }

    private boolean dropOldest() {
        var oldest = stays.stream()
                .filter(stay -> !stay.goesOn())
                .min(Comparator.comparing(stay -> stay.leftAt(Instant.MAX)));
        oldest.ifPresent(stay -> {
            var until = stay.leftAt(Instant.MAX);
            dropped = new DroppedStays(dropped.talked().plus(TalkTime.of(stays, dropped.until(), until)), until);
            stays.remove(stay);
        });
        return oldest.isPresent();
    }

    private void end(int index, OpenStay stay, Instant at, boolean heard) {
        if (stay.goesOn()) {
            var ended = stay.left(at, heard);
            stays.set(index, ended);
            teller.tell(CallNotice.Type.USER_LEFT, ended.user(), ended.leftAt(at));
        }
    }

    private int findByLookup(String user) {
        return find(stay -> stay.goesOn() && stay.isOf(user, ""));
    }

    private int find(Predicate<OpenStay> condition) {
        for (int i = 0; i < stays.size(); i++) {
            if (condition.test(stays.get(i))) {
                return i;
            }
        }
        return -1;
    }
}
