/** The guard before the cloud: which request goes out, and when. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.upstream;
