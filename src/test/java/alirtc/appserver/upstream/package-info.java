@org.jspecify.annotations.NullMarked
package alirtc.appserver.upstream;
