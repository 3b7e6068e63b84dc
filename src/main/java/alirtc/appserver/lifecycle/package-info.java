/**
 * The answers that phones ask for, and what keeps calls up to date: lookups of channels, the recovery of start times,
 * the watch over what is due.
 *
 * <p>Start with {@link alirtc.appserver.lifecycle.CallService}.
 *
 * <p>May know {@code registry}, {@code call}, {@code upstream}, {@code openapi}, {@code token}, {@code metrics} and
 * {@code time}.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.lifecycle;
