package alirtc.appserver.lifecycle;

import alirtc.appserver.call.Call;
import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.openapi.RtcClient;
import alirtc.appserver.registry.CallEvents;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.RegistryException;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.upstream.Priority;
import alirtc.appserver.upstream.UpstreamDispatcher;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due about the live calls: looks whether people are still there, ends calls at their time limit and keeps
 * them ended. A job to be run four times a second, on a thread of the registry. Thread-safe; waits for nothing but the
 * registry.
 */
public final class CallWatch implements Runnable {
    /** So many calls may be ended at a time, that phones' questions keep their share of the upstream. */
    private static final int MAX_ENDING = 20;

    private static final Logger LOG = LoggerFactory.getLogger(CallWatch.class);

    private final CallRegistry calls;
    private final ChannelPresence presence;
    private final StartTimes startTimes;
    private final RtcClient rtc;
    private final UpstreamDispatcher upstream;
    private final Optional<Duration> limit;
    private final Duration tokenTtl;
    private final InstantSource clock;
    private final CallEvents log;
    private final Executor registryThreads;
    private final Set<ChannelId> busy = ConcurrentHashMap.newKeySet();
    private final AtomicInteger ending = new AtomicInteger();

    /**
     * Builds the job.
     *
     * @param limit how long a call may last, if there is a limit
     * @param tokenTtl how long a token admits its user
     * @param clock a clock that never steps
     * @param log is told of what is ended
     * @param registryThreads runs what asks the registry, which may block
     */
    public CallWatch(
            CallRegistry calls,
            ChannelPresence presence,
            StartTimes startTimes,
            RtcClient rtc,
            UpstreamDispatcher upstream,
            Optional<Duration> limit,
            Duration tokenTtl,
            InstantSource clock,
            CallEvents log,
            Executor registryThreads) {
        this.calls = calls;
        this.presence = presence;
        this.startTimes = startTimes;
        this.rtc = rtc;
        this.upstream = upstream;
        this.limit = limit;
        this.tokenTtl = tokenTtl;
        this.clock = clock;
        this.log = log;
        this.registryThreads = registryThreads;
    }

    @Override
    public void run() {
        for (var call : due()) {
            if (!busy.add(call.channel())) {
                // What is being done about it may end this very moment, after it was taken out of the agenda.
                calls.reschedule(call);
                continue;
            }
            try {
                var unused = attend(call).whenComplete((done, failure) -> busy.remove(call.channel()));
            } catch (RegistryException e) {
                busy.remove(call.channel());
                LOG.debug("The call in {} is left for later: {}", call.channel().value(), e.getMessage());
            } catch (RuntimeException e) {
                busy.remove(call.channel());
                LOG.error(
                        "The call in {} could not be attended to",
                        call.channel().value(),
                        e);
            }
        }
    }

    private List<Call> due() {
        try {
            return calls.due();
        } catch (RegistryException e) {
            LOG.debug("Nothing is known to be due: {}", e.getMessage());
            return List.of();
        }
    }

    private CompletableFuture<?> attend(Call call) {
        if (call.stage() == Stage.ENDED) {
            return keepEnded(call);
        }
        if (limit.isPresent()
                && !call.mayBeSuperseded()
                && !call.endDueAt(limit.get()).isAfter(clock.instant())) {
            return atLimit(call);
        }
        var tokenAt = call.hasTokenSinceLook() ? Optional.of(call.lastTokenAt()) : Optional.<Instant>empty();
        boolean doubtful = call.mayBeSuperseded() || call.stage() == Stage.PROVISIONAL;
        return startTimes.settle(call.channel(), doubtful ? Priority.CHECK : Priority.BACKGROUND, tokenAt);
    }

    /** Ends a call that has reached its limit, unless it proves to be over and another to have begun. */
    private CompletableFuture<?> atLimit(Call call) {
        if (!call.hasTokenSinceLook()) {
            return end(call);
        }
        return presence.look(call.channel(), Priority.INTERACTIVE, Optional.of(call.lastTokenAt()))
                .whenCompleteAsync(
                        (users, failure) -> {
                            if (failure != null) {
                                calls.endFailed(call);
                            }
                        },
                        registryThreads)
                .thenComposeAsync(
                        users -> calls.find(call.channel())
                                .filter(now -> now.id() == call.id() && !now.mayBeSuperseded())
                                .<CompletableFuture<?>>map(this::end)
                                .orElseGet(() -> CompletableFuture.completedFuture(null)),
                        registryThreads);
    }

    /** Ends a call again if people came back to it, for as long as a token for it is good. */
    private CompletableFuture<?> keepEnded(Call call) {
        if (!call.lastTokenAt().plus(tokenTtl).isAfter(clock.instant())) {
            calls.forget(call);
            return CompletableFuture.completedFuture(null);
        }
        return presence.look(call.channel(), Priority.CHECK, Optional.empty())
                .thenComposeAsync(
                        users -> users.isEmpty() ? CompletableFuture.completedFuture(null) : end(call),
                        registryThreads);
    }

    private CompletableFuture<?> end(Call call) {
        if (ending.incrementAndGet() > MAX_ENDING) {
            ending.decrementAndGet();
            calls.endPostponed(call);
            return CompletableFuture.completedFuture(null);
        }
        log.limitReached(call);
        var channel = call.channel();
        return upstream.submit(Priority.INTERACTIVE, () -> {
                    rtc.delete(channel);
                    return channel;
                })
                .answer()
                .whenComplete((done, failure) -> ending.decrementAndGet())
                .whenCompleteAsync(
                        (done, failure) -> {
                            if (failure == null) {
                                log.deleted(call);
                                calls.ended(call);
                            } else {
                                log.deleteFailed(call, failure);
                                calls.endFailed(call);
                            }
                        },
                        registryThreads);
    }
}
