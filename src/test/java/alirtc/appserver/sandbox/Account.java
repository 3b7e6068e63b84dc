package alirtc.appserver.sandbox;

/**
 * The one customer that the sandbox knows.
 *
 * @param accessKeySecret signs the calls; never printed
 */
public record Account(String appId, String accessKeyId, String accessKeySecret) {

    @Override
    public String toString() {
        return "Account[appId=" + appId + ", accessKeyId=" + accessKeyId + ", accessKeySecret=***]";
    }
}
