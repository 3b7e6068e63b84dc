package alirtc.appserver.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import alirtc.appserver.auth.Jwts;
import alirtc.appserver.sandbox.EventFaultKind;
import alirtc.appserver.sandbox.EventFaults;
import alirtc.appserver.sandbox.WebhookReceiver;
import alirtc.appserver.web.TestServer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** What a developer sees and does on the page, in a headless Chromium, with the sandbox in the cloud's place. */
final class PageIT extends PageInBrowser {
    /** Faults under which no answer comes before the server gives up, which takes time. */
    private static final Set<String> ENDLESS = Set.of("hang", "trickle", "slow");

    /** Faults of the cloud, and the status of the answer under each. */
    private static final String FAULTS = """
            none           | 200
            hang           | 504
            slow           | 504
            trickle        | 504
            refuse         | 503
            reset          | 503
            html500        | 503
            json503        | 503
            throttled      | 503
            forbidden      | 502
            truncated      | 503
            truncatederror | 503
            wrongtypes     | 503
            missing        | 503
            wronganswer    | 503
            huge           | 503
            empty          | 200
            skew           | 200
            nocontenttype  | 200
            """;

    /** What people get wrong, and what the doctor finds then. */
    private static final String MISTAKES = """
            milliseconds  | milliseconds notChecked turnDiffers
            quoted        | timestampText good valid
            expired       | expired valid
            lifetime      | lifetime doesNotGo turnDiffers
            notANumber    | timestampForm notChecked turnDiffers
            tooFar        | tooFar doesNotGo turnDiffers
            nonceForm     | nonceForm good doesNotGo turnDiffers
            nonceEmpty    | nonceEmpty good doesNotGo
            channelBlank  | characters otherChannel good notChecked
            channelZero   | reserved otherChannel good notChecked
            userAtSign    | characters otherUser good notChecked
            userTooLong   | tooLong otherUser good notChecked
            otherChannel  | otherChannel good genuine
            otherUser     | otherUser good genuine
            otherApp      | otherApp good turnDiffers
            similarApp    | otherAppExactly good turnDiffers
            appIdBlank    | appIdForm good notChecked turnDiffers
            tokenCut      | tokenForm good notChecked turnDiffers
            tokenUpper    | tokenCase good notChecked turnDiffers
            tokenOfOther  | good doesNotGo turnDiffers
            noToken       | missing good notChecked
            noUse         | missingUse good valid
            joinString    | good valid
            errorAnswer   | failedAnswer
            noJson        | unreadable
            nothing       | nothing
            """;

    private TestServer openWithTokenCheck() throws Exception {
        return open(Map.of("rtc.tokenCheck", "on"));
    }

    @Test
    void page_withoutScripts_saysHello() throws Exception {
        browser().scripts(false);
        try {
            try (var server = TestServer.start(Map.of())) {
                browser().open(server.page(), "en-GB");
                assertEquals("Hello RTC!", browser().text("h1"));
                assertFalse(browser().find("main").isDisplayed());
            }
        } finally {
            browser().scripts(true);
        }
    }

    @ParameterizedTest
    @CsvSource({"en-GB, en, Try it, 试一试", "zh-CN, zh-CN, 试一试, Try it", "fr-FR, en, Try it, 试一试"})
    void language_ofTheBrowser_isSpokenAndCanBeSwitched(String language, String tag, String title, String other)
            throws Exception {
        open(language, Map.of());
        assertEquals(tag, browser().find("html").getDomAttribute("lang"));
        assertEquals(title, browser().text("#try-title"));
        ask("users", "room");
        var before = browser().text("#outcome");
        browser().click(tag.equals("en") ? "[data-language=zh]" : "[data-language=en]");
        assertEquals(other, browser().text("#try-title"));
        assertNotEquals(before, browser().text("#outcome"), "the answer is said anew, too");
        browser().script("location.reload()");
        browser().awaitText("#try-title", other);
        assertNoComplaints();
    }

    @Test
    void words_all_areThereInBothLanguages() throws Exception {
        open(Map.of());
        var lacking = browser().script("""
                const { WORDS } = await import('./page/words.js');
                return Object.entries(WORDS).filter(([, pair]) => pair.length !== 2 || pair.some((text) => !text))
                    .map(([key]) => key).join();
                """);
        assertEquals("", lacking);
    }

    @Test
    void token_click_showsWhatThePhoneNeeds() throws Exception {
        open(Map.of());
        ask("token", "room");
        assertEquals("200", browser().text("#status"));
        assertTrue(browser().text("#took").matches("in [0-9]+ ms"), browser().text("#took"));
        var shown = browser().text("#answer");
        for (var part : List.of(
                "userid",
                "appid\niwo5l81k",
                "AK-",
                "in 12 h",
                "https://rgslb.rtc.aliyuncs.com",
                "joinToken\neyJhcHBpZCI6Iml3bzVsODFrI")) {
            assertTrue(shown.contains(part), shown);
        }
        assertTrue(browser()
                .text("#curl")
                .matches("curl \"http://127.0.0.1:[0-9]+/1v1-audio/app/token\\?channelId=room\""));
        browser().click(".curl button");
        browser().awaitText(".curl button", "Copied");
        assertNoComplaints();
    }

    @Test
    void users_click_showsWhoIsIn() throws Exception {
        var server = open(Map.of());
        server.sandbox().join("room", "ann");
        server.sandbox().join("room", "bob");
        ask("users", "room");
        assertTrue(browser().text("#outcome").contains("2 in room"), browser().text("#outcome"));
        assertEquals(List.of("ann", "bob"), texts(".facts .chip"));
        assertEquals("answered, just now", browser().text("#state-last"));
        assertEquals("the same, within a second", browser().text("#state-skew"));
    }

    @Test
    void start_click_runsATimerByTheServersClock() throws Exception {
        var server = open(Map.of());
        ask("token", "room");
        browser().click("#join-as");
        browser().awaitText("#joined", "has joined room");
        pass(server, Duration.ofSeconds(65));
        ask("start", "room");
        var first = browser().text("#elapsed");
        assertTrue(first.matches("00:01:0[5-9]"), first);
        browser().await("the timer moves", () -> !browser().text("#elapsed").equals(first));
        assertTrue(browser().all("#remaining").isEmpty());
    }

    @Test
    void start_atTheTimeLimit_theCallEndsBeforeOnesEyes() throws Exception {
        var server = open(Map.of("durationlimit", "1"));
        assertEquals("1 min", browser().text("#state-limit"));
        ask("token", "room");
        browser().click("#join-as");
        browser().awaitText("#rooms", "room");
        ask("start", "room");
        assertEquals("00:01:00", browser().text("#remaining"));
        browser().await("the rest shrinks", () -> !browser().text("#remaining").equals("00:01:00"));
        pass(server, Duration.ofSeconds(57));
        ask("start", "room");
        assertTrue(
                browser().text("#remaining").matches("00:00:0[1-3]"), browser().text("#remaining"));
        pass(server, Duration.ofSeconds(4));
        browser().awaitText("#outcome", "The time limit has ended the call in room");
        browser().awaitText("#rooms", "Nobody is in any channel");
        assertTrue(server.sandbox().channels().isEmpty());
    }

    @Test
    void call_ended_isShownWithItsWebhooks(@TempDir Path folder) throws Exception {
        var secret = "whsec_c2FuZGJveC0wMTIzNDU2Nzg5LTAxMjM0NTY3ODk=";
        var clock = new InstantSource[] {InstantSource.system()};
        try (var receiver = WebhookReceiver.start(secret, () -> clock[0].instant())) {
            var started = TestServer.start(Map.of(
                    "durationlimit",
                    "1",
                    "records",
                    "file",
                    "records.dir",
                    folder.toString(),
                    "webhooks.url",
                    receiver.uri().toString(),
                    "webhooks.secret",
                    secret));
            clock[0] = started.time().wall();
            started.publish(receiver);
            var server = open("en-GB", started);
            browser().awaitText("#ended-none", "No call has ended yet");
            browser().awaitText("#webhooks-none", "None has come yet");
            ask("token", "room");
            browser().click("#join-as");
            browser().awaitText("#rooms", "room");
            ask("start", "room");
            pass(server, Duration.ofSeconds(62));
            browser().awaitText("#ended-rows", "time limit");
            assertTrue(browser().text("#ended-rows").contains("room"), browser().text("#ended-rows"));
            browser().awaitText("#webhooks-rows", "call.ended");
            assertTrue(
                    browser().text("#webhooks-rows").contains("verified, 204"),
                    browser().text("#webhooks-rows"));
            browser().click("#webhook-on");
            browser().awaitText("#webhook-faults", "500");
            browser().click("#webhook-faults button");
            browser().awaitText("#webhook-faults", "It takes every message");
            assertNoComplaints();
        }
    }

    @Test
    void token_channelIsFull_isSaidWithWhatToDo() throws Exception {
        open(Map.of("rtc.1v1audio.maxUsers", "1"));
        assertEquals("1", browser().text("#state-seats"));
        ask("token", "room");
        browser().click("#ask-token");
        browser().awaitText("#status", "409");
        assertTrue(
                browser().text("#outcome").contains("every seat is taken"),
                browser().text("#outcome"));
        assertTrue(
                browser().text("#advice").contains("Try again in 33 s"),
                browser().text("#advice"));
    }

    @Test
    void start_noCall_isSaidWithWhatToDo() throws Exception {
        open(Map.of());
        ask("start", "nobody");
        assertEquals("404", browser().text("#status"));
        assertTrue(
                browser().text("#advice").contains("Get a token first"),
                browser().text("#advice"));
    }

    @Test
    void jwt_wanted_isAskedForAndSentAndKeptNowhere() throws Exception {
        var secret = "jwt-secret-of-the-page-0123456789-0123";
        var server = open(Map.of("auth", "jwt", "auth.jwt.secret", secret, "rate.perMinute", "200"));
        assertEquals("have to send a JWT", browser().text("#state-auth"));
        assertEquals("JWT", browser().find("#jwt").getAccessibleName());
        ask("token", "room");
        assertEquals("401", browser().text("#status"));
        assertTrue(browser().text("#advice").contains("Log in again"), browser().text("#advice"));
        var jwt = Jwts.of(
                "{'alg':'HS256'}",
                "{'sub':'alice','channelId':'room','exp':$+600}",
                server.time().wall().instant(),
                Jwts.hmac(256, secret.getBytes(UTF_8)));
        browser().type("#jwt", " Bearer " + jwt);
        browser().click("#ask-token");
        browser().awaitText("#outcome", "A token for user alice in room");
        assertTrue(browser().text("#curl").endsWith("-H \"Authorization: Bearer $JWT\""));
        browser().type("#channel", "other");
        browser().click("#ask-token");
        browser().awaitText("#status", "403");
        assertTrue(browser().text("#advice").contains("channelId"), browser().text("#advice"));
        assertFalse(String.valueOf(browser()
                        .script("return location.href + JSON.stringify(localStorage)"
                                + " + JSON.stringify(sessionStorage) + document.cookie"
                                + " + performance.getEntriesByType('resource').map((one) => one.name).join()"))
                .contains(jwt.substring(0, 20)));
        browser().script("location.reload()");
        browser()
                .await(
                        "the page is ready",
                        () -> !browser().all("#channel[data-ready]").isEmpty());
        assertEquals("", browser().find("#jwt").getDomProperty("value"));
    }

    @Test
    void jwt_notWanted_isNotAskedFor() throws Exception {
        open(Map.of());
        assertFalse(browser().find("#jwt").isDisplayed());
        assertEquals("anybody", browser().text("#state-auth"));
    }

    @Test
    void limit_reached_isSaidWithWhenToTryAgain() throws Exception {
        var server = open(Map.of("rate.perMinute", "6"));
        while (server.now("token", "room").status() == 200) {
            // Until the limit is reached.
        }
        browser().click("#ask-token");
        browser().awaitText("#status", "429");
        assertTrue(
                browser().text("#advice").contains("Try again in 10 s"),
                browser().text("#advice"));
        assertFalse(browser().text("#glance").contains("does not answer"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "", "<img src=x onerror=alert(1)>", "频道", "0"})
    void channel_malformed_isRefusedWithAdviceAndShownAsText(String channel) throws Exception {
        open(Map.of());
        browser().type("#channel", channel);
        browser().click("#ask-token");
        browser().awaitText("#status", "400");
        assertTrue(
                browser().text("#advice").contains("1 to 64 characters of"),
                browser().text("#advice"));
        assertTrue(browser().all("#answer img").isEmpty());
        assertNoComplaints();
    }

    @Test
    void sandbox_clicks_letPeopleInAndOut() throws Exception {
        var server = open(Map.of());
        browser().type("#channel", "room");
        assertEquals("room", browser().find("#join-channel").getDomProperty("value"));
        for (var user : List.of("ann", "bob")) {
            browser().type("#join-user", user);
            browser().click("#join-button");
            browser().awaitText("#rooms", user);
        }
        assertEquals(
                2, server.sandbox().channels().getOrDefault("room", List.of()).size());
        browser().click("[data-channel=room] [data-user=ann] button");
        browser().await("ann has left", () -> !browser().text("#rooms").contains("ann"));
        browser().click("[data-channel=room] > button");
        browser().awaitText("#rooms", "Nobody is in any channel");
        assertTrue(server.sandbox().channels().isEmpty());
        browser().type("#join-user", "not good");
        browser().click("#join-button");
        browser().awaitText("#sandbox-problem", "must be 1 to 64");
    }

    /** All on one page, at a server that remembers nothing of the fault before. */
    @TestFactory
    Stream<DynamicTest> fault_switchedOn_isSeenInTheAnswerWithAdvice() throws Exception {
        var server = open(Map.of());
        return rows(FAULTS).map(row -> dynamicTest(row[0], () -> assertFaultIsSeen(server, row[0], row[1])));
    }

    private static void assertFaultIsSeen(TestServer server, String kind, String status) throws Exception {
        server.restart();
        server.sandbox().reset();
        server.sandbox().join("room", "ann");
        new Select(browser().find("#fault-kind")).selectByValue(kind);
        if ("slow".equals(kind)) {
            browser().type("#fault-amount", "60000");
        }
        browser().click("#fault-on");
        browser().awaitText("#faults", "none".equals(kind) ? "No fault is on" : kind);
        browser().type("#channel", "room");
        browser().click("#ask-users");
        if (ENDLESS.contains(kind)) {
            server.sandbox().awaitRequests("DescribeChannelUsers", 1, TestServer.PATIENCE);
            until(server, "the server gives up", () -> isAnswered("room"));
        }
        awaitAnswer("room");
        assertEquals(status, browser().text("#status"));
        if ("200".equals(status)) {
            assertEquals(
                    "skew".equals(kind) ? "warn" : "good",
                    browser().find("#glance").getDomAttribute("data-level"));
            assertTrue(browser().text("#outcome").contains("empty".equals(kind) ? "Nobody is in room" : "1 in room"));
        } else {
            assertTrue(browser().text("#fault-hint").contains(kind), browser().text("#answer"));
            assertFalse(browser().text("#advice p:last-child").isEmpty());
            assertEquals("warn", browser().find("#glance").getDomAttribute("data-level"));
            assertTrue(
                    browser().text("#state-last").startsWith("failed"),
                    browser().text("#state-last"));
        }
        ask("token", "other");
        assertEquals("200", browser().text("#status"), "a token is always issued");
        if (!"none".equals(kind)) {
            browser().click("#faults button");
            browser().awaitText("#faults", "No fault is on");
        }
    }

    @Test
    void fault_forOneAction_isSwitchedOnForItAlone() throws Exception {
        var server = open(Map.of());
        server.sandbox().join("room", "ann");
        new Select(browser().find("#fault-kind")).selectByValue("forbidden");
        new Select(browser().find("#fault-action")).selectByValue("DescribeUserInfoInChannel");
        browser().click("#fault-on");
        browser().awaitText("#faults", "DescribeUserInfoInChannel");
        ask("users", "room");
        assertEquals("200", browser().text("#status"));
        ask("start", "room");
        assertEquals("502", browser().text("#status"));
        assertTrue(browser().text("#advice").contains("AliyunRTCFullAccess"));
    }

    @Test
    void eventFaults_switchedOn_areTheSandboxsAndCanBeSwitchedOff() throws Exception {
        var server = open(Map.of());
        browser().awaitText("#event-faults", "delivered once");
        browser().type("#event-percent", "40");
        browser().click("#event-on");
        browser().awaitText("#event-faults", "lose");
        new Select(browser().find("#event-kind")).selectByValue("delay");
        browser().type("#event-percent", "20");
        browser().type("#event-millis", "3000");
        browser().click("#event-on");
        browser().awaitText("#event-faults", "20 % · up to 3000 ms");
        assertEquals(
                EventFaults.NONE
                        .with(EventFaultKind.LOSE, 40)
                        .with(EventFaultKind.DELAY, 20)
                        .withMaxDelay(Duration.ofSeconds(3)),
                server.sandbox().callbacks().faults());
        browser().type("#event-percent", "101");
        browser().click("#event-on");
        browser().awaitText("#sandbox-problem", "0 to 100");
        browser().click("#event-faults button");
        browser().awaitText("#event-faults", "delivered once");
        assertEquals(EventFaults.NONE, server.sandbox().callbacks().faults());
        assertTrue(browser().text("#subscriptions").endsWith("0"), browser().text("#subscriptions"));
    }

    @Test
    void limit_set_isSeenInTheAnswerAndCanBeLifted() throws Exception {
        var server = open(Map.of());
        browser().type("#limit-amount", "0");
        new Select(browser().find("#limit-action")).selectByValue("DescribeChannelUsers");
        browser().click("#limit-on");
        browser().awaitText("#limits", "0 a second · DescribeChannelUsers");
        ask("users", "room");
        assertEquals("503", browser().text("#status"));
        assertTrue(
                browser().text("#fault-hint").contains("0 a second"), browser().text("#answer"));
        browser().click("#limits button");
        browser().awaitText("#limits", "no limit");
        // The server spares an upstream that throttles for a moment.
        pass(server, Duration.ofSeconds(1));
        ask("users", "other");
        assertEquals("200", browser().text("#status"));
    }

    @Test
    void upstream_clockOff_isWarnedOf() throws Exception {
        open(Map.of());
        new Select(browser().find("#fault-kind")).selectByValue("skew");
        browser().type("#fault-amount", "-600");
        browser().click("#fault-on");
        browser().awaitText("#faults", "-600");
        ask("users", "room");
        assertTrue(
                browser().text("#state-skew").contains("10 min behind"),
                browser().text("#state-skew"));
        assertTrue(browser().text("#glance").contains("10 min"), browser().text("#glance"));
    }

    @Test
    void server_gone_isSaid() throws Exception {
        open(Map.of()).close();
        browser().click("#ask-token");
        browser().awaitText("#outcome", "cannot be reached");
        browser().awaitText("#glance", "does not answer");
    }

    @Test
    void doctor_freshToken_isGood() throws Exception {
        openWithTokenCheck();
        ask("token", "room");
        browser().click("#check-token");
        browser().await("findings", () -> findings().equals(Set.of("good", "valid")));
        assertNoComplaints();
    }

    /** All on one page, as somebody examines one token after the other; each is read in both languages. */
    @TestFactory
    Stream<DynamicTest> doctor_mistake_isNamed() throws Exception {
        var server = openWithTokenCheck();
        return rows(MISTAKES).map(row -> dynamicTest(row[0], () -> assertMistakeIsNamed(server, row[0], row[1])));
    }

    private static void assertMistakeIsNamed(TestServer server, String mistake, String expected) throws Exception {
        browser().click("#doctor-clear");
        assertEquals(Set.of(), findings(), "those of another token are gone");
        var envelope = (ObjectNode) server.now("token", "room").body();
        if ("expired".equals(mistake)) {
            server.time().step(Duration.ofHours(13));
        }
        var paste = Mistakes.make(mistake, envelope);
        browser().paste("#paste", paste.text());
        browser().type("#use-channel", paste.channel());
        browser().type("#use-user", paste.user());
        browser().click("#examine");
        var names = Set.of(expected.split(" "));
        browser().await("findings " + names, () -> findings().equals(names));
        for (var finding : browser().all(".finding")) {
            assertNoPlaceholder(finding.getText());
        }
        browser()
                .click(
                        "en".equals(browser().find("html").getDomAttribute("lang"))
                                ? "[data-language=zh]"
                                : "[data-language=en]");
        assertEquals(names, findings());
        assertNoPlaceholder(browser().text("#findings"));
        assertNoComplaints();
    }

    /** Returns the cells of a table with a line a row. */
    private static Stream<String[]> rows(String table) {
        return table.lines().map(line -> line.split(" *\\| *", -1));
    }

    private static void assertNoPlaceholder(String text) {
        assertFalse(Pattern.compile("\\{\\w+}").matcher(text).find(), text);
    }

    @Test
    void doctor_partsTypedByHand_areExamined() throws Exception {
        var server = openWithTokenCheck();
        var data = server.now("token", "room").data();
        browser().click("#parts summary");
        for (var part : List.of("appid", "userid", "nonce", "timestamp", "token")) {
            browser().type("#part-" + part, data.path(part).asText());
        }
        browser().type("#use-channel", "room");
        browser().type("#use-user", data.path("userid").textValue());
        browser().click("#examine");
        browser().await("findings", () -> findings().equals(Set.of("good", "valid")));
    }

    @Test
    void doctor_checkIsOff_saysSo() throws Exception {
        open(Map.of());
        ask("token", "room");
        browser().click("#check-token");
        browser().await("findings", () -> findings().equals(Set.of("good", "checkOff")));
    }

    @Test
    void keyboard_alone_isEnough() throws Exception {
        open(Map.of());
        var channel = browser().find("#channel");
        channel.clear();
        channel.sendKeys("room", Keys.ENTER);
        awaitAnswer("room");
        channel.sendKeys(Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB);
        assertEquals("ask-users", focused());
        browser().find("#ask-users").sendKeys(Keys.ENTER);
        browser().awaitText("#outcome", "Nobody is in room");
        browser().find("#join-user").sendKeys(Keys.ENTER);
        browser().awaitText("#rooms", "alice");
        browser().find("[data-user=alice] button").sendKeys(Keys.SPACE);
        browser().awaitText("#rooms", "Nobody");
        assertEquals("join-button", focused(), "the keyboard goes on nearby");
    }

    private static String focused() {
        return String.valueOf(browser().script("return document.activeElement.id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-GB", "zh-CN"})
    void everything_toUse_hasANameForAReader(String language) throws Exception {
        open(language, Map.of());
        ask("token", "room");
        browser().click("#parts summary");
        new Select(browser().find("#fault-kind")).selectByValue("slow");
        new Select(browser().find("#event-kind")).selectByValue("delay");
        for (var element :
                browser().all("button, input:not(#jwt), select, textarea, [role=region], [role=group], summary")) {
            assertFalse(
                    element.isDisplayed()
                            && Objects.requireNonNullElse(element.getAccessibleName(), "")
                                    .isBlank(),
                    element.getDomProperty("outerHTML"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-GB", "zh-CN"})
    void phone_width_holdsEverything(String language) throws Exception {
        browser().phone();
        var server = open(language, Map.of("durationlimit", "10", "rtc.tokenCheck", "on"));
        server.sandbox().join("room", "ann");
        for (var question : List.of("token", "users", "start")) {
            ask(question, "room");
            assertFits();
        }
        browser().click("#parts summary");
        browser().click("#examine");
        assertFits();
        for (WebElement button : browser().all("button")) {
            assertTrue(!button.isDisplayed() || button.getSize().height >= 28, button.getText());
        }
    }

    private static void assertFits() {
        assertEquals(390L, browser().script("return document.documentElement.scrollWidth"));
    }

    @Test
    void page_all_comesFromThisServer() throws Exception {
        var server = open(Map.of());
        var origin = server.page().resolve("/").toString();
        var foreign = browser()
                .script(
                        "return performance.getEntriesByType('resource').map((one) => one.name)"
                                + ".filter((name) => !name.startsWith(arguments[0])).join()",
                        origin);
        assertEquals("", foreign);
        assertNoComplaints();
    }

    private static Set<String> findings() {
        return Set.copyOf(browser().all(".finding").stream()
                .map(finding -> String.valueOf(finding.getDomAttribute("data-finding")))
                .toList());
    }

    private static List<String> texts(String css) {
        return browser().all(css).stream().map(WebElement::getText).toList();
    }
}
