/** The description of the HTTP API, against which the tests hold every answer that they get. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.description;
