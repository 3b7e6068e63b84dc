package alirtc.appserver.call;

import java.time.Instant;
import java.util.Optional;

/**
 * When a call began and has to end, by the machine's clock.
 *
 * @param startedAt when it began
 * @param endsAt when it reaches its time limit, if there is one
 * @param now when this was said
 */
public record StartTime(Instant startedAt, Optional<Instant> endsAt, Instant now) {}
