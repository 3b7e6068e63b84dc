/** Who may call: what callers prove who they are by, and how often they may ask. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.auth;
