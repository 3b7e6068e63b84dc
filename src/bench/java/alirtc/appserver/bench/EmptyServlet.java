package alirtc.appserver.bench;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;

/** The physical limit: writes a number of bytes that its init-parameter tells, and does nothing else. */
public final class EmptyServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private byte[] body = {};

    @Override
    public void init() {
        body = new byte[Integer.parseInt(getInitParameter("bytes"))];
        Arrays.fill(body, (byte) ' ');
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json;charset=UTF-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
