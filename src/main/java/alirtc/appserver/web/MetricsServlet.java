package alirtc.appserver.web;

import alirtc.appserver.auth.MetricsAccess;
import alirtc.appserver.metrics.Metrics;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** GET /metrics answers what the server counts, in the text format of Prometheus, to those addresses that may ask. */
public final class MetricsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final PrometheusTextFormatWriter TEXT = PrometheusTextFormatWriter.create();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var context = request.getServletContext();
        if (!ContextParts.require(context, MetricsAccess.class).mayRead(JsonServlet.attributes(request))) {
            new ApiResponse(request, response)
                    .fail(403, "Metrics are for the addresses in the setting metrics.allow")
                    .send();
            return;
        }
        response.setContentType(TEXT.getContentType());
        response.setHeader("Cache-Control", "no-store");
        var text = new ByteArrayOutputStream();
        TEXT.write(text, ContextParts.require(context, Metrics.class).all());
        response.setContentLength(text.size());
        ResponseSender.send(request, response, text.toByteArray());
    }
}
