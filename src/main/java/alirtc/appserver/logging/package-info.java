/**
 * The log: which lines there are, their form, and how they get out.
 *
 * <p>Start with {@link alirtc.appserver.logging.LogConfigurator}.
 *
 * <p>May know {@code config}, and is all that knows Logback.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.logging;
