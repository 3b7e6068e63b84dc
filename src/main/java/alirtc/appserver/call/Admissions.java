package alirtc.appserver.call;

import alirtc.appserver.rtc.ChannelId;
import alirtc.appserver.rtc.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Decides who may have a token: everybody, or as many users of a channel as there are seats. Thread-safe; never blocks. */
public final class Admissions {
    private final CallRegistry calls;
    private final StartTimes startTimes;
    private final Optional<SeatRules> seats;
    private final InstantSource clock;

    /**
     * Builds the only way in.
     *
     * @param seats how many may sit in a channel, if they are counted
     * @param clock a clock that never steps
     */
    public Admissions(CallRegistry calls, StartTimes startTimes, Optional<SeatRules> seats, InstantSource clock) {
        this.calls = calls;
        this.startTimes = startTimes;
        this.seats = seats;
        this.clock = clock;
    }

    /**
     * Takes note of a token for a user, unless every seat in the channel is taken by others; a user who has a seat keeps
     * it. Never waits for the upstream.
     */
    public Admission admit(ChannelId channel, UserId user) {
        var now = clock.instant();
        var call = calls.issued(channel, user, now);
        if (seats.isPresent()) {
            var refusal = refusal(call, user, now, seats.get());
            if (refusal.isPresent()) {
                return refusal.get();
            }
        }
        if (call.isPresent()) {
            startTimes.check(channel, now);
        }
        return Admission.GRANTED;
    }

    private Optional<Admission> refusal(Optional<Call> known, UserId user, Instant now, SeatRules rules) {
        if (known.isEmpty()) {
            return Optional.of(Admission.REGISTRY_FULL);
        }
        var call = known.get();
        if (call.seats().holds(user.value())) {
            return Optional.empty();
        }
        if (!call.nextLookAt().isAfter(now)) {
            startTimes.lookForRoom(call.channel());
        }
        var wait = Duration.between(now, call.seats().freeAt(now, rules));
        return Optional.of(Admission.channelFull(wait));
    }
}
