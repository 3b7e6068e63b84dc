package alirtc.appserver.web;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.stream.Collectors;

/** An answer that phones ask for, and that puts its own JSON together, without reflection. */
interface Json {
    /** Returns the answer as JSON, in one line. */
    String json();

    /** Returns a text as JSON, whatever it holds. */
    static String quoted(String text) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }

    /** Returns texts as a list in JSON, whatever they hold. */
    static String quoted(List<String> texts) {
        return texts.stream().map(Json::quoted).collect(Collectors.joining(",", "[", "]"));
    }
}
