/** Tests of who may call. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.auth;
