/** The page as people use it: in a browser, by clicks and keys. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.browser;
