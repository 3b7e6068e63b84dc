package alirtc.appserver.registry;

import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.EndReason;
import alirtc.appserver.call.Joins;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.OpenRecord;
import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A registry for tests that wait for each of its answers. */
public final class AwaitedRegistry {
    private static final long PATIENCE_SECONDS = 20;

    private final CallRegistry registry;
    private final CallStore store;

    public AwaitedRegistry(CallRegistry registry, CallStore store) {
        this.registry = registry;
        this.store = store;
    }

    /** Returns the result of a future, or throws what it fails with. */
    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    public Optional<ChannelState> find(ChannelId channel) {
        return await(registry.find(channel));
    }

    public Optional<ChannelState> tokenIssued(ChannelId channel, UserId user, Instant at) {
        return await(registry.tokenIssued(channel, user, at));
    }

    void observed(ChannelId channel, Observation observation) {
        await(registry.observed(channel, observation));
    }

    Optional<ChannelState> told(ChannelEvent event) {
        return await(registry.told(event));
    }

    void postponePoll(ChannelState state) {
        await(registry.postponePoll(state));
    }

    void lookupFailed(ChannelId channel) {
        await(registry.lookupFailed(channel));
    }

    public ChannelState startLearned(ChannelId channel, Optional<Joins> joins, ChannelUsers users) {
        return await(registry.startLearned(channel, joins, users));
    }

    public void ended(ChannelState state) {
        await(registry.ended(state, EndReason.LIMIT));
    }

    void resume(Map<ChannelId, OpenRecord> onRecord) {
        registry.resume(onRecord);
    }

    void warned(ChannelState state, Instant endsAt) {
        await(registry.warned(state, endsAt));
    }

    void endFailed(ChannelState state) {
        await(registry.endFailed(state));
    }

    public void forget(ChannelState state) {
        await(registry.forget(state));
    }

    List<ChannelState> due() {
        return await(registry.due());
    }

    /** Returns how many channels are kept, counted now. */
    long size() {
        return counts().channels();
    }

    /** Returns how many channels are kept, counted now. */
    CallStore.Counts counts() {
        return store instanceof RedisCallStore redis ? await(redis.count()) : store.counts();
    }
}
