package alirtc.appserver.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.web.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** The page of a server in a headless Chromium, with the sandbox in the cloud's place, for tests that use it. */
abstract class PageInBrowser {
    private static final Duration STEP = Duration.ofMillis(500);

    private static @Nullable Browser opened;

    private @Nullable TestServer server;

    static Browser browser() {
        if (opened == null) {
            opened = Browser.open();
        }
        return opened;
    }

    /** Says it where people look: an assumption's reason is in the report's XML alone. */
    @BeforeAll
    static void tellIfSkipped(TestInfo test) {
        Browser.lacking().ifPresent(reason -> System.out.println("SKIPPED " + test.getDisplayName() + ": " + reason));
    }

    @BeforeEach
    void needsABrowser() {
        Browser.lacking().ifPresent(Browser::skip);
        browser().desktop();
        browser().colors("light");
    }

    @AfterEach
    void stop() {
        if (opened != null) {
            // So that the page does not complain of a server that is gone.
            opened.leave();
        }
        if (server != null) {
            server.close();
        }
    }

    @AfterAll
    static void quit() {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }

    /** Opens the page of a new server as somebody who reads the given language. */
    TestServer open(String language, Map<String, String> settings) throws Exception {
        return open(language, TestServer.start(settings));
    }

    /** Opens the page of a server, which is closed after the test. */
    TestServer open(String language, TestServer started) {
        server = started;
        browser().open(started.page(), language);
        browser()
                .await(
                        "the page is ready",
                        () -> !browser().all("#channel[data-ready]").isEmpty());
        return started;
    }

    TestServer open(Map<String, String> settings) throws Exception {
        return open("en-GB", settings);
    }

    /** Asks one of {@code token}, {@code users}, {@code start} and waits for the answer to be shown. */
    static void ask(String question, String channel) {
        browser().type("#channel", channel);
        browser().click("#ask-" + question);
        awaitAnswer(channel);
    }

    static void awaitAnswer(String channel) {
        browser().await("an answer about " + channel, () -> isAnswered(channel));
    }

    static boolean isAnswered(String channel) {
        return browser().all("#answer[aria-busy]").isEmpty()
                && browser().text("#curl").endsWith("channelId=" + channel + "\"");
    }

    /** Lets the server's time pass in small steps, so that calls upstream are answered in between. */
    static void pass(TestServer server, Duration time) {
        for (var passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
            server.time().advance(STEP);
            browser().find("body");
        }
    }

    static void until(TestServer server, String what, BooleanSupplier holds) {
        browser().await(what, () -> {
            server.time().advance(STEP);
            return holds.getAsBoolean();
        });
    }

    static void assertNoComplaints() {
        assertEquals(List.of(), browser().complaints());
    }
}
