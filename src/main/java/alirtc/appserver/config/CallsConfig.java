package alirtc.appserver.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The limits of calls and channels.
 *
 * @param timeLimit how long a call may last, if there is a limit; positive
 * @param aloneFor how long one may be left alone in a call, if that ends it; 30 seconds to 1 day
 * @param maxCalls how many calls are remembered at a time, 1 to 10 million; what there is room for, if empty
 * @param maxUsers how many users may have tokens for a channel at a time, if there is a limit; 1 to 100
 * @param seatTtl how long a channel keeps a seat for a user who does not come; 5 seconds to 1 hour
 * @param seatless whether tokens for a channel with a limit of users go on without seats while the registry fails
 */
public record CallsConfig(
        Optional<Duration> timeLimit,
        Optional<Duration> aloneFor,
        Optional<Integer> maxCalls,
        Optional<Integer> maxUsers,
        Duration seatTtl,
        boolean seatless) {

    /** Reads the settings. */
    static CallsConfig from(SettingsReader reader) {
        return new CallsConfig(
                reader.read(SettingsCatalog.TIME_LIMIT),
                reader.read(SettingsCatalog.ALONE_HANG_UP_AFTER),
                reader.read(SettingsCatalog.MAX_CALLS),
                reader.read(SettingsCatalog.MAX_USERS),
                reader.read(SettingsCatalog.SEAT_TTL),
                reader.read(SettingsCatalog.OPEN_ON_REGISTRY_FAILURE));
    }
}
