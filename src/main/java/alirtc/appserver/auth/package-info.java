/**
 * Access control: which credentials are accepted, and how many requests a caller may send.
 *
 * <p>Start reading at {@link alirtc.appserver.auth.AccessControl}, which all requests pass.
 *
 * <p>Knows {@code token}, {@code config} and {@code time}; nothing of servlets.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.auth;
