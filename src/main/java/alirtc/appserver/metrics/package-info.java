/** What the server counts about itself. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.metrics;
