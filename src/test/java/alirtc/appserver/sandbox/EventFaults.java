package alirtc.appserver.sandbox;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How the messages that tell of events go wrong. What becomes of a message depends on the seed, its channel, and its
 * place among the channel's events alone, so that the same run has the same faults in whatever order channels change.
 *
 * @param percent how many of a hundred messages each fault strikes, 1 to 100; none if it is missing
 * @param maxDelay how late a delayed message is at most, from a millisecond to an hour
 * @param upperCaseIds whether SubscribeId and ChannelId are spelled {@code SubscribeID} and {@code ChannelID}
 * @param seed chooses which messages are struck
 */
public record EventFaults(Map<EventFaultKind, Integer> percent, Duration maxDelay, boolean upperCaseIds, long seed) {
    private static final Duration MAX_DELAY = Duration.ofHours(1);
    private static final long MIX = 0x9E3779B97F4A7C15L;

    /** Every message is delivered once, at once, in order. */
    public static final EventFaults NONE = new EventFaults(Map.of(), Duration.ofSeconds(1), false, 1);

    /**
     * Copies the percentages in.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public EventFaults {
        var copy = new EnumMap<EventFaultKind, Integer>(EventFaultKind.class);
        percent.forEach((kind, value) -> {
            if (value < 0 || value > 100) {
                throw new IllegalArgumentException(kind.label() + " must be 0 to 100 percent");
            }
            if (value > 0) {
                copy.put(kind, value);
            }
        });
        percent = Map.copyOf(copy);
        if (maxDelay.toMillis() < 1 || maxDelay.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException("millis must be 1 to " + MAX_DELAY.toMillis());
        }
    }

    /** Returns these faults with another percentage of one kind; 0 ends it. */
    public EventFaults with(EventFaultKind kind, int value) {
        var changed = new EnumMap<EventFaultKind, Integer>(EventFaultKind.class);
        changed.putAll(percent);
        changed.put(kind, value);
        return new EventFaults(changed, maxDelay, upperCaseIds, seed);
    }

    /** Returns these faults with another greatest delay. */
    public EventFaults withMaxDelay(Duration longest) {
        return new EventFaults(percent, longest, upperCaseIds, seed);
    }

    /** Returns these faults with names spelled so. */
    public EventFaults withUpperCaseIds(boolean upper) {
        return new EventFaults(percent, maxDelay, upper, seed);
    }

    /** Returns these faults for other messages. */
    public EventFaults withSeed(long other) {
        return new EventFaults(percent, maxDelay, upperCaseIds, other);
    }

    /** Returns the draws that decide about one message. */
    Draws draws(String channel, long eventOfChannel, int subscription) {
        var start = ((seed * MIX + channel.hashCode()) * MIX + eventOfChannel) * MIX + subscription;
        return new Draws(this, new SplittableRandom(start));
    }

    /** Draws in a fixed order, so that one fault's percentage does not change what another one strikes. */
    static final class Draws {
        private final EventFaults faults;
        private final SplittableRandom random;

        private Draws(EventFaults faults, SplittableRandom random) {
            this.faults = faults;
            this.random = random;
        }

        /** Returns draws that are independent of the further ones of these. */
        Draws split() {
            return new Draws(faults, random.split());
        }

        boolean strikes(EventFaultKind kind) {
            return random.nextInt(100) < faults.percent.getOrDefault(kind, 0);
        }

        /** Returns how late the message is: zero, or a millisecond at least. */
        Duration delay() {
            var isLate = strikes(EventFaultKind.DELAY);
            // A fraction, so that what follows does not depend on the greatest delay.
            var millis = 1 + (long) (random.nextDouble() * faults.maxDelay.toMillis());
            return isLate ? Duration.ofMillis(millis) : Duration.ZERO;
        }
    }
}
