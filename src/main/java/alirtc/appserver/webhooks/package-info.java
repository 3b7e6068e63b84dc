/**
 * Tells a receiver what happened in calls, by webhooks (Standard Webhooks 1.0.0).
 *
 * <p>Start with {@link alirtc.appserver.webhooks.WebhookSender}.
 *
 * <p>May know config, logging, metrics, records, time.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.webhooks;
