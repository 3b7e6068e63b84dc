package alirtc.appserver.clients;

import alirtc.appserver.it.Deployment;
import alirtc.appserver.it.Distribution;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.PhonesApi;

/** Sends a phone's three requests, and one that fails, by the generated Java client to the WAR in Tomcat. */
public final class GeneratedClientRun {
    private static final String APP = "Demo";
    private static final String APP_VERSION = "7";
    private static final String BUNDLE = "com.example.demo";

    private GeneratedClientRun() {}

    /** Fails if the client does not get what a phone needs. */
    public static void main(String[] args) throws ApiException {
        try (var deployment = Deployment.start(Distribution.tomcat11(), Map.of("durationlimit", "60"))) {
            var client = new ApiClient();
            client.updateBaseUri("http://127.0.0.1:" + deployment.server().port() + "/1v1-audio");
            var phones = new PhonesApi(client);

            var token = phones.issueToken("room1", APP, APP_VERSION, BUNDLE).getData();
            require(token.getTurn().getPassword().equals(token.getToken()), token);

            var users = phones.describeChannelUsers("room1", APP, APP_VERSION, BUNDLE)
                    .getData();
            require(users.getCommTotalNum() == 0 && users.getUserList().isEmpty(), users);

            deployment.sandbox().join("room1", token.getUserid());
            var start = phones.describeChannelStartTime("room1", APP, APP_VERSION, BUNDLE)
                    .getData();
            require(start.getChannelEndTimeTs() == start.getChannelStartTimeTs() + 3_600_000, start);

            var joined = phones.describeChannelUsers("room1", APP, APP_VERSION, BUNDLE)
                    .getData();
            require(joined.getUserList().equals(List.of(token.getUserid())), joined);

            try {
                throw new AssertionError(phones.issueToken("a b", APP, APP_VERSION, BUNDLE));
            } catch (ApiException e) {
                require(e.getCode() == 400 && e.getResponseBody().contains("\"code\":\"400\""), e);
            }
            System.out.println("The generated client passed: " + start);
        }
    }

    private static void require(boolean held, Object answer) {
        if (!held) {
            throw new AssertionError(answer);
        }
    }
}
