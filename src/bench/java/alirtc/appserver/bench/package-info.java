/** Load, attack, population, soak and performance runs, by hand: each has a profile of Maven. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.bench;
