package alirtc.appserver.upstream;

import java.util.concurrent.CompletableFuture;

/** A request that waits for its turn, or is in flight. Its changes are guarded by its dispatcher's lock. */
final class QueuedRequest<T> {
    private final UpstreamDispatcher.Request<T> request;
    private final ThrottleBackoff throttle;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private Priority priority;
    private boolean taken;

    QueuedRequest(UpstreamDispatcher.Request<T> request, ThrottleBackoff throttle, Priority priority) {
        this.request = request;
        this.throttle = throttle;
        this.priority = priority;
    }

    UpstreamDispatcher.Request<T> request() {
        return request;
    }

    ThrottleBackoff throttle() {
        return throttle;
    }

    CompletableFuture<T> answer() {
        return answer;
    }

    Priority priority() {
        return priority;
    }

    void raiseTo(Priority higher) {
        priority = higher;
    }

    void take() {
        taken = true;
    }

    /** Returns whether its turn has come, or whoever submitted it gave up. */
    boolean isOver() {
        return taken || answer.isDone();
    }
}
