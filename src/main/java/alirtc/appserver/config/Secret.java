package alirtc.appserver.config;

/**
 * A value that never prints: whoever needs it has to ask for it by name.
 *
 * @param value the secret itself; not empty
 */
public record Secret(String value) {

    /** Returns a fixed text, so that no log, exception or debugger line shows the value. */
    @Override
    public String toString() {
        return "(secret)";
    }
}
