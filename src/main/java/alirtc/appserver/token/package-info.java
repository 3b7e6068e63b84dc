/** Names of channels and users, and the tokens that admit users to channels. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.token;
