package alirtc.appserver.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import alirtc.appserver.auth.Jwts;

/** Somebody who proves who they are. */
final class JwtUser {
    static final String SECRET = "jwt-secret-nobody-must-see-0123456789-0123456789";

    private JwtUser() {}

    /** Asks for a token as a user. */
    static TestServer.Answer token(TestServer server, String user, String channel) throws Exception {
        return server.call("GET", "app/token?channelId=" + channel, "Authorization", "Bearer " + of(server, user));
    }

    /** Returns the user's JWT. */
    static String of(TestServer server, String user) {
        return Jwts.of(
                "{'alg':'HS256'}",
                "{'sub':'" + user + "','exp':$+600}",
                server.time().wall().instant(),
                Jwts.hmac(256, SECRET.getBytes(UTF_8)));
    }
}
