package alirtc.appserver.rtc;

import java.util.concurrent.CompletableFuture;

/** A call whose turn has not come, or which is under way. Its changes are guarded by its queue's lock. */
final class QueuedCall<T> {
    private final Upstream.Call<T> call;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private boolean taken;

    QueuedCall(Upstream.Call<T> call) {
        this.call = call;
    }

    Upstream.Call<T> call() {
        return call;
    }

    CompletableFuture<T> answer() {
        return answer;
    }

    void take() {
        taken = true;
    }

    /** Returns whether nothing is to be waited for any more: its turn has come, or whoever asked gave up. */
    boolean isOver() {
        return taken || answer.isDone();
    }
}
