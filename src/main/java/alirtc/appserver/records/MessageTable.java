package alirtc.appserver.records;

import alirtc.appserver.records.Outbox.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/** The messages in a file of records: those that wait, of each call one that is next, and those given up. For one thread. */
final class MessageTable {
    private static final String TIME = "%013d_";

    /** By the ids of calls and their numbers in the call: those that wait. */
    private final MVMap<String, String> waiting;

    /** By the times at which they are due and the ids of calls: the keys of those that are next. */
    private final MVMap<String, String> due;

    /** By the ids of calls: when their next messages are due, as a key of {@link #due}. */
    private final MVMap<String, String> next;

    /** By the times at which that happened and their keys: those that were given up. */
    private final MVMap<String, String> givenUp;

    MessageTable(MVStore store) {
        this.waiting = RecordFile.table(store, "waiting");
        this.due = RecordFile.table(store, "due");
        this.next = RecordFile.table(store, "next");
        this.givenUp = RecordFile.table(store, "givenUp");
    }

    private static String key(Message message) {
        return key(message.callId(), message.seq());
    }

    private static String key(String callId, int seq) {
        return "%s_%010d".formatted(callId, seq);
    }

    private static String callOf(String key) {
        return key.substring(0, key.lastIndexOf('_'));
    }

    /** Adds a message; returns whether it may be sent at once. */
    boolean add(Message message) {
        var key = key(message);
        waiting.put(key, MessageJson.write(message));
        if (next.containsKey(message.callId())) {
            return false;
        }
        schedule(key, message.createdAt());
        return true;
    }

    private void schedule(String key, Instant at) {
        var callId = callOf(key);
        var time = TIME.formatted(Math.max(0, at.toEpochMilli())) + callId;
        unschedule(callId);
        next.put(callId, time);
        due.put(time, key);
    }

    private void unschedule(String callId) {
        var before = next.remove(callId);
        if (before != null) {
            due.remove(before);
        }
    }

    /**
     * Takes out messages that are due.
     *
     * @param leases until when, in milliseconds, the calls are left alone of which one was taken; changed here
     */
    List<Message> takeDue(Instant now, int max, Map<String, Long> leases) {
        long millis = now.toEpochMilli();
        var taken = new ArrayList<Message>();
        var bound = TIME.formatted(millis + 1);
        for (var cursor = due.cursor(null); taken.size() < max && cursor.hasNext(); ) {
            if (cursor.next().compareTo(bound) >= 0) {
                break;
            }
            var key = cursor.getValue();
            var callId = callOf(key);
            if (leases.getOrDefault(callId, 0L) <= millis) {
                leases.put(callId, millis + Outbox.LEASE.toMillis());
                taken.add(read(key));
            }
        }
        return taken;
    }

    private Message read(String key) {
        return MessageJson.read(Objects.requireNonNull(waiting.get(key)));
    }

    private boolean isNext(Message message) {
        var time = next.get(message.callId());
        return time != null && key(message).equals(due.get(time));
    }

    /** Forgets a message; returns whether another of its call may be sent now. */
    boolean remove(Message message, Instant now) {
        if (!isNext(message)) {
            return false;
        }
        waiting.remove(key(message));
        return advance(message.callId(), now);
    }

    /** Has the first message of a call that waits be the next; returns whether there is one. */
    private boolean advance(String callId, Instant now) {
        unschedule(callId);
        var first = waiting.ceilingKey(callId + "_");
        if (first == null || !callOf(first).equals(callId)) {
            return false;
        }
        schedule(first, now);
        return true;
    }

    /** Records an attempt that failed. */
    void postpone(Message message, Instant until) {
        if (isNext(message)) {
            var tried = new Message(
                    message.id(),
                    message.callId(),
                    message.seq(),
                    message.type(),
                    message.body(),
                    message.createdAt(),
                    message.attempts() + 1);
            waiting.put(key(message), MessageJson.write(tried));
            schedule(key(message), until);
        }
    }

    /** Gives a message up; returns whether another of its call may be sent now. */
    boolean giveUp(Message message, Instant now) {
        if (!isNext(message)) {
            return false;
        }
        givenUp.put(TIME.formatted(now.toEpochMilli()) + key(message), MessageJson.write(message));
        return remove(message, now);
    }

    /** Has a message that was given up wait again, as if it was written down now; returns whether there was one. */
    boolean resend(String id, Instant now) {
        for (var cursor = givenUp.cursor(null); cursor.hasNext(); ) {
            var key = cursor.next();
            var kept = MessageJson.read(cursor.getValue());
            if (kept.id().equals(id)) {
                givenUp.remove(key);
                waiting.put(
                        key(kept),
                        MessageJson.write(
                                new Message(kept.id(), kept.callId(), kept.seq(), kept.type(), kept.body(), now, 0)));
                // It may belong before the one that is next.
                advance(kept.callId(), now);
                return true;
            }
        }
        return false;
    }

    /** Returns messages that wait: those due first, each with those behind it. */
    List<Message> waiting(int max) {
        var found = new ArrayList<Message>();
        for (var heads = due.cursor(null); found.size() < max && heads.hasNext(); ) {
            heads.next();
            var callId = callOf(heads.getValue());
            for (var cursor = waiting.cursor(heads.getValue()); found.size() < max && cursor.hasNext(); ) {
                if (!callOf(cursor.next()).equals(callId)) {
                    break;
                }
                found.add(MessageJson.read(cursor.getValue()));
            }
        }
        return found;
    }

    /** Returns messages that were given up, the latest first. */
    List<Message> givenUp(int max) {
        var found = new ArrayList<Message>();
        for (var cursor = givenUp.cursor(givenUp.lastKey(), null, true); found.size() < max && cursor.hasNext(); ) {
            cursor.next();
            found.add(MessageJson.read(cursor.getValue()));
        }
        return found;
    }

    Outbox.Counts counts() {
        return new Outbox.Counts(waiting.sizeAsLong(), givenUp.sizeAsLong());
    }

    /**
     * Forgets messages that were written down before a time: among those given up the earliest, among those that wait any
     * from a key on.
     *
     * @param from where to go on; null at the beginning
     * @return where to go on the next time; null at the end
     */
    @Nullable
    String expire(Instant before, Instant now, @Nullable String from, int max) {
        var bound = TIME.formatted(before.toEpochMilli());
        for (int i = 0; i < max; i++) {
            var first = givenUp.firstKey();
            if (first == null || first.compareTo(bound) >= 0) {
                break;
            }
            givenUp.remove(first);
        }
        Cursor<String, String> cursor = waiting.cursor(from);
        for (int i = 0; i < max && cursor.hasNext(); i++) {
            cursor.next();
            var message = MessageJson.read(cursor.getValue());
            if (message.createdAt().isBefore(before)) {
                remove(message, now);
            }
        }
        return cursor.hasNext() ? cursor.next() : null;
    }
}
