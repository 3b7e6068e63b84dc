/** The HTTP face: servlets, the envelope, errors. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.web;
