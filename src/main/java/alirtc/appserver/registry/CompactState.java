package alirtc.appserver.registry;

import alirtc.appserver.call.Bars;
import alirtc.appserver.call.Call;
import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Company;
import alirtc.appserver.call.Evidence;
import alirtc.appserver.call.Evidence.Dropped;
import alirtc.appserver.call.Evidence.PendingChange;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.call.Occupancy;
import alirtc.appserver.call.Occupancy.Session;
import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.call.Schedule;
import alirtc.appserver.call.Schedule.Retry;
import alirtc.appserver.call.Seats;
import alirtc.appserver.call.TokenLimits;
import alirtc.appserver.token.ChannelId;
import org.jspecify.annotations.Nullable;

/**
 * A channel's state as memory holds many of them: what every call has is in one array of bytes, which takes a third of
 * the heap that its objects take, and which the collector moves at once. What few calls have stays as it is. Immutable;
 * each is equal to itself alone.
 */
final class CompactState {
    private final ChannelId channel;
    private final Stage stage;
    private final byte[] bytes;
    private final Seats seats;
    private final @Nullable OpenRecord open;
    private final Bars bars;
    private final @Nullable TokenLimits limits;
    private final @Nullable Company company;

    /** Takes in a state. */
    CompactState(ChannelState state) {
        var call = state.call();
        var evidence = call.evidence();
        channel = state.channel();
        stage = call.stage();
        seats = state.seats();
        open = state.open();
        bars = state.bars();
        limits = evidence.limits();
        company = evidence.company();
        var out = new CompactWriter();
        out.writeLong(call.id());
        out.writeTime(call.startedAt());
        out.writeOptional(call.storedStart(), CompactWriter::writeTime);
        out.writeTime(evidence.lastTokenAt());
        out.writeTime(evidence.observedAt());
        out.writeTime(call.schedule().nextPollAt());
        out.writeFlag(evidence.seen());
        out.writeOptional(call.schedule().retry(), CompactState::write);
        out.writeOptional(evidence.pending(), CompactState::write);
        out.writeOptional(evidence.dropped(), CompactState::write);
        out.writeList(evidence.members(), CompactWriter::writeName);
        out.writeList(evidence.tickets(), CompactState::write);
        out.writeList(state.occupancy().present(), CompactState::write);
        out.writeList(state.occupancy().departed(), CompactState::write);
        bytes = out.toBytes();
    }

    /** Returns the state that was taken in. */
    ChannelState toState() {
        var in = new CompactReader(bytes);
        long id = in.readLong();
        var startedAt = in.readTime();
        var storedStart = in.readOptional(CompactReader::readTime);
        var lastTokenAt = in.readTime();
        var observedAt = in.readTime();
        var nextPollAt = in.readTime();
        boolean seen = in.readFlag();
        var retry = in.readOptional(CompactState::readRetry);
        var pending = in.readOptional(CompactState::readPending);
        var dropped = in.readOptional(CompactState::readDropped);
        var members = in.readList(CompactReader::readName);
        var tickets = in.readList(CompactState::readTicket);
        var occupancy = new Occupancy(in.readList(CompactState::readSession), in.readList(CompactState::readSession));
        var evidence = new Evidence(lastTokenAt, observedAt, seen, members, pending, tickets, dropped, limits, company);
        var call = new Call(id, stage, startedAt, storedStart, evidence, new Schedule(nextPollAt, retry));
        return new ChannelState(channel, call, seats, occupancy, open, bars);
    }

    private static void write(CompactWriter out, Retry retry) {
        out.writeLong(retry.failures());
        out.writeTime(retry.at());
    }

    private static Retry readRetry(CompactReader in) {
        return new Retry((int) in.readLong(), in.readTime());
    }

    private static void write(CompactWriter out, PendingChange pending) {
        out.writeTime(pending.emptyAt());
        out.writeTime(pending.confirmableAt());
        out.writeOptional(pending.tokenAt(), CompactWriter::writeTime);
        out.writeFlag(pending.occupied());
    }

    private static PendingChange readPending(CompactReader in) {
        return new PendingChange(in.readTime(), in.readTime(), in.readOptional(CompactReader::readTime), in.readFlag());
    }

    private static void write(CompactWriter out, Dropped dropped) {
        out.writeTime(dropped.first());
        out.writeTime(dropped.last());
        out.writeOptional(dropped.least(), CompactWriter::writeDuration);
        out.writeOptional(dropped.lastLimit(), CompactWriter::writeDuration);
    }

    private static Dropped readDropped(CompactReader in) {
        return new Dropped(
                in.readTime(),
                in.readTime(),
                in.readOptional(CompactReader::readDuration),
                in.readOptional(CompactReader::readDuration));
    }

    private static void write(CompactWriter out, Ticket ticket) {
        out.writeName(ticket.user());
        out.writeTime(ticket.issuedAt());
        out.writeOptional(ticket.limit(), CompactWriter::writeDuration);
    }

    private static Ticket readTicket(CompactReader in) {
        return new Ticket(in.readName(), in.readTime(), in.readOptional(CompactReader::readDuration));
    }

    private static void write(CompactWriter out, Session session) {
        out.writeName(session.user());
        out.writeLong(session.id());
        out.writeTime(session.at());
    }

    private static Session readSession(CompactReader in) {
        return new Session(in.readName(), in.readLong(), in.readTime());
    }
}
