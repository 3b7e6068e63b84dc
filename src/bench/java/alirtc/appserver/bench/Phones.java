package alirtc.appserver.bench;

import alirtc.appserver.it.Deployment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Phones that ask at the pace of life, beside what is measured. */
final class Phones implements AutoCloseable {
    private final Deployment deployment;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "phones");
        thread.setDaemon(true);
        return thread;
    });

    Phones(Deployment deployment) {
        this.deployment = deployment;
    }

    /** Asks once, and waits for the answer, which must be good. */
    void ask(String path, String channel) throws IOException, InterruptedException {
        var answer = http.send(request(path, channel), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " of " + channel + " got " + answer.statusCode() + ": " + answer.body());
        }
    }

    /** Asks about channels by turns from now on until closed; nobody looks at the answers. */
    void keepAsking(String path, Channels channels, int perSecond) {
        var turn = new AtomicInteger();
        // Ends with the scheduler.
        var unused = scheduler.scheduleAtFixedRate(
                () -> askAndForget(path, channels.name(turn.getAndIncrement())),
                0,
                TimeUnit.SECONDS.toNanos(1) / perSecond,
                TimeUnit.NANOSECONDS);
    }

    private void askAndForget(String path, String channel) {
        var unused = http.sendAsync(request(path, channel), BodyHandlers.discarding());
    }

    /**
     * Lets a user into each of the channels, and asks since when there is a call, so that the server knows it.
     *
     * @param perSecond how many a second: fewer than the server may look up
     */
    void beginCalls(Channels channels, int perSecond) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < channels.count(); i++) {
            long early = begin + i * TimeUnit.SECONDS.toNanos(1) / perSecond - System.nanoTime();
            if (early > 0) {
                TimeUnit.NANOSECONDS.sleep(early);
            }
            deployment.sandbox().join(channels.name(i), "ann");
            ask("descChannelStartTime", channels.name(i));
        }
    }

    private HttpRequest request(String path, String channel) {
        var address = "http://127.0.0.1:" + deployment.server().port() + "/1v1-audio/app/" + path;
        return HttpRequest.newBuilder(URI.create(address + "?channelId=" + channel))
                .build();
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
