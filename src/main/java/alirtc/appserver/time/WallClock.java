package alirtc.appserver.time;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The machine's clock, which may be set while the server runs.
 *
 * @param source where the time comes from
 */
public record WallClock(InstantSource source) implements InstantSource {

    @Override
    public Instant instant() {
        return source.instant();
    }
}
