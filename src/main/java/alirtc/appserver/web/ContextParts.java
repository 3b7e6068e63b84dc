package alirtc.appserver.web;

import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Optional;

/**
 * The parts of the application that servlets use, in the context that they share, each under the name of its class. A
 * servlet asks for what it uses at each request. Thread-safe.
 */
public final class ContextParts {
    private ContextParts() {}

    /** Publishes parts; each replaces an earlier one of its class. */
    public static void publish(ServletContext context, List<?> parts) {
        parts.forEach(part -> context.setAttribute(part.getClass().getName(), part));
    }

    /** Returns the part of a class, if it is there: before the application has started, none is. */
    static <T> Optional<T> find(ServletContext context, Class<T> type) {
        var part = context.getAttribute(type.getName());
        return type.isInstance(part) ? Optional.of(type.cast(part)) : Optional.empty();
    }

    /**
     * Returns the part of a class.
     *
     * @throws IllegalStateException if the application has not started
     */
    static <T> T require(ServletContext context, Class<T> type) {
        return find(context, type).orElseThrow(() -> new IllegalStateException("The application has not started"));
    }
}
