package alirtc.appserver.sandbox;

import java.time.Duration;
import java.time.Instant;

/**
 * A message that the sandbox tried to deliver, or lost.
 *
 * @param messageId unique to the message; two deliveries of a repeated one share it
 * @param subscription the id of the subscription that it was for
 * @param url where it went
 * @param body as it went out
 * @param code the HTTP status of the answer, 200 if it was accepted; 0 if it was lost or there was no answer
 * @param cost how long the answer took, by the sandbox's clock
 * @param at when the outcome was known, by the sandbox's clock
 */
public record Delivery(
        String messageId, String subscription, String url, String body, int code, Duration cost, Instant at) {}
