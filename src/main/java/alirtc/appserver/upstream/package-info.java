/**
 * The guard before the cloud: which request goes out, and when.
 *
 * <p>Start with {@link alirtc.appserver.upstream.UpstreamDispatcher}.
 *
 * <p>May know {@code metrics}, {@code time}, and of {@code openapi} no more than {@code RtcException}: what a request
 * asks is not known here.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.upstream;
