/**
 * Keeps records of calls, and what is to be told of them, in a folder or in Redis.
 *
 * <p>Start with {@link alirtc.appserver.records.FileRecords}.
 *
 * <p>May know call, logging, metrics, redis, time, token.
 */
@NullMarked
package alirtc.appserver.records;

import org.jspecify.annotations.NullMarked;
