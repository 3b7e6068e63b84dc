/** Time as the server counts it. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.time;
