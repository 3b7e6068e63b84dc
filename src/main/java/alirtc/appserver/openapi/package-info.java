/**
 * The cloud's OpenAPI, of RTC or of ApsaraVideo Live: requests, their answers in domain types, and what can be wrong
 * with them.
 *
 * <p>Start with {@link alirtc.appserver.openapi.RtcClient}.
 *
 * <p>May know {@code token}, {@code config} and {@code metrics}, and is all that knows the vendor's SDK.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.openapi;
