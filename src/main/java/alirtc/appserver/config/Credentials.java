package alirtc.appserver.config;

/** How the server proves itself to the OpenAPI. */
public sealed interface Credentials {

    /** Reads the AccessKey pair, else the role's name, else leaves it to the SDK if that was told where to look. */
    static Credentials from(SettingsReader reader) {
        var id = reader.read(SettingsCatalog.ACCESS_KEY_ID);
        var secret = reader.read(SettingsCatalog.ACCESS_KEY_SECRET);
        if (id.isPresent() && secret.isPresent()) {
            return new AccessKey(id.get(), secret.get());
        }
        var pairBegun =
                reader.isGiven(SettingsCatalog.ACCESS_KEY_ID) || reader.isGiven(SettingsCatalog.ACCESS_KEY_SECRET);
        if (pairBegun) {
            reader.require(SettingsCatalog.ACCESS_KEY_ID);
            reader.require(SettingsCatalog.ACCESS_KEY_SECRET);
        }
        var role = reader.read(SettingsCatalog.ROLE_NAME);
        if (role.isPresent()) {
            return new EcsRole(role.get());
        }
        if (!pairBegun && !reader.sdkHasCredentials()) {
            reader.addProblem("no credentials for the OpenAPI: set " + SettingsCatalog.ACCESS_KEY_ID.name() + " and "
                    + SettingsCatalog.ACCESS_KEY_SECRET.name() + ", or " + SettingsCatalog.ROLE_NAME.name()
                    + " on an ECS instance, " + reader.origin(SettingsCatalog.ACCESS_KEY_ID)
                    + "; or a variable of the Alibaba Cloud SDK such as ALIBABA_CLOUD_ACCESS_KEY_ID");
        }
        return new SdkDefault();
    }

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
