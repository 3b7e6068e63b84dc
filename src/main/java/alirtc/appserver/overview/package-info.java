/**
 * What goes on in the server, for people who look at it: the last quarter of an hour in samples, and the live calls that
 * began last.
 *
 * <p>Start with {@link alirtc.appserver.overview.Overview}.
 *
 * <p>May know {@code call}, {@code metrics}, {@code registry}, {@code time}, {@code token}, {@code upstream}, and of
 * {@code openapi} no more than {@code UpstreamStatus}.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.overview;
