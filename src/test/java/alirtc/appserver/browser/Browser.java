package alirtc.appserver.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium that reaches this machine alone. */
final class Browser implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final List<String> FLAGS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--force-color-profile=srgb",
            "--hide-scrollbars",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1");

    /** Looks for barriers in a page; runs in the browser. */
    private static final String AXE = axe();

    private final ChromeDriver driver;
    private final Path profile;

    private Browser(Path binary, Path service) {
        try {
            profile = Files.createTempDirectory("browser");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var options = new ChromeOptions().setBinary(binary.toFile());
        options.addArguments(FLAGS);
        options.addArguments("--user-data-dir=" + profile);
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(service.toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    /** Returns why there can be no browser here, if so. */
    static Optional<String> lacking() {
        return binary().isEmpty() || service().isEmpty()
                ? Optional.of("No browser: install chromium and chromium-driver, or name both programs with"
                        + " -Dbrowser.binary= and -Dbrowser.driver=")
                : Optional.empty();
    }

    /** Skips the test for the given reason; fails it where {@code browser.required} is set. */
    static void skip(String reason) {
        if (Boolean.getBoolean("browser.required")) {
            Assertions.fail(reason);
        }
        Assumptions.abort(reason);
    }

    static Browser open() {
        return new Browser(binary().orElseThrow(), service().orElseThrow());
    }

    private static Optional<Path> binary() {
        return program("browser.binary", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    }

    private static Optional<Path> service() {
        return program("browser.driver", "/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");
    }

    private static Optional<Path> program(String property, String... usual) {
        var named = System.getProperty(property);
        return (named == null ? Stream.of(usual) : Stream.of(named))
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Opens a page as somebody who reads the given language. */
    void open(URI page, String language) {
        var agent = String.valueOf(script("return navigator.userAgent"));
        driver.executeCdpCommand(
                "Emulation.setUserAgentOverride", Map.of("userAgent", agent, "acceptLanguage", language));
        // Another server may have had its port before.
        driver.executeCdpCommand(
                "Storage.clearDataForOrigin",
                Map.of("origin", "http://" + page.getAuthority(), "storageTypes", "local_storage"));
        driver.get(page.toString());
    }

    /** Leaves the page, and forgets what the browser complained of. */
    void leave() {
        driver.get("about:blank");
        var unused = complaints();
    }

    void desktop() {
        size(1280, 900, false);
    }

    void phone() {
        size(390, 844, true);
    }

    private void size(int width, int height, boolean mobile) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", mobile ? 2 : 1, "mobile", mobile));
    }

    /** Chooses {@code light} or {@code dark}. */
    void colors(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Switches scripts off, or on again. */
    void scripts(boolean on) {
        driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !on));
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Returns the text of what is there. */
    String text(String css) {
        return find(css).getText();
    }

    /** Waits until a text is there that holds another. */
    void awaitText(String css, String part) {
        await(css + " says " + part, () -> text(css).contains(part));
    }

    void click(String css) {
        await(css + " can be clicked", () -> find(css).isDisplayed());
        // The driver would scroll it to an edge, where the bar of tabs may cover it.
        script("arguments[0].scrollIntoView({ block: 'center' })", find(css));
        find(css).click();
    }

    /** Replaces what is in a field by typing. */
    void type(String css, String text) {
        var field = find(css);
        field.clear();
        field.sendKeys(text);
    }

    /** Replaces what is in a field by pasting. */
    void paste(String css, String text) {
        find(css).clear();
        script("arguments[0].focus(); document.execCommand('insertText', false, arguments[1])", find(css), text);
    }

    Object script(String script, Object... arguments) {
        return Optional.ofNullable(driver.executeScript(script, arguments)).orElse("");
    }

    /** Returns what hinders people who use the page by keyboard or reader, a line each. */
    List<String> barriers() {
        if (Boolean.FALSE.equals(driver.executeScript("return 'axe' in window"))) {
            driver.executeScript(AXE);
        }
        var found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => done(violations
                    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`)));
                """);
        return found instanceof List<?> all ? all.stream().map(String::valueOf).toList() : List.of();
    }

    private static String axe() {
        try (var script = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until something holds. */
    void await(String what, BooleanSupplier holds) {
        new WebDriverWait(driver, PATIENCE)
                .pollingEvery(POLL)
                .withMessage(what)
                .ignoring(StaleElementReferenceException.class)
                .ignoring(NoSuchElementException.class)
                .until(anything -> holds.getAsBoolean());
    }

    /** Saves the whole page, as long as it is, as a picture. */
    void screenshot(String name) {
        save(name, true);
    }

    /** Saves what is seen of the page without scrolling as a picture. */
    void screenshotOfWindow(String name) {
        save(name, false);
    }

    private void save(String name, boolean whole) {
        var shot = driver.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole));
        try {
            Files.createDirectories(SCREENSHOTS);
            Files.write(
                    SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(shot.get("data"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what the browser complained of since it was last asked, all but answers with an error's status. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(entry -> entry.getMessage())
                .filter(message -> !message.contains("the server responded with a status of"))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
        try (var files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
