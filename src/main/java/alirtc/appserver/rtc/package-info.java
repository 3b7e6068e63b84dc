/** The RTC cloud: names, tokens, and questions to its OpenAPI. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.rtc;
