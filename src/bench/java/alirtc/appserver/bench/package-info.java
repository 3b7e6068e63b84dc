/** Load and performance runs, by hand: {@code mvn -Pload verify} and {@code mvn -Pbench verify}. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.bench;
