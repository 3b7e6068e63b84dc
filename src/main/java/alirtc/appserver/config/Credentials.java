package alirtc.appserver.config;

/** How the server proves itself to the OpenAPI. */
public sealed interface Credentials {

    /**
     * A fixed AccessKey pair.
     *
     * @param id names the key; goes over the wire
     * @param secret signs the requests; never leaves the server
     */
    record AccessKey(Secret id, Secret secret) implements Credentials {}

    /**
     * The RAM role of the ECS instance that the server runs on.
     *
     * @param name the role's name
     */
    record EcsRole(String name) implements Credentials {}

    /** Whatever the vendor's SDK finds by itself, once one of its own variables is set. */
    record SdkDefault() implements Credentials {}
}
