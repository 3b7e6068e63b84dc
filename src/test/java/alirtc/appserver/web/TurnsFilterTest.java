package alirtc.appserver.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests at a server that works on one at a time, and has room for one more. */
class TurnsFilterTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final Turns turns = new Turns(1, 1);
    private final Work work = new Work();

    /** Answers a request when it is told. */
    private static final class Work extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient CountDownLatch begun = new CountDownLatch(1);
        private final transient Semaphore goOn = new Semaphore(0);

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            begun.countDown();
            goOn.acquireUninterruptibly();
        }
    }

    @BeforeEach
    void start() throws Exception {
        var context = new ServletContextHandler();
        var filter = new FilterHolder(new TurnsFilter(turns));
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
        var servlet = new ServletHolder(work);
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        work.goOn.release(9);
        server.stop();
    }

    private CompletableFuture<HttpResponse<String>> ask() {
        return http.sendAsync(
                HttpRequest.newBuilder(server.getURI().resolve("/")).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> asked) throws Exception {
        return asked.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void request_noPlaceToWaitIn_isRefusedAndThoseBeforeAreAnswered() throws Exception {
        var first = ask();
        assertTrue(work.begun.await(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        assertTrue(turns.tryAwait(() -> turns::giveBack), "nobody waits yet");

        var refused = answer(ask());
        assertEquals(503, refused.statusCode());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        assertEquals(
                "overloaded", refused.headers().firstValue("X-Error-Reason").orElseThrow());
        assertTrue(refused.body().contains("more requests than it can answer"), refused.body());

        work.goOn.release(2);
        assertEquals(200, answer(first).statusCode());
        assertEquals(200, answer(ask()).statusCode());
    }

    @Test
    void request_placeToWaitIn_isAnsweredInItsTurn() throws Exception {
        var first = ask();
        assertTrue(work.begun.await(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        var second = ask();
        work.goOn.release(2);
        assertEquals(200, answer(first).statusCode());
        assertEquals(200, answer(second).statusCode());
        assertTrue(turns.tryAwait(() -> turns::giveBack), "the place is free again");
    }
}
