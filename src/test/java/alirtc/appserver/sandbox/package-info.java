/** A stand-in for the cloud's RTC OpenAPI: real HTTP on loopback, with faults at the tester's command. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.sandbox;
