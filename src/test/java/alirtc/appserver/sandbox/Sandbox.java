package alirtc.appserver.sandbox;

import alirtc.appserver.config.Product;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The OpenAPIs of both products on a loopback port, with channels, faults and limits that its owner controls, and with
 * callbacks to those who subscribe to events. Thread-safe.
 */
public final class Sandbox implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int CLOSE_TIMEOUT_SECONDS = 5;

    private final List<Consumer<ChannelChange>> changeListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<RecordedRequest>> requestListeners = new CopyOnWriteArrayList<>();
    private final ActiveFaults faults = new ActiveFaults();
    private final RequestHistory history = new RequestHistory();
    private final List<ExecutorService> ownThreads;
    private final List<String> actions;
    private final RequestLimits limits;
    private final CallbackSender sender;
    private final EventPublisher publisher;
    private final Callbacks callbacks;
    private final Channels channels;
    private final Listener listener;

    private Sandbox(
            Account account, InstantSource clock, ScheduledExecutorService scheduler, List<ExecutorService> ownThreads)
            throws IOException {
        this.ownThreads = ownThreads;
        limits = new RequestLimits(clock);
        var subscriptions = new Subscriptions(account.product());
        var deliveries = new DeliveryLog(clock);
        sender = new CallbackSender(deliveries, clock);
        publisher = new EventPublisher(account, subscriptions, sender, scheduler);
        callbacks = new Callbacks(subscriptions, publisher, deliveries);
        channels = new Channels(clock, scheduler, this::tell);
        var rtc = new RtcDialect(account, channels, new RtcSubscriptionActions(subscriptions));
        var live = new LiveDialect(
                account, channels, new LiveSubscriptionActions(account, subscriptions, deliveries, clock));
        var own = account.product() == Product.RTC ? rtc : live;
        actions = own.actions().stream().sorted().toList();
        var gateway = new Gateway(new SignatureCheck(account, clock), limits, List.of(rtc, live));
        listener = Listener.open(new Connection(gateway, faults, history, this::tell, clock));
    }

    /** Starts a sandbox on a free port of 127.0.0.1 that knows the one account. */
    public static Sandbox start(Account account, InstantSource clock) {
        var scheduler = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    var thread = new Thread(task, "sandbox-timer");
                    thread.setDaemon(true);
                    return thread;
                },
                // Whoever leaves a channel of a closed sandbox needs no timer.
                new ThreadPoolExecutor.DiscardPolicy());
        return start(account, clock, scheduler, List.of(scheduler));
    }

    /**
     * Starts a sandbox on a free port of 127.0.0.1 that knows the one account.
     *
     * @param scheduler delays messages and closes emptied channels; never shut down here
     */
    public static Sandbox start(Account account, InstantSource clock, ScheduledExecutorService scheduler) {
        return start(account, clock, scheduler, List.of());
    }

    private static Sandbox start(
            Account account,
            InstantSource clock,
            ScheduledExecutorService scheduler,
            List<ExecutorService> ownThreads) {
        try {
            return new Sandbox(account, clock, scheduler, ownThreads);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns where the sandbox listens, without a path; it stays the same until the end. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.port());
    }

    /**
     * Adds the user to the channel; one who is present already leaves and starts a new session.
     *
     * @throws IllegalArgumentException if a name is not 1 to 64 letters, digits, underscores and hyphens
     */
    public Participant join(String channel, String user) {
        return channels.join(named("channel", channel), named("user", user));
    }

    /**
     * Removes the user from the channel and returns whether the user was present.
     *
     * @throws IllegalArgumentException if a name is not 1 to 64 letters, digits, underscores and hyphens
     */
    public boolean leave(String channel, String user) {
        return channels.leave(named("channel", channel), named("user", user));
    }

    /**
     * Removes everybody from the channel, as DeleteChannel does, and returns whether the channel existed.
     *
     * @throws IllegalArgumentException if the name is not 1 to 64 letters, digits, underscores and hyphens
     */
    public boolean delete(String channel) {
        return channels.delete(named("channel", channel));
    }

    /** Returns whether no fault is set. */
    public boolean isWell() {
        return faults.general().equals(Fault.NONE) && faults.byAction().isEmpty();
    }

    /** Returns a snapshot of the occupied channels, with the users in the order they joined. */
    public Map<String, List<Participant>> channels() {
        return channels.snapshot();
    }

    /** Returns a snapshot of who is in the channel, in the order they joined. */
    public List<Participant> participants(String channel) {
        return channels.view(channel).present();
    }

    /**
     * Adds a listener that hears of every change in a channel, in their order, whoever brings it about, and before those
     * who subscribed. It is called under the lock of all channels, and must neither wait nor use this sandbox.
     */
    public void onChange(Consumer<ChannelChange> listener) {
        changeListeners.add(listener);
    }

    /** Adds a listener that hears of every request when it arrives, on the thread that is going to answer it. */
    public void onRequest(Consumer<RecordedRequest> listener) {
        requestListeners.add(listener);
    }

    /** Returns the subscriptions to events and what becomes of their messages. */
    public Callbacks callbacks() {
        return callbacks;
    }

    /** Returns how many requests the account may make. */
    public RequestLimits limits() {
        return limits;
    }

    /** Sets the fault of every action that has none of its own. */
    public synchronized void set(Fault fault) {
        faults.set(fault);
        applyToListener();
    }

    /**
     * Sets the fault of one action, whatever the fault of the others; {@link Fault#NONE} spares it theirs.
     *
     * @throws IllegalArgumentException if there is no such action, or the fault cannot be of one action only
     */
    public synchronized void set(Fault fault, String action) {
        Dialect.checkedAction(action);
        if (fault.kind() == FaultKind.REFUSE) {
            throw new IllegalArgumentException("refuse holds for all actions: a refused connection names none");
        }
        faults.set(fault, action);
    }

    /** Clears all faults, which releases the requests that one holds back. */
    public synchronized void clearFaults() {
        faults.clear();
        applyToListener();
    }

    /** Forgets channels, faults, limits and what was recorded, and tells nobody. Subscriptions stay, as in the cloud. */
    public void reset() {
        clearFaults();
        limits.clear();
        channels.clear();
        callbacks.reset();
        history.clear();
    }

    /** Returns a snapshot of the last 10,000 requests since the start or reset, the oldest first. */
    public List<RecordedRequest> requests() {
        return history.requests();
    }

    /** Returns how many requests for the action arrived since the start or reset. */
    public int requestCount(String action) {
        return history.count(action);
    }

    /**
     * Returns a snapshot of how many requests for the action arrived in each second since the start or reset, for the last
     * 7,200 seconds that had any.
     */
    public SortedMap<Instant, Integer> requestsBySecond(String action) {
        return history.bySecond(action);
    }

    /**
     * Waits until so many requests for the action have arrived since the start or reset.
     *
     * @throws TimeoutException if they have not within the limit
     */
    public void awaitRequests(String action, int n, Duration limit) throws InterruptedException, TimeoutException {
        history.await(action, n, limit);
    }

    /** Ends all threads and connections at once, also those that a fault holds. */
    @Override
    public void close() {
        try {
            publisher.stop();
            listener.close();
            for (var threads : ownThreads) {
                end(threads);
            }
            sender.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the actions of the account's product, sorted. */
    List<String> actions() {
        return actions;
    }

    Fault fault() {
        return faults.general();
    }

    Map<String, Fault> faultsByAction() {
        return faults.byAction();
    }

    Map<String, Integer> requestsByAction() {
        return history.counts();
    }

    private void tell(ChannelChange change) {
        changeListeners.forEach(one -> one.accept(change));
        publisher.accept(change);
    }

    private void tell(RecordedRequest request) {
        requestListeners.forEach(one -> one.accept(request));
    }

    private static void end(ExecutorService threads) throws IOException {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("threads of the sandbox did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the sandbox's threads were ending");
        }
    }

    private void applyToListener() {
        try {
            if (faults.general().kind() == FaultKind.REFUSE) {
                listener.refuse();
            } else {
                listener.listen();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String named(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(what + " must be 1-64 of A-Z a-z 0-9 _ -");
        }
        return name;
    }
}
