/** Tests of webhooks. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.webhooks;
