package alirtc.appserver;

import alirtc.appserver.call.CallNotice;
import alirtc.appserver.call.Recorder;
import alirtc.appserver.config.AppConfig;
import alirtc.appserver.config.WebhooksConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.records.FileRecords;
import alirtc.appserver.records.Outbox;
import alirtc.appserver.records.RecordStore;
import alirtc.appserver.records.RedisRecords;
import alirtc.appserver.registry.CallRegistry;
import alirtc.appserver.registry.CallStore;
import alirtc.appserver.registry.JournaledCallStore;
import alirtc.appserver.registry.MemoryCallStore;
import alirtc.appserver.registry.RedisBackend;
import alirtc.appserver.time.SteadyClock;
import alirtc.appserver.time.Timers;
import alirtc.appserver.webhooks.WebhookSender;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds what keeps records of calls and tells of them, where the settings want that, and closes it. */
final class RecordKeeping implements AutoCloseable {
    private static final int SENDER_THREADS = 2;

    private final AppConfig config;
    private final Set<String> told;
    private final Function<String, ThreadFactory> threads;
    private final Metrics metrics;
    private @Nullable FileRecords file;
    private @Nullable RedisRecords redis;
    private @Nullable WebhookSender sender;
    private @Nullable ExecutorService answers;

    /**
     * Prepares to build.
     *
     * @param threads makes threads of a name
     */
    RecordKeeping(AppConfig config, Function<String, ThreadFactory> threads, Metrics metrics) {
        this.config = config;
        this.told = config.webhooks().map(WebhooksConfig::types).orElse(Set.of());
        this.threads = threads;
        this.metrics = metrics;
    }

    Recorder recorder() {
        return config.records().isPresent() ? Recorder.ON : Recorder.OFF;
    }

    /** Returns how long before its limit it is told that a call is ending, if it is. */
    Optional<Duration> warnBefore() {
        return config.webhooks()
                .filter(webhooks -> webhooks.types().contains(CallNotice.Type.ENDING.word()))
                .map(WebhooksConfig::warnBefore);
    }

    /** Returns where calls are kept that are in memory: records are in a file, if there are any. */
    CallStore inMemory(MemoryCallStore memory, SteadyClock clock) {
        file = config.records()
                .flatMap(records -> records.folder()
                        .map(folder -> new FileRecords(
                                folder, records.keep(), told, clock, threads.apply("records"), metrics.records())))
                .orElse(null);
        return file == null ? memory : new JournaledCallStore(memory, file);
    }

    /** Returns the records beside calls in Redis, if there are any. */
    Optional<RedisRecords> inRedis(RedisBackend backend) {
        redis = config.records()
                .map(records -> backend.records(records.keep(), told))
                .orElse(null);
        return Optional.ofNullable(redis);
    }

    /** Takes up what was on record when the server ended, and begins to tell of calls. */
    void start(CallRegistry calls, Timers timers) {
        var inFile = file;
        if (inFile != null) {
            calls.resume(inFile.openAtStart());
            timers.every(FileRecords.EXPIRE_INTERVAL, inFile::expire);
        }
        if (redis != null) {
            redis.outbox().start(timers);
        }
        store().ifPresent(store -> metrics.gauge(
                "alirtc_records_writable", "1 while records can be written, else 0", () -> store.isWritable() ? 1 : 0));
        config.webhooks().ifPresent(webhooks -> outbox().ifPresent(outbox -> send(webhooks, outbox, calls, timers)));
    }

    private void send(WebhooksConfig webhooks, Outbox outbox, CallRegistry calls, Timers timers) {
        metrics.gauge("alirtc_webhooks_waiting", "Webhooks that will be tried, or tried again", () -> outbox.counts()
                .waiting());
        metrics.gauge(
                "alirtc_webhooks_undelivered", "Webhooks that were given up and are kept", () -> outbox.counts()
                        .givenUp());
        var executor = Executors.newFixedThreadPool(SENDER_THREADS, threads.apply("webhooks"));
        answers = executor;
        sender = new WebhookSender(
                webhooks,
                outbox,
                calls.clock(),
                executor,
                timers,
                () -> ThreadLocalRandom.current().nextDouble(),
                metrics.webhooks());
        sender.start();
    }

    /** Returns the records, if there are any. */
    Optional<RecordStore> store() {
        return Optional.<RecordStore>ofNullable(file).or(() -> Optional.ofNullable(redis));
    }

    /** Returns the messages, if there are records. */
    Optional<Outbox> outbox() {
        return Optional.<Outbox>ofNullable(file)
                .or(() -> Optional.ofNullable(redis).map(RedisRecords::outbox));
    }

    /** Returns in a word how records are: {@code off}, {@code written}, {@code failing}. */
    String recordsWord() {
        return store().map(store -> store.isWritable() ? "written" : "failing").orElse("off");
    }

    /** Returns in a word how webhooks are: {@code off}, or what the sender says. */
    String webhooksWord() {
        var known = sender;
        return known == null ? "off" : known.word();
    }

    /** Writes what waits to be written. What waits to be sent is sent after the next start. */
    @Override
    public void close() {
        store().ifPresent(RecordStore::close);
        if (answers != null) {
            answers.shutdown();
        }
    }
}
