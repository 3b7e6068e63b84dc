package alirtc.appserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import alirtc.appserver.config.Product;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The account's limit of requests, over HTTP. */
class RequestLimitsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.500Z");
    private static final String USERS = "DescribeChannelUsers";
    private static final String DELETE = "DeleteChannel";

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final List<Sandbox> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Sandbox::close);
    }

    private Sandbox start(Product product) {
        var sandbox = Sandbox.start(account(product), now::get);
        opened.add(sandbox);
        return sandbox;
    }

    private static Account account(Product product) {
        return new Account("app1", "key1", "secret1", product);
    }

    private RawClient.Answer request(Sandbox sandbox, Product product, String action) throws IOException {
        var raw = new RawClient(sandbox.endpoint(), account(product), now::get);
        var parameters = raw.parameters(action, "c1");
        parameters.put("Version", product == Product.RTC ? "2018-01-11" : "2016-11-01");
        return raw.request(parameters);
    }

    private int status(Sandbox sandbox, String action) throws IOException {
        return request(sandbox, Product.RTC, action).status();
    }

    @Test
    void limit_none_letsAllThrough() throws Exception {
        var sandbox = start(Product.RTC);
        for (int i = 0; i < 150; i++) {
            assertEquals(200, status(sandbox, USERS));
        }
        assertEquals(Map.of(), sandbox.limits().throttled());
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void limit_reached_isThrottlingUntilTheNextSecond(Product product) throws Exception {
        var sandbox = start(product);
        sandbox.limits().set(2);
        request(sandbox, product, USERS);
        request(sandbox, product, USERS);

        var answer = request(sandbox, product, USERS);

        assertEquals(400, answer.status());
        assertEquals("Throttling.User", answer.json().path("Code").textValue());
        assertEquals(4, answer.json().size());
        assertEquals(Map.of(USERS, 1), sandbox.limits().throttled());
        now.set(START.plusMillis(499));
        assertEquals(400, request(sandbox, product, USERS).status());
        now.set(START.plusMillis(500));
        assertEquals(200, request(sandbox, product, USERS).status());
    }

    @Test
    void limit_ofAllActions_countsEachForItself() throws Exception {
        var sandbox = start(Product.RTC);
        sandbox.limits().set(1);

        assertEquals(200, status(sandbox, USERS));
        sandbox.join("c1", "1");
        assertEquals(200, status(sandbox, DELETE));
        assertEquals(400, status(sandbox, USERS));
    }

    @Test
    void limit_ofOneAction_holdsForItAlone() throws Exception {
        var sandbox = start(Product.RTC);
        sandbox.limits().set(0, DELETE);
        sandbox.join("c1", "1");

        assertEquals(400, status(sandbox, DELETE));
        assertEquals(200, status(sandbox, USERS));
        assertEquals(1, sandbox.channels().size(), "a rejected request does nothing");
        sandbox.limits().clear();
        assertEquals(200, status(sandbox, DELETE));
    }

    @Test
    void limit_requestWithAWrongSignature_isNotCounted() throws Exception {
        var sandbox = start(Product.RTC);
        sandbox.limits().set(1);
        var stranger = new RawClient(sandbox.endpoint(), new Account("app1", "key1", "other", Product.RTC), now::get);

        assertEquals(400, stranger.request(USERS, "c1").status());

        assertEquals(200, status(sandbox, USERS));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1_000_001})
    void set_outOfBounds_isRejected(int perSecond) {
        var limits = start(Product.RTC).limits();

        assertThrows(IllegalArgumentException.class, () -> limits.set(perSecond));
        assertThrows(IllegalArgumentException.class, () -> limits.set(perSecond, USERS));
        assertThrows(IllegalArgumentException.class, () -> limits.set(1, "DescribeNothing"));
    }
}
