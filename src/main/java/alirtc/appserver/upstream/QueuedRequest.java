package alirtc.appserver.upstream;

import java.util.concurrent.CompletableFuture;

/** A call whose turn has not come, or which is under way. Its changes are guarded by its queue's lock. */
final class QueuedRequest<T> {
    private final UpstreamDispatcher.Request<T> request;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private boolean taken;

    QueuedRequest(UpstreamDispatcher.Request<T> request) {
        this.request = request;
    }

    UpstreamDispatcher.Request<T> request() {
        return request;
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
