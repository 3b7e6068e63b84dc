/** The built WAR in the containers it is for, over HTTP, with the sandbox in the cloud's place. */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.it;
