package alirtc.appserver.bench;

import java.time.Duration;
import java.time.Instant;

/** What phones want to know of one channel, and whether the cloud is asked on their behalf. Not thread-safe. */
final class PopulationQuestions {
    /** An answer so soon after a token may be taken for what the cloud says of the token's moment. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private final Duration prompt;
    private int open;
    private boolean tokenUnchecked;
    private Instant lastTokenAt = Instant.MIN;
    private Instant foundOccupied = Instant.MIN;

    /**
     * Builds what knows of no question.
     *
     * @param clockError by how much the times of tokens may be too early
     */
    PopulationQuestions(Duration clockError) {
        this.prompt = PROMPT.plus(clockError);
    }

    void tokenSent(Instant at) {
        open++;
        tokenUnchecked = true;
        lastTokenAt = at;
    }

    void sent() {
        open++;
    }

    void answered() {
        open--;
    }

    /**
     * Learns that a request reaches the cloud; returns whether that may be for a phone, which asks or has a token that was
     * not checked yet.
     *
     * @param lookup whether the request asks who is in the channel
     */
    boolean requested(Instant at, boolean lookup, boolean isOccupied) {
        boolean forPhone = open > 0 || (lookup && tokenUnchecked);
        if (lookup) {
            tokenUnchecked = false;
            if (isOccupied && Duration.between(lastTokenAt, at).compareTo(prompt) <= 0) {
                foundOccupied = lastTokenAt;
            }
        }
        return forPhone;
    }

    /** Returns whether a start is that of a token for which the server's own question, soon after, found somebody. */
    boolean isDisputed(Instant start) {
        return start.equals(foundOccupied);
    }
}
