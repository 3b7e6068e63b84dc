/** Runs the fuzz targets of the other packages: on their kept inputs in every build, and for long when asked to. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.fuzz;
