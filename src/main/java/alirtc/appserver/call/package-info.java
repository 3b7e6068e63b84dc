/**
 * The model of a channel's call and seats: immutable states and the rules by which evidence changes them. No threads,
 * no I/O.
 *
 * <p>Start with {@link alirtc.appserver.call.ChannelState}.
 *
 * <p>May know {@code token}, for names, and of {@code openapi} no more than {@code ChannelUsers} and
 * {@code ChannelEvent}.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.call;
