/**
 * What goes on in the server, for people who look at it: the last quarter of an hour in samples, the live calls, and
 * those that ended last.
 *
 * <p>Start with {@link alirtc.appserver.overview.Overview}.
 *
 * <p>May know {@code call}, {@code metrics}, {@code registry}, {@code time}, {@code token}, {@code upstream}, of
 * {@code openapi} no more than {@code UpstreamStatus}, and of {@code records} no more than {@code RecordStore}.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.overview;
