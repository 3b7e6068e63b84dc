/**
 * A stand-in for the cloud: the OpenAPIs of both products over real HTTP on loopback, callbacks of what happens in
 * channels, and faults and limits at the tester's command. Start reading at {@code Sandbox}, which tests use in process;
 * {@code SandboxControl} is the same by URL, for developers and the page.
 *
 * <p>A request goes from {@code Listener} and {@code Connection} to {@code Gateway}, which checks its signature and its
 * limit, and to the {@code Dialect} of its product. {@code Channels} reports each {@code ChannelChange} to
 * {@code EventPublisher}, which makes an {@code EventMessage} for each subscription that it matches, and
 * {@code CallbackSender} posts it.
 *
 * <p>The package knows the application's {@code config.Product} and nothing else of it. What the cloud's documents leave
 * open is decided where it says that it is the sandbox's own choice.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.sandbox;
