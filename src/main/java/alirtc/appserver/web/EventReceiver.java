package alirtc.appserver.web;

import alirtc.appserver.config.Secret;
import alirtc.appserver.openapi.ChannelEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What takes in the events that the cloud tells of; there is one only where the operator switched events on.
 *
 * @param appId the application whose events are taken in
 * @param secret what the cloud has to know
 * @param inbox takes in the events of a message, at least one, without blocking; its future ends by itself once they are
 *     taken in, or cannot be
 */
public record EventReceiver(String appId, Secret secret, Function<List<ChannelEvent>, CompletableFuture<?>> inbox) {}
