package alirtc.appserver.registry;

import alirtc.appserver.call.Bars;
import alirtc.appserver.call.Bars.Bar;
import alirtc.appserver.call.Call;
import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Company;
import alirtc.appserver.call.Company.Left;
import alirtc.appserver.call.Evidence;
import alirtc.appserver.call.Evidence.Dropped;
import alirtc.appserver.call.Evidence.PendingChange;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.call.Occupancy;
import alirtc.appserver.call.Occupancy.Session;
import alirtc.appserver.call.Schedule;
import alirtc.appserver.call.Schedule.Retry;
import alirtc.appserver.call.Seats;
import alirtc.appserver.call.Seats.Seat;
import alirtc.appserver.call.TokenLimits;
import alirtc.appserver.records.OpenRecordText;
import alirtc.appserver.time.EpochNanos;
import alirtc.appserver.token.ChannelId;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A call as text: JSON with short names, times in nanoseconds since 1970. Fields may be added under the same version, if
 * a server that does not know them may drop them; whatever else changes needs a higher version, and an older server
 * leaves such a call alone. Thread-safe.
 */
final class CallJson {
    static final int VERSION = 2;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final ObjectReader VERSIONS = JSON.readerFor(Version.class);
    private static final ObjectReader READER = JSON.readerFor(Text.class);
    private static final ObjectWriter WRITER = JSON.writerFor(Text.class);

    private CallJson() {}

    private record Version(int v) {}

    /**
     * The fields of a call by their short names.
     *
     * @param v version
     * @param i id
     * @param g stage: U provisional, K known, T start unknown, O over, E ended
     * @param s started at
     * @param t last token at
     * @param l looked at
     * @param n next look at
     * @param e stored start
     * @param p true if people were seen, or left out
     * @param m members
     * @param d pending
     * @param k tickets
     * @param x dropped tokens: the first and the last
     * @param r retry
     * @param a seats
     * @param o unseated
     * @param q sessions that are there
     * @param w sessions that left
     * @param h limit of the tokens, and the latest start that it holds for
     * @param y tokens with a limit whose users were not seen yet
     * @param c who is alone
     * @param b what is on record
     * @param f who is barred, and until when
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Text(
            int v,
            long i,
            String g,
            long s,
            long t,
            long l,
            long n,
            @Nullable Long e,
            @Nullable Boolean p,
            @Nullable List<String> m,
            @Nullable PendingChangeText d,
            @Nullable List<TicketText> k,
            @Nullable List<Long> x,
            @Nullable RetryText r,
            @Nullable List<SeatText> a,
            @Nullable List<String> o,
            @Nullable List<SessionText> q,
            @Nullable List<SessionText> w,
            @Nullable List<Long> h,
            @Nullable List<TicketText> y,
            @Nullable CompanyText c,
            @Nullable OpenRecordText b,
            @Nullable List<BarText> f) {}

    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    private record PendingChangeText(
            long emptyAt, long confirmableAt, @Nullable Long tokenAt, boolean occupied) {}

    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    private record TicketText(
            String user, long issuedAt, @Nullable Long limit) {
        TicketText {
            Objects.requireNonNull(user);
        }

        static TicketText of(Ticket ticket) {
            return new TicketText(ticket.user(), EpochNanos.of(ticket.issuedAt()), nanosOrNull(ticket.limit()));
        }

        Ticket ticket() {
            return new Ticket(user, EpochNanos.toInstant(issuedAt), durationOrNull(limit));
        }
    }

    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    private record BarText(@Nullable String user, long until) {}

    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    private record CompanyText(
            long togetherAt,
            @Nullable String user,
            @Nullable Long since,
            @Nullable Long quietSince) {}

    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    private record RetryText(int failures, long at) {}

    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    private record SeatText(
            String user,
            long signAt,
            boolean seen,
            @Nullable Long missedAt) {
        SeatText {
            Objects.requireNonNull(user);
        }
    }

    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    private record SessionText(String user, long id, long at) {
        SessionText {
            Objects.requireNonNull(user);
        }
    }

    /** Returns a call as text; the same state always gives the same text. */
    static String write(ChannelState state) {
        var call = state.call();
        var evidence = call.evidence();
        var pending = evidence.pending();
        var retry = call.schedule().retry();
        var open = state.open();
        try {
            return WRITER.writeValueAsString(new Text(
                    VERSION,
                    call.id(),
                    letter(call.stage()),
                    EpochNanos.of(call.startedAt()),
                    EpochNanos.of(evidence.lastTokenAt()),
                    EpochNanos.of(evidence.observedAt()),
                    EpochNanos.of(call.schedule().nextPollAt()),
                    nanosOrNull(call.storedStart()),
                    evidence.seen() ? Boolean.TRUE : null,
                    orNull(evidence.members()),
                    pending == null ? null : text(pending),
                    orNull(evidence.tickets().stream().map(TicketText::of).toList()),
                    text(evidence.dropped()),
                    retry == null ? null : new RetryText(retry.failures(), EpochNanos.of(retry.at())),
                    orNull(state.seats().held().stream()
                            .map(seat -> new SeatText(
                                    seat.user(),
                                    EpochNanos.of(seat.signAt()),
                                    seat.seen(),
                                    nanosOrNull(seat.missedAt())))
                            .toList()),
                    orNull(state.seats().unseated()),
                    texts(state.occupancy().present()),
                    texts(state.occupancy().departed()),
                    text(evidence.limits()),
                    evidence.limits() == null
                            ? null
                            : orNull(evidence.limits().unused().stream()
                                    .map(TicketText::of)
                                    .toList()),
                    text(evidence.company()),
                    open == null ? null : OpenRecordText.of(open, UnaryOperator.identity()),
                    orNull(state.bars().all().stream()
                            .map(bar -> new BarText(bar.user(), EpochNanos.of(bar.until())))
                            .toList())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A call cannot be written", e);
        }
    }

    private static @Nullable List<Long> text(@Nullable Dropped dropped) {
        if (dropped == null) {
            return null;
        }
        var text = new ArrayList<>(List.of(EpochNanos.of(dropped.first()), EpochNanos.of(dropped.last())));
        if (dropped.least() != null) {
            text.add(dropped.least().toNanos());
        }
        if (dropped.lastLimit() != null) {
            text.add(dropped.lastLimit().toNanos());
        }
        return text;
    }

    private static @Nullable Dropped dropped(@Nullable List<Long> text) {
        return text == null
                ? null
                : new Dropped(
                        EpochNanos.toInstant(text.get(0)),
                        EpochNanos.toInstant(text.get(1)),
                        durationOrNull(text.size() > 2 ? text.get(2) : null),
                        durationOrNull(text.size() > 3 ? text.get(3) : null));
    }

    private static @Nullable List<Long> text(@Nullable TokenLimits limits) {
        return limits == null || limits.least() == null
                ? null
                : List.of(limits.least().toNanos(), EpochNanos.of(limits.from()));
    }

    private static @Nullable TokenLimits limits(Text fields) {
        if (fields.h == null && fields.y == null) {
            return null;
        }
        var unused = orEmpty(fields.y).stream().map(TicketText::ticket).toList();
        return fields.h == null
                ? new TokenLimits(null, Instant.MAX, unused)
                : new TokenLimits(Duration.ofNanos(fields.h.get(0)), EpochNanos.toInstant(fields.h.get(1)), unused);
    }

    private static @Nullable CompanyText text(@Nullable Company company) {
        if (company == null) {
            return null;
        }
        var left = company.left();
        return left == null
                ? new CompanyText(EpochNanos.of(company.togetherAt()), null, null, null)
                : new CompanyText(
                        EpochNanos.of(company.togetherAt()),
                        left.user(),
                        EpochNanos.of(left.since()),
                        nanosOrNull(left.quietSince()));
    }

    private static @Nullable Company company(@Nullable CompanyText text) {
        if (text == null) {
            return null;
        }
        var left = text.user == null || text.since == null
                ? null
                : new Left(text.user, EpochNanos.toInstant(text.since), instantOrNull(text.quietSince));
        return new Company(EpochNanos.toInstant(text.togetherAt), left);
    }

    private static @Nullable List<SessionText> texts(List<Session> sessions) {
        return orNull(sessions.stream()
                .map(session -> new SessionText(session.user(), session.id(), EpochNanos.of(session.at())))
                .toList());
    }

    private static List<Session> sessions(@Nullable List<SessionText> texts) {
        return orEmpty(texts).stream()
                .map(text -> new Session(text.user, text.id, EpochNanos.toInstant(text.at)))
                .toList();
    }

    private static PendingChangeText text(PendingChange pending) {
        return new PendingChangeText(
                EpochNanos.of(pending.emptyAt()),
                EpochNanos.of(pending.confirmableAt()),
                nanosOrNull(pending.tokenAt()),
                pending.occupied());
    }

    /**
     * Returns the call of a channel; nothing if the text is no call, as if it had never been written.
     *
     * @throws RegistryException if a newer server wrote it
     */
    static Optional<ChannelState> read(ChannelId channel, String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Version version = VERSIONS.readValue(text);
            if (version.v() > VERSION) {
                throw new RegistryException("a newer server wrote the call, in version " + version.v());
            }
            Text fields = READER.readValue(text);
            return Optional.of(state(channel, fields));
        } catch (JsonProcessingException
                | NullPointerException
                | IllegalArgumentException
                | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static ChannelState state(ChannelId channel, Text fields) {
        var pending = fields.d;
        var retry = fields.r;
        var evidence = new Evidence(
                EpochNanos.toInstant(fields.t),
                EpochNanos.toInstant(fields.l),
                Boolean.TRUE.equals(fields.p),
                orEmpty(fields.m),
                pending == null
                        ? null
                        : new PendingChange(
                                EpochNanos.toInstant(pending.emptyAt),
                                EpochNanos.toInstant(pending.confirmableAt),
                                instantOrNull(pending.tokenAt),
                                pending.occupied()),
                orEmpty(fields.k).stream().map(TicketText::ticket).toList(),
                dropped(fields.x),
                limits(fields),
                company(fields.c));
        var schedule = new Schedule(
                EpochNanos.toInstant(fields.n),
                retry == null ? null : new Retry(retry.failures, EpochNanos.toInstant(retry.at)));
        var seats = new Seats(
                orEmpty(fields.a).stream()
                        .map(seat -> new Seat(
                                seat.user, EpochNanos.toInstant(seat.signAt), seat.seen, instantOrNull(seat.missedAt)))
                        .toList(),
                orEmpty(fields.o));
        var call = new Call(
                fields.i, stage(fields.g), EpochNanos.toInstant(fields.s), instantOrNull(fields.e), evidence, schedule);
        return new ChannelState(
                channel,
                call,
                seats,
                new Occupancy(sessions(fields.q), sessions(fields.w)),
                fields.b == null ? null : fields.b.toOpenRecord(UnaryOperator.identity()),
                new Bars(orEmpty(fields.f).stream()
                        .map(bar -> new Bar(bar.user, EpochNanos.toInstant(bar.until)))
                        .toList()));
    }

    private static String letter(Stage stage) {
        return switch (stage) {
            case PROVISIONAL -> "U";
            case KNOWN -> "K";
            case START_UNKNOWN -> "T";
            case OVER -> "O";
            case ENDED -> "E";
        };
    }

    private static Stage stage(String letter) {
        for (var stage : Stage.values()) {
            if (letter(stage).equals(letter)) {
                return stage;
            }
        }
        throw new IllegalArgumentException("No such stage");
    }

    private static <T> @Nullable List<T> orNull(List<T> list) {
        return list.isEmpty() ? null : list;
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static @Nullable Long nanosOrNull(@Nullable Instant time) {
        return time == null ? null : Long.valueOf(EpochNanos.of(time));
    }

    private static @Nullable Long nanosOrNull(@Nullable Duration duration) {
        return duration == null ? null : Long.valueOf(duration.toNanos());
    }

    private static @Nullable Duration durationOrNull(@Nullable Long nanos) {
        return nanos == null ? null : Duration.ofNanos(nanos);
    }

    private static @Nullable Instant instantOrNull(@Nullable Long nanos) {
        return nanos == null ? null : EpochNanos.toInstant(nanos);
    }
}
