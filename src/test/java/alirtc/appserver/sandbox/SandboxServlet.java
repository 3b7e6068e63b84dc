package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code /sandbox/*} hands a developer's commands to the sandbox that the servlet context holds under its class name,
 * beside a {@link JwtMaker} and a {@link WebhookReceiver} where there are such.
 */
public final class SandboxServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var sandbox = (Sandbox) Objects.requireNonNull(
                getServletContext().getAttribute(Sandbox.class.getName()), "the servlet context holds no sandbox");
        var jwts = getServletContext().getAttribute(JwtMaker.class.getName()) instanceof JwtMaker maker
                ? Optional.of(maker)
                : Optional.<JwtMaker>empty();
        var path = Objects.requireNonNullElse(request.getPathInfo(), "/");
        var receiver = getServletContext().getAttribute(WebhookReceiver.class.getName()) instanceof WebhookReceiver one
                ? Optional.of(one)
                : Optional.<WebhookReceiver>empty();
        var reply = new SandboxControl(sandbox, jwts, receiver).answer(request.getMethod(), path, request.getParameterMap());
        var body = reply.body().getBytes(UTF_8);
        response.setStatus(reply.status());
        reply.headers().forEach(response::setHeader);
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
