/**
 * The object graph: builds, starts and stops the server.
 *
 * <p>Start with {@link alirtc.appserver.Application}.
 *
 * <p>May know every package, and is known by none.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver;
