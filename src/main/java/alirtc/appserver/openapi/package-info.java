/** The cloud OpenAPI: requests, their answers, and what can be wrong with them. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.openapi;
