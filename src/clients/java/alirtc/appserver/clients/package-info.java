/** Clients that the build generates from the description of the API, tried against the WAR. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.clients;
