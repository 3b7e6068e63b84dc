/**
 * The Redis server that several of our servers share: the way to it, threads that wait for it, its clock, and who else is
 * there.
 *
 * <p>Start with {@link alirtc.appserver.redis.RedisClient}.
 *
 * <p>May know {@code config} and {@code time}, and is all that knows the Redis client's library. What is kept in Redis is not known
 * here.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.redis;
