package alirtc.appserver.records;

import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.call.OpenRecord.Doubt;
import alirtc.appserver.call.OpenRecord.DroppedStays;
import alirtc.appserver.call.OpenRecord.Start;
import alirtc.appserver.call.OpenStay;
import alirtc.appserver.call.Stay;
import alirtc.appserver.time.EpochNanos;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is on record so far of a call, by the short names that its fields have in JSON; times in nanoseconds since 1970. Fields
 * may be added. Immutable.
 *
 * @param c call id
 * @param t how many notices were told
 * @param n number of the correction, if any
 * @param b when it began
 * @param p when the call before it ended, if there was one
 * @param r true if it was found in progress, or left out
 * @param w true if it was told that its limit is near, or left out
 * @param s seen at
 * @param y stays
 * @param x dropped stays: how long was talked, until when
 * @param f in doubt: found at, or 0 if nobody was found; left out if it is in no doubt
 * @param e ended at
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OpenRecordText(
        String c,
        int t,
        @Nullable Integer n,
        StartText b,
        @Nullable Long p,
        @Nullable Boolean r,
        @Nullable Boolean w,
        long s,
        @Nullable List<StayText> y,
        @Nullable List<Long> x,
        @Nullable Long f,
        @Nullable Long e) {

    /** When a call began. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    record StartText(long at, boolean byToken, boolean certain) {}

    /** A stay. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    record StayText(
            String user,
            String session,
            long joinedAt,
            @Nullable Long leftAt,
            boolean joinHeard,
            boolean leaveHeard,
            @Nullable Long missedAt) {
        StayText {
            Objects.requireNonNull(user);
            Objects.requireNonNull(session);
        }
    }

    /** Makes sure that nothing is missing. */
    public OpenRecordText {
        Objects.requireNonNull(c);
        Objects.requireNonNull(b);
    }

    /**
     * Returns what is on record by these names.
     *
     * @param times translates its times into those that are written
     */
    public static OpenRecordText of(OpenRecord open, UnaryOperator<Instant> times) {
        var doubt = open.doubt();
        var dropped = open.dropped();
        return new OpenRecordText(
                open.callId(),
                open.told(),
                open.correction() == 0 ? null : open.correction(),
                new StartText(
                        EpochNanos.of(times.apply(open.start().at())),
                        open.start().byToken(),
                        open.start().certain()),
                nanosOrNull(open.notBefore(), times),
                open.recovered() ? Boolean.TRUE : null,
                open.warned() ? Boolean.TRUE : null,
                EpochNanos.of(times.apply(open.seenAt())),
                open.stays().isEmpty()
                        ? null
                        : open.stays().stream().map(stay -> text(stay, times)).toList(),
                dropped.equals(DroppedStays.NONE)
                        ? null
                        : List.of(dropped.talked().toNanos(), EpochNanos.of(times.apply(dropped.until()))),
                doubt == null ? null : doubt.foundAt() == null ? 0L : EpochNanos.of(times.apply(doubt.foundAt())),
                nanosOrNull(open.endedAt(), times));
    }

    private static StayText text(OpenStay stay, UnaryOperator<Instant> times) {
        return new StayText(
                stay.stay().user(),
                stay.stay().session(),
                EpochNanos.of(times.apply(stay.stay().joinedAt())),
                nanosOrNull(stay.stay().leftAt(), times),
                stay.joinHeard(),
                stay.leaveHeard(),
                nanosOrNull(stay.missedAt(), times));
    }

    /**
     * Returns what was on record.
     *
     * @param times translates the times that were written into those that are wanted
     */
    public OpenRecord toOpenRecord(UnaryOperator<Instant> times) {
        return new OpenRecord(
                c,
                t,
                n == null ? 0 : n,
                new Start(times.apply(EpochNanos.toInstant(b.at)), b.byToken, b.certain),
                instantOrNull(p, times),
                Boolean.TRUE.equals(r),
                Boolean.TRUE.equals(w),
                times.apply(EpochNanos.toInstant(s)),
                y == null
                        ? List.of()
                        : y.stream().map(stay -> stay(stay, times)).toList(),
                x == null
                        ? DroppedStays.NONE
                        : new DroppedStays(Duration.ofNanos(x.get(0)), times.apply(EpochNanos.toInstant(x.get(1)))),
                f == null ? null : new Doubt(f == 0 ? null : times.apply(EpochNanos.toInstant(f))),
                instantOrNull(e, times));
    }

    private static OpenStay stay(StayText text, UnaryOperator<Instant> times) {
        return new OpenStay(
                new Stay(
                        text.user,
                        text.session,
                        times.apply(EpochNanos.toInstant(text.joinedAt)),
                        instantOrNull(text.leftAt, times)),
                text.joinHeard,
                text.leaveHeard,
                instantOrNull(text.missedAt, times));
    }

    private static @Nullable Long nanosOrNull(@Nullable Instant time, UnaryOperator<Instant> times) {
        return time == null ? null : Long.valueOf(EpochNanos.of(times.apply(time)));
    }

    private static @Nullable Instant instantOrNull(@Nullable Long nanos, UnaryOperator<Instant> times) {
        return nanos == null ? null : times.apply(EpochNanos.toInstant(nanos));
    }
}
