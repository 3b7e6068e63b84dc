/**
 * The live calls: who changes their states, where they are kept, in memory or in Redis, and who is told of each
 * change.
 *
 * <p>Start with {@link alirtc.appserver.registry.CallRegistry}.
 *
 * <p>May know {@code call}, {@code records}, {@code redis}, {@code token}, {@code config}, {@code metrics}, {@code logging},
 * {@code time}, and of {@code openapi} no more than {@code ChannelUsers} and
 * {@code ChannelEvent}.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.registry;
