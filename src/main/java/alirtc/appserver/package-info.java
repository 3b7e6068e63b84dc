/** The app server's entry and its object graph. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver;
