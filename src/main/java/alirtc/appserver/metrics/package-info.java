/**
 * What the server counts about itself.
 *
 * <p>Start with {@link alirtc.appserver.metrics.Metrics}.
 *
 * <p>May know no other package: the others count here, and register gauges of their own.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.metrics;
