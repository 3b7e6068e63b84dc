/** Keeps records of calls, and what is to be told of them, in a folder or in Redis. */
@NullMarked
package alirtc.appserver.records;

import org.jspecify.annotations.NullMarked;
