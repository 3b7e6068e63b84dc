package alirtc.appserver.sandbox;

import java.time.Duration;

/**
 * One way of failing, with its amount.
 *
 * @param amount zero for a kind that takes none; otherwise at most a day either way, and not negative for a delay
 */
public record Fault(FaultKind kind, Duration amount) {
    // Before NONE, whose making checks it.
    private static final Duration MOST = Duration.ofDays(1);

    /** No fault at all. */
    public static final Fault NONE = new Fault(FaultKind.NONE, Duration.ZERO);

    public Fault {
        if (kind.unit().isEmpty() && !amount.isZero()) {
            throw new IllegalArgumentException(kind.label() + " takes no amount");
        }
        if (amount.abs().compareTo(MOST) > 0) {
            throw new IllegalArgumentException(kind.label() + " takes at most " + MOST.toSeconds() + " seconds");
        }
        if (kind == FaultKind.SLOW && amount.isNegative()) {
            throw new IllegalArgumentException("slow takes no negative millis");
        }
    }

    /**
     * Makes a fault of a kind that takes no amount.
     *
     * @throws IllegalArgumentException if the kind takes one
     */
    public static Fault of(FaultKind kind) {
        if (kind.unit().isPresent()) {
            throw new IllegalArgumentException(kind.label() + " takes an amount");
        }
        return new Fault(kind, Duration.ZERO);
    }

    /** Delays every answer. */
    public static Fault slow(Duration delay) {
        return new Fault(FaultKind.SLOW, delay);
    }

    /** Shifts the times in every answer; a positive shift is a clock that runs ahead. */
    public static Fault skew(Duration shift) {
        return new Fault(FaultKind.SKEW, shift);
    }
}
