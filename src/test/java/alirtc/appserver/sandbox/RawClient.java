package alirtc.appserver.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.aliyuncs.auth.RpcSignatureComposer;
import com.aliyuncs.auth.signers.HmacSHA1Signer;
import com.aliyuncs.http.MethodType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Sends requests to a sandbox over bare sockets, signing with the SDK's own signer. */
final class RawClient {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int READ_TIMEOUT_MILLIS = 10_000;

    private final URI endpoint;
    private final Account account;
    private final InstantSource clock;

    RawClient(URI endpoint, Account account, InstantSource clock) {
        this.endpoint = endpoint;
        this.account = account;
        this.clock = clock;
    }

    /** An answer as it came, with the head undivided. */
    record Answer(String head, String body) {

        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        JsonNode json() throws IOException {
            return MAPPER.readTree(body);
        }
    }

    /** Returns the parameters of a valid request, to be signed after any change. */
    Map<String, String> parameters(String action, String channel) {
        var parameters = new TreeMap<String, String>();
        parameters.put("Action", action);
        parameters.put("Version", "2018-01-11");
        parameters.put("Format", "JSON");
        parameters.put("RegionId", "cn-hangzhou");
        parameters.put("AccessKeyId", account.accessKeyId());
        parameters.put("SignatureMethod", "HMAC-SHA1");
        parameters.put("SignatureVersion", "1.0");
        parameters.put("SignatureNonce", UUID.randomUUID().toString());
        parameters.put(
                "Timestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        parameters.put("AppId", account.appId());
        parameters.put("ChannelId", channel);
        parameters.put("UserId", "1");
        return parameters;
    }

    /** Returns the parameters with their signature, in the form of a query. */
    String signed(MethodType method, Map<String, String> parameters) {
        var signer = new HmacSHA1Signer();
        var stringToSign = RpcSignatureComposer.getComposer()
                .composeStringToSign(method, "/", signer, parameters, Map.of(), Map.of());
        var all = new TreeMap<>(parameters);
        all.put("Signature", signer.signString(stringToSign, account.accessKeySecret() + "&"));
        return all.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    Socket connect() throws IOException {
        var socket = new Socket(endpoint.getHost(), endpoint.getPort());
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    /** Sends a valid request and leaves its answer to be read. */
    Socket send(String action, String channel) throws IOException {
        var socket = connect();
        send(socket, get(signed(MethodType.GET, parameters(action, channel)), "close"));
        return socket;
    }

    static void send(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    }

    static String get(String query, String connection) {
        return "GET /?" + query + " HTTP/1.1\r\nHost: rtc.test\r\nConnection: " + connection + "\r\n\r\n";
    }

    Answer request(String action, String channel) throws IOException {
        return request(parameters(action, channel));
    }

    Answer request(Map<String, String> parameters) throws IOException {
        return exchange(get(signed(MethodType.GET, parameters), "close"));
    }

    /** Sends the text as it is and reads to the end of the connection. */
    Answer exchange(String request) throws IOException {
        try (var socket = connect()) {
            send(socket, request);
            return answer(socket);
        }
    }

    static Answer answer(Socket socket) throws IOException {
        var text = new String(socket.getInputStream().readAllBytes(), UTF_8);
        var end = text.indexOf("\r\n\r\n");
        return new Answer(text.substring(0, end), text.substring(end + 4));
    }
}
