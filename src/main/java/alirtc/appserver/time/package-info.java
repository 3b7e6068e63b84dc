/**
 * Time as the server counts it: the clock that does not step, and what happens after a time.
 *
 * <p>Start with {@link alirtc.appserver.time.SteadyClock}.
 *
 * <p>May know no other package.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.time;
