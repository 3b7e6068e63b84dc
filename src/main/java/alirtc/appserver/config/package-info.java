/** What an operator may set. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.config;
