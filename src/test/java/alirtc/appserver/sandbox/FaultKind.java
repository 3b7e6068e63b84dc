package alirtc.appserver.sandbox;

import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ways in which the sandbox can fail its clients. */
public enum FaultKind {
    NONE("Answers as it should."),
    HANG("Reads the request and does not answer until the faults change."),
    SLOW("Answers after so many milliseconds.", ChronoUnit.MILLIS),
    TRICKLE("Sends one byte a second, headers too."),
    REFUSE("Refuses connections and closes those that are open."),
    RESET("Sends the headers and half the body, then resets the connection."),
    HTML500("Answers 500 with a page of HTML."),
    JSON503("Answers 503 with the code ServiceUnavailable."),
    THROTTLED("Answers 400 with the code Throttling.User."),
    FORBIDDEN("Answers 403 with the code Forbidden.RAM."),
    TRUNCATED("Cuts the JSON in the middle, with the length of the cut; an error becomes {\"Code\":\"x."),
    TRUNCATEDERROR("Answers 503 with a JSON body that ends after {\"Code\":\"x."),
    WRONGTYPES("Gives every field of the answer another JSON type."),
    EMPTY("Succeeds with no users and no live channels, though people are in."),
    MISSING("Succeeds with no field but RequestId."),
    WRONGANSWER("Sends the answer of another action, and does not do what was asked."),
    SKEW("Shifts Timestamp and Join by so many seconds, which may be negative.", ChronoUnit.SECONDS),
    HUGE("Answers with a body of 64 MiB."),
    NOCONTENTTYPE("Leaves the header Content-Type out.");

    private final String meaning;
    private final @Nullable ChronoUnit unit;

    FaultKind(String meaning) {
        this.meaning = meaning;
        this.unit = null;
    }

    FaultKind(String meaning, ChronoUnit unit) {
        this.meaning = meaning;
        this.unit = unit;
    }

    /**
     * Finds a kind by its lower-case name.
     *
     * @throws IllegalArgumentException naming all kinds, if it is none of them
     */
    public static FaultKind named(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("kind must be one of "
                        + Arrays.stream(values()).map(FaultKind::label).collect(Collectors.joining(", "))));
    }

    /** Returns the name for URLs and JSON, in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Says in one sentence what clients see. */
    public String meaning() {
        return meaning;
    }

    /** Returns the unit of the kind's amount, if it takes one. */
    public Optional<ChronoUnit> unit() {
        return Optional.ofNullable(unit);
    }

    /** Returns the name that the amount goes by in URLs and JSON, if the kind takes one. */
    public Optional<String> parameter() {
        return unit().map(one -> one.name().toLowerCase(Locale.ROOT));
    }
}
