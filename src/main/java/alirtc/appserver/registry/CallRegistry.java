package alirtc.appserver.registry;

import alirtc.appserver.call.Bars.Bar;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.EndReason;
import alirtc.appserver.call.Evidence.Ticket;
import alirtc.appserver.call.Joins;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.call.Transition;
import alirtc.appserver.logging.ThrottledWarning;
import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.registry.CallStore.Change;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Changes the states of channels by evidence, and reports every change. Thread-safe; never blocks: a future is done at
 * once where the store is in memory, and fails with a {@link RegistryException} where the store cannot be asked.
 */
public final class CallRegistry {
    private final CallStore store;
    private final CallStore upkeep;
    private final Supplier<ChannelPolicy> policy;
    private final CallEvents events;
    private final Recorder recorder;
    private final boolean seated;
    private final Optional<TokenWriteBuffer> writes;
    private final Optional<DeferredObservations> deferred;
    private final Optional<SeatReturns> returns;
    private final ThrottledWarning full;
    private final AtomicLong ids = new AtomicLong(ThreadLocalRandom.current().nextLong());

    private CallRegistry(
            CallStore store,
            Supplier<ChannelPolicy> policy,
            CallEvents events,
            Recorder recorder,
            Optional<Timers> shared) {
        this.store = store;
        this.upkeep = store.upkeep();
        this.policy = policy;
        this.events = events;
        this.recorder = recorder;
        this.seated = policy.get().seats().isLimited();
        this.writes = shared.map(timers -> new TokenWriteBuffer(this::writeTokens, store.clock(), timers));
        this.deferred = shared.map(timers -> new DeferredObservations(store.clock(), timers));
        this.returns = shared.filter(timers -> seated).map(SeatReturns::new);
        events.watch(store);
        this.full = new ThrottledWarning(LoggerFactory.getLogger(CallRegistry.class), store.clock());
    }

    /**
     * Returns a registry that writes each token to its store at once.
     *
     * @param policy what is made of evidence just now
     * @param events is told of every change
     * @param recorder puts calls on record, or does not
     */
    public static CallRegistry direct(
            CallStore store, Supplier<ChannelPolicy> policy, CallEvents events, Recorder recorder) {
        return new CallRegistry(store, policy, events, recorder, Optional.empty());
    }

    /**
     * Returns a registry whose store has to be waited for: it merges tokens which need no seat while the store is being
     * written to, and takes back seats of tokens that were written, but nobody could tell in time.
     *
     * @param policy what is made of evidence just now; whether seats are counted never changes
     * @param events is told of every change
     * @param recorder puts calls on record, or does not
     */
    public static CallRegistry buffered(
            CallStore store, Supplier<ChannelPolicy> policy, CallEvents events, Recorder recorder, Timers timers) {
        return new CallRegistry(store, policy, events, recorder, Optional.of(timers));
    }

    /** Returns the clock that calls are counted by; it never steps. */
    public SteadyClock clock() {
        return store.clock();
    }

    /** Returns the state of a channel, if one is known. */
    public CompletableFuture<Optional<ChannelState>> find(ChannelId channel) {
        return found(channel, store::find);
    }

    /** Returns the state of a channel, if there is one, as it is right now: for what cannot be undone. */
    public CompletableFuture<Optional<ChannelState>> current(ChannelId channel) {
        return found(channel, upkeep::current);
    }

    /** Returns the state of a channel, if one is known; nothing if the registry cannot tell. */
    public CompletableFuture<Optional<ChannelState>> findIfPossible(ChannelId channel) {
        return find(channel).exceptionally(failure -> Optional.empty());
    }

    /** Finds a state; tokens of this server that wait to be written are known in it all the same. */
    private CompletableFuture<Optional<ChannelState>> found(
            ChannelId channel, Function<ChannelId, CompletableFuture<Optional<ChannelState>>> source) {
        // Asked before: those that are written meanwhile are in the state, and once more do no harm.
        var unwritten = writes.map(buffer -> buffer.unwritten(channel)).orElse(List.of());
        var found = source.apply(channel);
        return unwritten.isEmpty()
                ? found
                : found.thenApply(state -> Optional.ofNullable(withTokens(state.orElse(null), channel, unwritten)));
    }

    /**
     * Records a token; where seats are counted, only if there is one for its user, who then has it.
     *
     * @return the state of the channel, whether the token was recorded or not; nothing if there is no room for a new
     *     channel
     */
    public CompletableFuture<Optional<ChannelState>> tokenIssued(ChannelId channel, Ticket ticket) {
        if (!seated) {
            return tokenWithoutSeat(channel, ticket);
        }
        var written = change(store, channel, state -> withToken(state, channel, ticket, ChannelState::tokenIssued))
                .thenApply(this::warnIfFull);
        returns.ifPresent(seats ->
                seats.watch(written, () -> tokenWithdrawn(channel, new UserId(ticket.user()), ticket.issuedAt())));
        return written;
    }

    /**
     * Records a token for which no seat is counted; later, if that cannot be done now.
     *
     * @return the state of the channel then; nothing if there is no room for a new channel
     */
    public CompletableFuture<Optional<ChannelState>> tokenWithoutSeat(ChannelId channel, Ticket ticket) {
        return writes.map(buffer -> buffer.add(channel, ticket)).orElseGet(() -> writeTokens(channel, List.of(ticket)));
    }

    /** Records that a token was never handed out: whoever asked for it was told that nobody knows of a seat. */
    public CompletableFuture<Optional<ChannelState>> tokenWithdrawn(ChannelId channel, UserId user, Instant at) {
        return change(upkeep, channel, state -> state == null ? null : state.tokenWithdrawn(user, at));
    }

    private CompletableFuture<Optional<ChannelState>> writeTokens(ChannelId channel, List<Ticket> tickets) {
        return change(store, channel, state -> withTokens(state, channel, tickets))
                .thenApply(this::warnIfFull);
    }

    private @Nullable ChannelState withTokens(@Nullable ChannelState state, ChannelId channel, List<Ticket> tickets) {
        var next = state;
        for (var ticket : tickets) {
            next = withToken(next, channel, ticket, ChannelState::tokenWithoutSeat);
        }
        return next;
    }

    /** How a token changes what is known of a channel. */
    private interface TokenStep {
        ChannelState after(ChannelState state, long nextId, Ticket ticket, ChannelPolicy policy);
    }

    private ChannelState withToken(@Nullable ChannelState state, ChannelId channel, Ticket ticket, TokenStep step) {
        long id = ids.incrementAndGet();
        return state == null
                ? ChannelState.begun(channel, id, ticket, policy.get())
                : step.after(state, id, ticket, policy.get());
    }

    /** Learns from an observation of a channel; later, if the registry cannot be asked now. */
    public CompletableFuture<Optional<ChannelState>> observed(ChannelId channel, Observation observation) {
        return deferred.map(later -> later.learn(channel, () -> learned(channel, observation)))
                .orElseGet(() -> learned(channel, observation));
    }

    private CompletableFuture<Optional<ChannelState>> learned(ChannelId channel, Observation observation) {
        return changed(afterTokens(
                channel,
                () -> upkeep.change(
                        channel,
                        known -> known == null
                                ? Transition.silent(null)
                                : recorder.observed(
                                        known,
                                        known.observed(ids.incrementAndGet(), observation, policy.get())
                                                .or(() -> withoutCall(known))
                                                .orElse(null),
                                        observation))));
    }

    /**
     * Learns from an event; of a channel in which no call is known, an event tells nothing.
     *
     * @return the state of the channel, if the event told anything new
     */
    public CompletableFuture<Optional<ChannelState>> told(ChannelEvent event) {
        return afterTokens(
                        event.channel(),
                        () -> store.change(
                                event.channel(),
                                step(known ->
                                        known == null ? null : known.told(event, clock().instant(), policy.get()))))
                .thenApply(change -> {
                    events.changed(change.before(), change.after(), Optional.empty(), clock().instant());
                    return Optional.ofNullable(change.after()).filter(after -> !after.equals(change.before()));
                });
    }

    /** Has a channel changed once the tokens of this server that wait to be written are in its state. */
    private CompletableFuture<Change> afterTokens(ChannelId channel, Supplier<CompletableFuture<Change>> change) {
        return writes.map(buffer -> buffer.written(channel).thenCompose(done -> change.get()))
                .orElseGet(change);
    }

    /** Puts off the next observation of this very call: it is known to go on. */
    public CompletableFuture<Optional<ChannelState>> postponePoll(ChannelState state) {
        return changeThis(state, current -> current.pollPostponed(clock().instant()));
    }

    /** Records a lookup that failed. */
    public CompletableFuture<Optional<ChannelState>> lookupFailed(ChannelId channel) {
        return change(upkeep, channel, state -> state == null ? null : state.lookupFailed(clock().instant()));
    }

    /**
     * Records when those in a channel joined, if anybody can tell.
     *
     * @param users who was just seen there
     * @return the state of the channel as it is now, even if it cannot be kept
     */
    public CompletableFuture<ChannelState> startLearned(ChannelId channel, Optional<Joins> joins, ChannelUsers users) {
        var now = clock().instant();
        var found = ChannelState.found(channel, ids.incrementAndGet(), joins, users, now, policy.get());
        return changed(afterTokens(
                        channel,
                        () -> upkeep.change(
                                channel,
                                state -> state != null
                                        ? recorder.changed(state, state.startLearned(joins, policy.get()), now)
                                        : recorder.observed(null, found, new Observation(now, now, users)))))
                .thenApply(this::warnIfFull)
                .exceptionally(failure -> Optional.of(found))
                .thenApply(kept -> kept.orElse(found));
    }

    /** Records that this very call was ended by deleting its channel, and why. */
    public CompletableFuture<Optional<ChannelState>> ended(ChannelState state, EndReason reason) {
        var made = upkeep.change(state.channel(), current -> {
            if (current == null || !isSame(current, state)) {
                return Transition.silent(current);
            }
            var now = clock().instant();
            return recorder.ended(current, current.ended(ids.incrementAndGet(), now), reason, now);
        });
        return changed(made, Optional.of(reason));
    }

    /**
     * Records that it is told of this very call that its limit is near.
     *
     * @param endsAt when the limit is reached
     */
    public CompletableFuture<Optional<ChannelState>> warned(ChannelState state, Instant endsAt) {
        return changed(upkeep.change(
                state.channel(),
                current -> current != null && isSame(current, state)
                        ? recorder.warned(current, endsAt, clock().instant())
                        : Transition.silent(current)));
    }

    /** Records that an attempt to end this very call failed. */
    public CompletableFuture<Optional<ChannelState>> endFailed(ChannelState state) {
        return changeThis(state, current -> current.endFailed(clock().instant()));
    }

    /** Forgets a channel, if this very call is still in it; all but whom it is barred for. */
    public CompletableFuture<Optional<ChannelState>> forget(ChannelState state) {
        return changeThis(state, current -> withoutCall(current).orElse(null));
    }

    private Optional<ChannelState> withoutCall(ChannelState state) {
        return state.withoutCall(ids.incrementAndGet(), clock().instant());
    }

    /**
     * Records for whom no tokens are issued in a channel, whether a call is known there or not.
     *
     * @return the state of the channel, without the bar if it has too many already; nothing if there is no room for it
     */
    public CompletableFuture<Optional<ChannelState>> barred(ChannelId channel, Bar bar) {
        return change(
                        upkeep,
                        channel,
                        state -> ChannelState.barred(state, channel, ids.incrementAndGet(), bar, clock().instant())
                                .orElse(state))
                .thenApply(this::warnIfFull);
    }

    /**
     * Records that the operator had a channel deleted, whether a call is known there or not: it is kept ended.
     *
     * @param deletedAt when the deletion was sent
     */
    public CompletableFuture<Optional<ChannelState>> endedByOperator(ChannelId channel, Instant deletedAt) {
        var made = upkeep.change(channel, state -> {
            var now = clock().instant();
            long id = ids.incrementAndGet();
            return state == null
                    ? Transition.silent(ChannelState.unknownEnded(channel, id, deletedAt, now))
                    : recorder.ended(state, state.endedByOperator(id, deletedAt, now), EndReason.ENDED, now);
        });
        return changed(made, Optional.of(EndReason.ENDED)).thenApply(this::warnIfFull);
    }

    /**
     * Takes up the calls that were on record when the server ended: people are believed to be in them, until observations
     * tell. Nothing else is believed of them, and a channel of which something is known already is left as it is.
     */
    public void resume(Map<ChannelId, OpenRecord> onRecord) {
        var now = clock().instant();
        onRecord.forEach((channel, open) -> {
            long id = ids.incrementAndGet();
            // The registry is in memory: nothing is waited for.
            var unused = changed(upkeep.change(
                    channel,
                    state -> Transition.silent(state == null ? ChannelState.onRecord(channel, id, open, now) : state)));
        });
    }

    /** Takes out channels about which something has to be done now; one may come twice. */
    public CompletableFuture<List<ChannelState>> due() {
        return upkeep.due();
    }

    /** Records that a channel that is due could not be attended to. */
    public void reschedule(ChannelState state) {
        store.reschedule(state);
    }

    private CompletableFuture<Optional<ChannelState>> changeThis(
            ChannelState state, Function<ChannelState, @Nullable ChannelState> step) {
        return change(
                upkeep,
                state.channel(),
                current -> current != null && isSame(current, state) ? step.apply(current) : current);
    }

    private static boolean isSame(ChannelState current, ChannelState state) {
        return current.call().id() == state.call().id();
    }

    private CompletableFuture<Optional<ChannelState>> change(
            CallStore by, ChannelId channel, Function<@Nullable ChannelState, @Nullable ChannelState> step) {
        return changed(by.change(channel, step(step)));
    }

    private Function<@Nullable ChannelState, Transition> step(
            Function<@Nullable ChannelState, @Nullable ChannelState> step) {
        return before -> recorder.changed(before, step.apply(before), clock().instant());
    }

    /** Reports a change, and returns what it left. */
    private CompletableFuture<Optional<ChannelState>> changed(CompletableFuture<Change> made) {
        return changed(made, Optional.empty());
    }

    private CompletableFuture<Optional<ChannelState>> changed(
            CompletableFuture<Change> made, Optional<EndReason> deletedFor) {
        return made.thenApply(change -> {
            events.changed(change.before(), change.after(), deletedFor, clock().instant());
            return Optional.ofNullable(change.after());
        });
    }

    /** Returns what a change left, and warns the operator if that is nothing for want of room. */
    private Optional<ChannelState> warnIfFull(Optional<ChannelState> after) {
        if (after.isEmpty()) {
            full.warn(
                    "The registry is full: new channels get {}",
                    policy.get().seats().isLimited() ? "no tokens" : "tokens, but no time limit");
        }
        return after;
    }
}
