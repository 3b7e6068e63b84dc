@org.jspecify.annotations.NullMarked
package alirtc.appserver.lifecycle;
