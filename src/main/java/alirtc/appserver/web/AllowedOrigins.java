package alirtc.appserver.web;

import java.util.Set;

/**
 * The web pages, by their origin, whose scripts may call and read the answers.
 *
 * @param origins as browsers send them; {@code *} stands for all
 */
public record AllowedOrigins(Set<String> origins) {

    /** Copies the origins in. */
    public AllowedOrigins {
        origins = Set.copyOf(origins);
    }
}
