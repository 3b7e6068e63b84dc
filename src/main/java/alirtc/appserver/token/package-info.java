/**
 * Names of channels and users, and the tokens that admit users to channels.
 *
 * <p>Start with {@link alirtc.appserver.token.TokenIssuer}.
 *
 * <p>May know {@code config}, the JDK, and Jackson for the one text that newer SDKs join with.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.token;
