/** What holds for all packages. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver;
