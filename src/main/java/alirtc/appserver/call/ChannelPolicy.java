package alirtc.appserver.call;

/**
 * What an operator's settings and the product make of evidence.
 *
 * @param seats how many may sit in a channel
 * @param start what proves that a channel was not empty
 * @param events what events are good for
 * @param aloneMatters whether it is kept who is alone in a call
 */
public record ChannelPolicy(SeatPolicy seats, StartPolicy start, EventPolicy events, boolean aloneMatters) {}
