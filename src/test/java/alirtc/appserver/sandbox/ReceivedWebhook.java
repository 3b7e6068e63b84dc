package alirtc.appserver.sandbox;

import java.time.Instant;

/**
 * A webhook that the sandbox's receiver got.
 *
 * @param id of the message, the same at each attempt
 * @param verified whether it was signed by the secret, and not long ago
 * @param answered with which status; 0 if not at all
 */
public record ReceivedWebhook(Instant at, String id, boolean verified, int answered, String body) {}
