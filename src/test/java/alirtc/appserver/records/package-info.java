/** Tests of what is on record of calls. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.records;
