package alirtc.appserver.sandbox;

import alirtc.appserver.config.Product;
import alirtc.appserver.config.Settings;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.File;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the sandbox in the cloud's place where no credentials are given, under {@code mvn jetty:run} and in the WAR that has
 * a sandbox: it starts one with a made-up account and points the application there by system properties. With credentials
 * it does nothing.
 */
public final class SandboxBootstrap implements ServletContextListener {
    private static final List<String> CREDENTIALS = List.of("accessKeyID", "accessKeySecret", "roleName");
    private static final String ENDPOINT = "rtc.openapi.endpoint";
    private static final String READERS = "metrics.allow";
    private static final String THIS_MACHINE = "127.0.0.0/8,::1";

    /** The system property that names the folder for records, if it is not to be a temporary one. */
    private static final String RECORDS = "sandbox.records";

    private static final int SECRET_BYTES = 32;
    private static final Logger LOG = LoggerFactory.getLogger(SandboxBootstrap.class);

    private final List<String> added = new ArrayList<>();

    /** Starts the sandbox if it is needed. */
    @Override
    public void contextInitialized(ServletContextEvent event) {
        var settings = Settings.load();
        if (settings.sdkHasCredentials()
                || CREDENTIALS.stream().anyMatch(name -> settings.text(name).isPresent())) {
            LOG.info("Credentials are given: no sandbox, the application talks to the cloud");
            return;
        }
        var appId = settings.text("rtc.1v1audio.appId").orElse("sandbox1");
        var account = new Account(appId, "sandbox-access-key", "sandbox-access-key-secret", product(settings));
        var sandbox = Sandbox.start(account, InstantSource.system());
        event.getServletContext().setAttribute(Sandbox.class.getName(), sandbox);
        var values = new LinkedHashMap<String, String>();
        values.put("accessKeyID", account.accessKeyId());
        values.put("accessKeySecret", account.accessKeySecret());
        values.put(ENDPOINT, sandbox.endpoint().toString());
        if (settings.text("rtc.1v1audio.appId").isEmpty()) {
            values.put("rtc.1v1audio.appId", appId);
        }
        if (settings.text("rtc.1v1audio.appKey").isEmpty()) {
            values.put("rtc.1v1audio.appKey", "sandbox-app-key");
        }
        if (settings.text("rtc.tokenCheck").isEmpty()) {
            values.put("rtc.tokenCheck", "on");
        }
        if (settings.text(READERS).filter(THIS_MACHINE::equals).isPresent()) {
            // Nobody set it otherwise. What goes on in a sandbox is not private, and the page shows it to a phone
            // beside the machine, too.
            values.put(READERS, "0.0.0.0/0,::/0");
        }
        if (settings.text("auth").filter("jwt"::equals).isPresent()) {
            var jwtSecret = settings.text("auth.jwt.secret").or(() -> madeUp(settings, values));
            jwtSecret.ifPresent(secret -> event.getServletContext()
                    .setAttribute(
                            JwtMaker.class.getName(), new JwtMaker(secret, settings::text, InstantSource.system())));
        }
        if (settings.text("webhooks.url").isEmpty()) {
            keepRecords(settings, values, event);
        }
        put(values);
        LOG.info(
                "SANDBOX: no credentials are given, so a stand-in at {} takes the cloud's place."
                        + " Its controls are below {}/sandbox/",
                sandbox.endpoint(),
                event.getServletContext().getContextPath());
    }

    /** Puts calls on record, and has webhooks sent to a receiver that the page can show. */
    private static void keepRecords(Settings settings, Map<String, String> values, ServletContextEvent event) {
        var secret = "whsec_" + Base64.getEncoder().encodeToString(random());
        var receiver = WebhookReceiver.start(secret, InstantSource.system());
        event.getServletContext().setAttribute(WebhookReceiver.class.getName(), receiver);
        values.put("webhooks.url", receiver.uri().toString());
        values.put("webhooks.secret", secret);
        if (settings.text("registry").filter("redis"::equals).isPresent()) {
            values.put("records", "redis");
        } else if (settings.text("records.dir").isEmpty()) {
            var temporary = (File) event.getServletContext().getAttribute(ServletContext.TEMPDIR);
            values.put("records", "file");
            values.put("records.dir", System.getProperty(RECORDS, new File(temporary, "records").getAbsolutePath()));
        }
    }

    private static byte[] random() {
        var bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** Stops the sandbox, if there is one, and takes its settings back. */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        added.forEach(System::clearProperty);
        if (event.getServletContext().getAttribute(Sandbox.class.getName()) instanceof Sandbox sandbox) {
            sandbox.close();
        }
        if (event.getServletContext().getAttribute(WebhookReceiver.class.getName())
                instanceof WebhookReceiver receiver) {
            receiver.close();
        }
    }

    /** Sets a secret for JWTs where nothing is set to check them by. */
    private static Optional<String> madeUp(Settings settings, Map<String, String> values) {
        if (settings.text("auth.jwt.jwks").isPresent()) {
            return Optional.empty();
        }
        var secret = "sandbox-" + UUID.randomUUID();
        values.put("auth.jwt.secret", secret);
        return Optional.of(secret);
    }

    /** Returns the product that is set; of a setting that makes no sense the application tells. */
    private static Product product(Settings settings) {
        return settings.text("rtc.openapi")
                .filter(Product.LIVE.setting()::equals)
                .map(live -> Product.LIVE)
                .orElse(Product.RTC);
    }

    private void put(Map<String, String> values) {
        values.forEach((name, value) -> {
            System.setProperty(name, value);
            added.add(name);
        });
    }
}
