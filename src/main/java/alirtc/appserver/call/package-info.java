/** The live calls: when each began, whether it still is, and when it must end. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.call;
