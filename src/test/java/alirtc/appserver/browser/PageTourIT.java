package alirtc.appserver.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.config.Product;
import alirtc.appserver.sandbox.Fault;
import alirtc.appserver.sandbox.FaultKind;
import alirtc.appserver.web.LanAddresses;
import alirtc.appserver.web.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The way through the page: what goes on, the next step, a phone connected, advice by cause, and no barrier anywhere. */
final class PageTourIT extends PageInBrowser {
    private static final Duration SAMPLE = Duration.ofSeconds(15);

    /** So long that the budget for lookups is there again. */
    private static final Duration MOMENT = Duration.ofMillis(250);

    /** Shorter than a request to the cloud may take. */
    private static final Duration LEAP = Duration.ofMillis(2_500);

    private static final int PHONE_HEIGHT = 844;

    /** Has a call begin. */
    private static void begin(TestServer server, String channel) throws Exception {
        var user = server.now("token", channel).data().path("userid").textValue();
        server.sandbox().join(channel, user);
        server.pass(MOMENT);
        server.now("users", channel);
        server.now("start", channel);
    }

    private static void awaitOverview(String tile, String value) {
        browser().awaitText("#tile-" + tile, value);
    }

    /** Has the page ask at once what goes on, and not seconds later; the list of calls is not that of a moment ago. */
    private static void refresh(TestServer server) {
        server.pass(Duration.ofSeconds(1));
        browser().script("return (await import('./page/overview.js')).refreshOverview().then(() => '')");
    }

    private static List<String> channels() {
        return browser().all("#calls-rows tr").stream()
                .map(row -> String.valueOf(row.getDomAttribute("data-channel")))
                .toList();
    }

    /** Returns the ids of the buttons that are filled: the next step. */
    private static List<String> filled() {
        return browser().all("button.main").stream()
                .filter(WebElement::isDisplayed)
                .map(button -> String.valueOf(button.getDomAttribute("id")))
                .toList();
    }

    @Test
    void overview_withACallRunning_followsItToItsLimit() throws Exception {
        var server = open(Map.of("durationlimit", "1", "rtc.1v1audio.maxUsers", "2"));
        browser().awaitText("#calls-none", "No call is on");
        begin(server, "room1");
        server.pass(Duration.ofSeconds(10));
        begin(server, "room2");
        refresh(server);
        awaitOverview("calls", "2");
        awaitOverview("tokens", "2");
        awaitOverview("cloud", "Answers");
        awaitOverview("events", "Off");
        assertEquals(List.of("room2", "room1"), channels(), "the newest first");
        var row = browser().text("#calls-rows tr:last-child");
        assertTrue(row.contains("1 of 2") && row.contains("start known"), row);
        assertTrue(row.matches("(?s).*00:1[0-4].*"), row);
        browser().type("#calls-filter", "M2");
        assertEquals(List.of("room2"), channels());
        browser().type("#calls-filter", "nothing");
        browser().awaitText("#calls-none", "No live call has that in its name");
        browser().type("#calls-filter", "");
        browser().find("#calls-filter").sendKeys(Keys.SPACE, Keys.BACK_SPACE);
        server.pass(Duration.ofSeconds(51));
        refresh(server);
        browser().await("the first has ended", () -> channels().equals(List.of("room2")));
        assertNoComplaints();
    }

    @Test
    void overview_whileTheCloudHangs_showsTheCallThatCannotBeEnded() throws Exception {
        var server = open(Map.of("durationlimit", "1"));
        begin(server, "room1");
        server.pass(Duration.ofSeconds(55));
        server.sandbox().set(Fault.of(FaultKind.HANG));
        server.pass(Duration.ofSeconds(10));
        refresh(server);
        browser().awaitText("#calls-rows", "being ended");
        browser().await("trouble is seen", () -> !browser().text("#tile-cloud").equals("Answers"));
        refresh(server);
        assertFalse(browser().all("#tiles .band.warn, #tiles .band.spared").isEmpty(), "and is painted");
    }

    @Test
    void line_byArrowKeys_tellsItsPointsAndHasASentence() throws Exception {
        var server = open(Map.of());
        begin(server, "room1");
        server.pass(SAMPLE);
        server.pass(SAMPLE);
        begin(server, "room2");
        refresh(server);
        awaitOverview("calls", "2");
        var line = browser().find(".tile:first-child .plot");
        assertEquals("Live calls", line.getAccessibleName());
        assertEquals(
                "Live calls: now 2, between 1 and 2 in the last 15 minutes.",
                browser().find("#tile-calls-sentence").getDomProperty("textContent"));
        browser().script("document.querySelector('.tile:first-child .plot').focus()");
        assertTrue(browser().text(".tile:first-child .aside").startsWith("2 at "));
        line.sendKeys(Keys.ARROW_LEFT);
        assertTrue(browser().text(".tile:first-child .aside").startsWith("1 at "));
        assertTrue(String.valueOf(line.getDomAttribute("aria-valuetext")).startsWith("1 at "));
        refresh(server);
        assertTrue(browser().text(".tile:first-child .aside").startsWith("1 at "), "the point stays where it is");
    }

    @Test
    void overview_forStrangers_isOneLineWhy() throws Exception {
        var server = open(Map.of("metrics.allow", "10.0.0.1"));
        begin(server, "secret-room");
        browser().awaitText("#overview-hint", "metrics.allow");
        assertFalse(browser().find("#overview-open").isDisplayed());
        browser().click("[data-language=zh]");
        browser().awaitText("#overview-hint", "metrics.allow");
        assertFalse(browser().text("#overview").contains("secret-room"));
    }

    @Test
    void nextStep_oneAtATime_isFilled() throws Exception {
        open(Map.of());
        assertEquals(List.of("ask-token"), filled());
        ask("token", "room");
        assertEquals(List.of("join-as"), filled());
        browser().click("#join-as");
        browser().awaitText("#joined", "has joined room");
        assertEquals(List.of("ask-start"), filled());
        ask("start", "room");
        assertEquals(List.of("ask-token"), filled());
        ask("start", "nobody");
        assertEquals(List.of("ask-token"), filled());
        ask("users", "room");
        assertEquals(List.of("ask-start"), filled());
        browser().type("#channel", "other");
        assertEquals(List.of("ask-token"), filled());
    }

    @Test
    void everything_toPassOn_isCopiedByAClick() throws Exception {
        var server = open(Map.of());
        server.publish(new LanAddresses(() -> List.of("192.168.1.20")));
        browser().script("location.hash = '#channel=room7'; location.reload()");
        browser()
                .await(
                        "the channel of the link",
                        () -> "room7".equals(browser().find("#channel").getDomProperty("value")));
        browser().awaitText("#connect-text", "192.168.1.20");
        ask("token", "room7");
        browser().script("""
                window.copies = [];
                navigator.clipboard.writeText = async (text) => window.copies.push(text);
                """);
        browser().script("document.querySelectorAll('#answer details').forEach((one) => { one.open = true; })");
        for (var button : browser().all("#channel-copies .copy, #answer .copy, #connect-text > .copyable .copy")) {
            button.click();
        }
        browser()
                .await(
                        "all are copied",
                        () -> "7".equals(String.valueOf(browser().script("return window.copies.length"))));
        var copies = String.valueOf(browser().script("return window.copies.join('|')"));
        for (var part : List.of(
                "room7|",
                "#channel=room7|",
                browser().text("#join-token"),
                "curl \"http://",
                "\"result\": \"true\"",
                "http://192.168.1.20:" + server.page().getPort() + "/1v1-audio/")) {
            assertTrue(copies.contains(part), () -> part + " in " + copies);
        }
    }

    @Test
    void connect_onThisMachine_showsItsAddressAndWhatAppsNeed() throws Exception {
        var server = TestServer.start(Map.of());
        server.publish(new LanAddresses(() -> List.of("192.168.1.20", "10.1.2.3")));
        open("en-GB", server);
        var text = browser().text("#connect-text");
        var base = "http://192.168.1.20:" + server.page().getPort() + "/1v1-audio";
        for (var part : List.of(
                base + "/",
                "127.0.0.1 on a phone is the phone itself",
                "refuse plain http",
                "constant/Constant.java",
                '"' + base + '"',
                "Utils/Http/AliBaseHttpClient.m",
                "@\"" + base + '"')) {
            assertTrue(text.contains(part), () -> part + " in " + text);
        }
        assertEquals(
                "QR code of " + base + "/", browser().find("#connect-code svg").getAccessibleName());
        browser().click("#connect-text [aria-pressed=false]");
        browser().awaitText("#connect-text", "http://10.1.2.3:");
    }

    @Test
    void connect_addressUnknown_saysHowToFindIt() throws Exception {
        var server = TestServer.start(Map.of());
        server.publish(new LanAddresses(List::of));
        open("en-GB", server);
        browser().awaitText("#connect-text", "ip addr");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throttled  | The cloud throttles    | 云端正在限流",
                "json503    | The cloud is down      | 云端不可用",
                "hang       | The cloud is silent    | 云端没有响应",
                "forbidden  | rejected this server’s credentials | 云端拒绝了本服务器的凭证",
                "wrongtypes | broken answer          | 云端的应答是坏的",
            })
    void error_causeKnown_isTheHeadline(String fault, String english, String chinese) throws Exception {
        var server = open(Map.of());
        server.sandbox().set(Fault.of(FaultKind.named(fault)));
        browser().type("#channel", "room");
        browser().click("#ask-users");
        until(server, "an answer", () -> isAnswered("room"));
        assertTrue(browser().text("#outcome").contains(english), browser().text("#outcome"));
        assertTrue(browser().text("#apps").contains("加入房间失败，"), browser().text("#apps"));
        browser().click("[data-language=zh]");
        assertTrue(browser().text("#outcome").contains(chinese), browser().text("#outcome"));
    }

    @Test
    void error_breakerOpen_isTheHeadline() throws Exception {
        var server = open(Map.of());
        server.sandbox().set(Fault.of(FaultKind.JSON503));
        for (int i = 0; i < 20; i++) {
            server.now("users", "room" + i);
            server.pass(Duration.ofMillis(250));
        }
        ask("users", "room");
        assertTrue(
                browser().text("#outcome").contains("circuit breaker is open"),
                browser().text("#outcome"));
    }

    @Test
    void error_ofTheStart_saysWhatAppsShowThen() throws Exception {
        open(Map.of());
        ask("start", "nobody");
        assertTrue(
                browser().text("#apps").contains("Nothing, and no timer"),
                browser().text("#apps"));
    }

    @Test
    void sandbox_ofLive_offersNoActionThatItLacks() throws Exception {
        open("en-GB", TestServer.start(Product.LIVE, Map.of()));
        var actions = new Select(browser().find("#fault-action"))
                .getOptions().stream().map(WebElement::getText).toList();
        assertTrue(actions.contains("ListRTCLiveRooms"), actions::toString);
        assertFalse(actions.contains("DescribeUserInfoInChannel"), actions::toString);
        new Select(browser().find("#fault-kind")).selectByValue("refuse");
        assertFalse(browser().find("#fault-action").isDisplayed(), "a refused connection names no action");
    }

    @ParameterizedTest
    @CsvSource({
        "#join-user, '不 好', #join-button, 1 到 64",
        "#event-percent, 101, #event-on, 0 到 100",
        "#limit-amount, x, #limit-on, 整数",
        "#limit-amount, 9999999, #limit-on, 1000000",
    })
    void sandbox_refusing_speaksChinese(String field, String text, String button, String expected) throws Exception {
        open("zh-CN", Map.of());
        browser().type(field, text);
        browser().click(button);
        browser().awaitText("#sandbox-problem", expected);
        assertFalse(
                browser().text("#sandbox-problem").contains("must"), browser().text("#sandbox-problem"));
    }

    @Test
    void jwt_inTheSandbox_isMadeByAClick() throws Exception {
        open(Map.of("auth", "jwt", "auth.jwt.secret", "jwt-secret-of-the-page-0123456789-0123"));
        browser().type("#jwt-user", "ann@home");
        browser().click("#jwt-make");
        browser().awaitText("#jwt-problem", "must be 1 to 64");
        browser().type("#jwt-user", "ann");
        browser().click("#jwt-make");
        browser()
                .await(
                        "a JWT",
                        () -> String.valueOf(browser().find("#jwt").getDomProperty("value"))
                                .startsWith("ey"));
        browser().click("#ask-token");
        browser().awaitText("#outcome", "A token for user ann in room1");
    }

    @Test
    void doctor_tokenOfAnotherKind_isNamed() throws Exception {
        open(Map.of("rtc.tokenCheck", "on"));
        browser().click("#parts summary");
        browser().type("#part-token", "000eJwBZwCY/0FwcElkMTIzNDU2Nzg5MA==");
        browser().click("#examine");
        browser().awaitText("#findings", "RTC 3.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-GB", "zh-CN"})
    void phone_top_isThreeScreensFromTheDoctorAtTheMost(String language) throws Exception {
        browser().phone();
        var server = open(language, Map.of("durationlimit", "10", "rtc.1v1audio.maxUsers", "2"));
        for (int i = 0; i < 12; i++) {
            begin(server, "room" + i);
        }
        refresh(server);
        browser().await("twelve calls", () -> channels().size() == 12);
        var top = browser().script("return document.getElementById('doctor-card').getBoundingClientRect().top");
        assertTrue(((Number) top).doubleValue() <= 3 * PHONE_HEIGHT, () -> top + " px");
        browser().click(".tabs a[href='#connect']");
        browser().await("it is open", () -> !browser().text("#connect-text").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-GB", "zh-CN"})
    void tour_inEveryForm_meetsNoBarrier(String language) throws Exception {
        var server =
                TestServer.start(Map.of("durationlimit", "10", "rtc.tokenCheck", "on", "rtc.1v1audio.maxUsers", "2"));
        server.publish(new LanAddresses(() -> List.of("192.168.1.20", "10.1.2.3")));
        quarterOfAnHour(server);
        open(language, server);
        ask("token", "room1");
        browser().click("#check-token");
        browser().await("findings", () -> !browser().all(".finding").isEmpty());
        browser().click("#join-as");
        browser().awaitText("#joined", "room1");
        ask("start", "room1");
        refresh(server);
        var name = language.substring(0, 2);
        browser().script("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        for (var colors : List.of("light", "dark")) {
            onDesktop("tour-" + name, colors);
            onPhone("tour-" + name, colors);
        }
        browser().desktop();
        server.sandbox().set(Fault.of(FaultKind.FORBIDDEN));
        ask("users", "room99");
        browser().awaitText("#status", "502");
        onDesktop("tour-error-" + name, "dark");
        onPhone("tour-error-" + name, "light");
        assertNoComplaints();
    }

    private static void onDesktop(String name, String colors) {
        browser().colors(colors);
        browser().desktop();
        browser().script("document.activeElement.blur(); scrollTo(0, 0)");
        assertEquals(List.of(), browser().barriers());
        browser().screenshotOfWindow(name + "-desktop-" + colors);
    }

    private static void onPhone(String name, String colors) {
        browser().colors(colors);
        browser().phone();
        browser().script("document.activeElement.blur(); scrollTo(0, 0)");
        assertEquals(List.of(), browser().barriers());
        assertEquals(390L, browser().script("return document.documentElement.scrollWidth"));
        browser().screenshot(name + "-phone-" + colors);
    }

    /** Has calls come and go for a quarter of an hour, with the cloud throttling for a while and away for a while. */
    private static void quarterOfAnHour(TestServer server) throws Exception {
        for (int i = 0; i < 60; i++) {
            switch (i) {
                case 24 -> server.sandbox().limits().set(0);
                case 27 -> server.sandbox().limits().clear();
                case 42 -> server.sandbox().set(Fault.of(FaultKind.JSON503));
                case 46 -> server.sandbox().clearFaults();
                default -> {
                    // It goes on as before.
                }
            }
            int busy = 2 + (int) Math.round(2 * Math.sin(i / 6.0));
            for (int k = 0; k < busy; k++) {
                var channel = "room" + (100 + i * 4 + k);
                var user = server.now("token", channel).data().path("userid").textValue();
                server.sandbox().join(channel, user);
            }
            for (var passed = Duration.ZERO; passed.compareTo(SAMPLE) < 0; passed = passed.plus(LEAP)) {
                server.time().advance(LEAP.minus(MOMENT));
                server.pass(MOMENT);
            }
        }
    }
}
