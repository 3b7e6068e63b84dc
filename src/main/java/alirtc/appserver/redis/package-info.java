/** The Redis server that several of our servers share: the way to it, its clock, and who else is there. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.redis;
