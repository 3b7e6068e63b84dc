/** The files under src/deploy, as the programs judge them that read them, and as the documentation tells of them. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.deploy;
