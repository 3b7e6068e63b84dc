package alirtc.appserver.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/** The map of routes. */
public final class WebXml {
    private static final Path FILE = Path.of("webapp/WEB-INF/web.xml");

    private WebXml() {}

    /** Returns the paths that are mapped to servlets, but for the one that answers all the rest with errors. */
    public static List<String> mappedPatterns() throws Exception {
        var document =
                DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(FILE.toFile());
        var mappings = document.getElementsByTagName("servlet-mapping");
        var patterns = IntStream.range(0, mappings.getLength())
                .mapToObj(i -> (Element) mappings.item(i))
                .filter(mapping -> !text(mapping, "servlet-name").equals("error"))
                .map(mapping -> text(mapping, "url-pattern"))
                .toList();
        if (!patterns.contains("/app/token")) {
            throw new IllegalStateException("Not the map of routes: " + patterns);
        }
        return patterns;
    }

    private static String text(Element element, String name) {
        return element.getElementsByTagName(name).item(0).getTextContent().strip();
    }

    /** Returns whether a pattern is for a route. */
    public static boolean covers(String pattern, String route) {
        return pattern.endsWith("/*")
                ? (route + "/").startsWith(pattern.substring(0, pattern.length() - 1))
                : route.equals(pattern);
    }
}
