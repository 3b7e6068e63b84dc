package alirtc.appserver.web;

import alirtc.appserver.auth.AccessControl;
import alirtc.appserver.auth.AccessException;
import alirtc.appserver.auth.Caller;
import alirtc.appserver.auth.RequestAttributes;
import alirtc.appserver.openapi.RtcException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a handler, puts its answer into the envelope, and maps every failure to one. An answer that is not there yet
 * holds no thread of the container.
 */
abstract class JsonServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final List<String> METHODS = List.of("GET", "HEAD", "OPTIONS");

    /** What is allowed wherever a servlet does not say otherwise. */
    static final String ALLOWED = String.join(", ", METHODS);

    private static final Logger LOG = LoggerFactory.getLogger(JsonServlet.class);

    /**
     * Returns the answer's data, now or later; fails with an {@link ApiException}, a {@link AccessException} or an
     * {@link RtcException}.
     */
    abstract CompletableFuture<?> answer(HttpServletRequest request, Caller caller);

    /** Returns whether nobody has to prove who they are here, whatever the operator set. */
    boolean isForAnybody() {
        return false;
    }

    /** Returns whether there is anything here for a request; if not, it is answered as one for any unknown address. */
    boolean isHere(HttpServletRequest request) {
        return true;
    }

    /** Returns whether {@link #answer} reads a body, which may be slow to come. */
    boolean takesBody() {
        return false;
    }

    /** Returns what decides who may call, if anything does. */
    Optional<AccessControl> access(HttpServletRequest request) {
        return ContextParts.find(request.getServletContext(), AccessControl.class);
    }

    /** Returns the methods that are allowed: those that {@link #answer} answers, and OPTIONS, which it does not have to. */
    List<String> methods(HttpServletRequest request) {
        return METHODS;
    }

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) {
        if (!isHere(request)) {
            RequestBody.goOn(
                    request, response, () -> ErrorServlet.answer(request, response, HttpServletResponse.SC_NOT_FOUND));
            return;
        }
        long cameAt = System.nanoTime();
        var reply = new ApiResponse(request, response);
        if (takesBody()) {
            var unused = ResponseSender.startAsync(request);
            answerLater(request, reply, afterBody(request, given(request, response)), cameAt);
            return;
        }
        var answer = given(request, response);
        if (answer.isDone()) {
            finish(request, reply, answer, cameAt);
        } else {
            var unused = ResponseSender.startAsync(request);
            answerLater(request, reply, answer, cameAt);
        }
    }

    private CompletableFuture<?> given(HttpServletRequest request, HttpServletResponse response) {
        try {
            return dispatch(request, response);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Returns an answer that waits for the body, though it may be a refusal: Tomcat would wait for it with a thread. */
    private static CompletableFuture<?> afterBody(HttpServletRequest request, CompletableFuture<?> answer) {
        return answer.handle((data, failure) -> true)
                .thenCompose(done -> RequestBody.come(request))
                .thenCombine(answer, (come, data) -> (Object) data);
    }

    private static void answerLater(
            HttpServletRequest request, ApiResponse reply, CompletableFuture<?> answer, long cameAt) {
        // The stage sends the answer, which ends the request; it has no result of its own.
        var unused = answer.whenComplete((data, failure) -> finish(request, reply, answer, cameAt));
    }

    private CompletableFuture<?> dispatch(HttpServletRequest request, HttpServletResponse response) {
        var method = request.getMethod();
        var methods = methods(request);
        var allowed = String.join(", ", methods);
        if (!methods.contains(method)) {
            response.setHeader("Allow", allowed);
            throw new ApiException(ErrorCode.METHOD_NOT_ALLOWED, "The method must be one of " + allowed);
        }
        if ("OPTIONS".equals(method)) {
            response.setHeader("Allow", allowed);
            return CompletableFuture.completedFuture(new Options(allowed));
        }
        var access = access(request);
        return access.isPresent() ? admitted(request, access.get()) : answer(request, Caller.ANYBODY);
    }

    private CompletableFuture<?> admitted(HttpServletRequest request, AccessControl access) {
        var caller = isForAnybody() ? access.admitAnybody(attributes(request)) : access.admit(attributes(request));
        return caller.thenCompose(known -> answer(request, known).<Object>thenApply(data -> data));
    }

    /** Returns what a request tells of who sends it. */
    static RequestAttributes attributes(HttpServletRequest request) {
        return new RequestAttributes(
                request.getRemoteAddr(),
                Collections.list(request.getHeaders("X-Forwarded-For")),
                Collections.list(request.getHeaders("Authorization")));
    }

    /**
     * The answer to OPTIONS.
     *
     * @param allow the methods
     */
    private record Options(String allow) {}

    private static void finish(
            HttpServletRequest request, ApiResponse reply, CompletableFuture<?> answer, long cameAt) {
        try {
            reply.succeed(answer.join());
        } catch (RuntimeException e) {
            var failure = ApiException.of(e);
            log(reply.requestId(), failure);
            reply.fail(failure);
        }
        var path = request.getServletPath();
        var endpoint = path.substring(path.lastIndexOf('/') + 1);
        RequestLog.answered(endpoint, request, reply, System.nanoTime() - cameAt);
        reply.send();
    }

    private static void log(String requestId, ApiException failure) {
        if (failure.code() == ErrorCode.DEFECT) {
            LOG.error("Request {} failed", requestId, failure.getCause());
        } else if (failure.getCause() instanceof RtcException upstream) {
            LOG.warn("Request {} got {}: {}", requestId, failure.code().status(), upstream.getMessage());
        }
    }
}
