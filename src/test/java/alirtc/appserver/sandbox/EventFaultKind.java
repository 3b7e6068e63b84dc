package alirtc.appserver.sandbox;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can go wrong with the messages that tell of events; each to so many percent of them. */
public enum EventFaultKind {
    /** Not delivered, which the log of deliveries shows. */
    LOSE("Does not deliver the message; the log of deliveries has it with the code 0."),
    OMIT("Makes no message of the event: not even the log of deliveries has it."),
    REPEAT("Delivers the same message twice."),
    DUPLICATE("Makes two messages of the event, each with an id of its own."),
    REORDER("Holds the message back until the next one of its channel is delivered, at most two seconds."),
    DELAY("Delivers the message up to so many milliseconds late.");

    private final String meaning;

    EventFaultKind(String meaning) {
        this.meaning = meaning;
    }

    /**
     * Finds a kind by its lower-case name.
     *
     * @throws IllegalArgumentException naming all that can be set, if it is none of them
     */
    static EventFaultKind named(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is unknown; there are "
                        + Arrays.stream(values()).map(EventFaultKind::label).collect(Collectors.joining(", "))
                        + ", millis, seed, spelling"));
    }

    /** Returns the name for URLs and JSON, in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Says in one sentence what becomes of a message. */
    public String meaning() {
        return meaning;
    }
}
