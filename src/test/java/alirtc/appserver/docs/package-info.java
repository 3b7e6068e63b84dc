/** The documentation, read by a test: what it links to, names and shows is there. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.docs;
