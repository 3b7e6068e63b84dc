package alirtc.appserver.openapi;

import alirtc.appserver.config.Credentials;
import alirtc.appserver.config.UpstreamConfig;
import alirtc.appserver.metrics.Metrics;
import alirtc.appserver.openapi.RtcException.Kind;
import com.aliyuncs.AcsRequest;
import com.aliyuncs.AcsResponse;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.auth.AlibabaCloudCredentials;
import com.aliyuncs.auth.AlibabaCloudCredentialsProvider;
import com.aliyuncs.auth.BasicCredentials;
import com.aliyuncs.auth.DefaultCredentialsProvider;
import com.aliyuncs.auth.InstanceProfileCredentialsProvider;
import com.aliyuncs.auth.StaticCredentialsProvider;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.FormatType;
import com.aliyuncs.http.HttpClientConfig;
import com.aliyuncs.http.HttpResponse;
import com.aliyuncs.http.HttpUtil;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import com.aliyuncs.profile.IClientProfile;
import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.http.HttpResponseInterceptor;
import org.apache.http.impl.client.HttpClientBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vendor's SDK, one shared client of it, kept from hanging and from leaking: every call ends within
 * {@value #CALL_LIMIT_MILLIS} ms, unless looking up the host's name takes longer, which cannot be cut; and what the SDK throws becomes an {@link RtcException} without its text, which can
 * hold a signed address. Thread-safe.
 */
public final class SdkClient implements AutoCloseable {
    /** The longest an exchange may take in all, far below the 8 s after which an iPhone gives up. */
    static final int CALL_LIMIT_MILLIS = 4000;

    private static final int CONNECT_TIMEOUT_MILLIS = 1500;
    private static final int READ_TIMEOUT_MILLIS = 3000;
    private static final int POOL_WAIT_MILLIS = 500;
    private static final String OK = "ok";
    private static final String DEFECT = "defect";

    /** All that can come of a request that is sent. */
    private static final List<String> OUTCOMES = Stream.concat(
                    Stream.of(OK, DEFECT),
                    Arrays.stream(Kind.values()).filter(Kind::wasSent).map(SdkClient::outcome))
            .toList();

    private static final Logger LOG = LoggerFactory.getLogger(SdkClient.class);

    private final UpstreamConfig config;
    private final int connections;
    private final ScheduledExecutorService scheduler;
    private final Metrics metrics;
    private final Object lock = new Object();
    private @Nullable DefaultAcsClient client;
    private boolean closed;

    /**
     * Prepares a client; the SDK itself, which takes half a second, is loaded at its first use.
     *
     * @param connections how many requests may run at a time
     * @param scheduler cuts requests that take too long; not closed here
     * @param metrics count every request
     */
    public SdkClient(UpstreamConfig config, int connections, ScheduledExecutorService scheduler, Metrics metrics) {
        this.config = config;
        this.connections = connections;
        this.scheduler = scheduler;
        this.metrics = metrics;
    }

    /** Has the outcomes of all requests for these actions counted from the start. */
    void expect(List<String> actions) {
        for (var action : actions) {
            OUTCOMES.forEach(outcome -> metrics.expectUpstreamRequests(action, outcome));
        }
    }

    /** Loads the SDK and its credentials ahead of the first request, and logs if either fails. */
    public void warmUp() {
        try {
            client().getCredentialsProvider().getCredentials();
        } catch (RtcException | ClientException | RuntimeException e) {
            LOG.warn(
                    "The credentials for the OpenAPI cannot be had yet ({})",
                    e.getClass().getSimpleName());
        }
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @throws RtcException if there is no good answer; its message names the upstream's error code at most
     */
    <T extends AcsResponse> T call(AcsRequest<T> request) throws RtcException {
        long sentAt = System.nanoTime();
        var outcome = DEFECT;
        try {
            var answer = send(request);
            outcome = OK;
            return answer;
        } catch (RtcException e) {
            outcome = outcome(e.kind());
            throw e;
        } finally {
            metrics.upstreamRequest(request.getSysActionName(), outcome, System.nanoTime() - sentAt);
        }
    }

    private static String outcome(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private <T extends AcsResponse> T send(AcsRequest<T> request) throws RtcException {
        request.setSysConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        request.setSysReadTimeout(READ_TIMEOUT_MILLIS);
        var action = request.getSysActionName();
        var shared = client();
        try (var deadline = BoundedExchange.open()) {
            var timer = scheduler.schedule(deadline, CALL_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
            try {
                return shared.getAcsResponse(request);
            } catch (ClientException e) {
                throw deadline.hasPassed() ? timeout(action) : SdkFailure.of(action, e);
            } catch (RuntimeException e) {
                throw new RtcException(Kind.MALFORMED, action + ": the upstream's answer makes no sense");
            } finally {
                timer.cancel(false);
            }
        }
    }

    /** Closes the SDK's connections and ends its threads. Later requests fail. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (client != null) {
                try {
                    client.getHttpClient().close();
                } catch (IOException e) {
                    LOG.warn("The SDK's connections could not be closed", e);
                }
                client = null;
            }
        }
    }

    private static RtcException timeout(String action) {
        return new RtcException(Kind.TIMEOUT, action + ": no answer within " + CALL_LIMIT_MILLIS + " ms");
    }

    private DefaultAcsClient client() throws RtcException {
        synchronized (lock) {
            if (closed) {
                throw new RtcException(Kind.UNAVAILABLE, "the server is stopping");
            }
            if (client == null) {
                client = build();
            }
            return client;
        }
    }

    private DefaultAcsClient build() {
        // In the environment DEBUG=sdk makes the SDK log signed addresses.
        HttpUtil.setIsHttpDebug(false);
        HttpUtil.setIsHttpContentDebug(false);
        URI endpoint = config.endpoint();
        var http = HttpClientConfig.getDefault();
        http.setProtocolType("https".equals(endpoint.getScheme()) ? ProtocolType.HTTPS : ProtocolType.HTTP);
        http.setConnectionTimeoutMillis(CONNECT_TIMEOUT_MILLIS);
        http.setReadTimeoutMillis(READ_TIMEOUT_MILLIS);
        // What the SDK calls the write timeout is the wait for a pooled connection.
        http.setWriteTimeoutMillis(POOL_WAIT_MILLIS);
        http.setMaxRequests(connections);
        http.setMaxRequestsPerHost(connections);
        if ("http".equals(endpoint.getScheme())) {
            // A stand-in on this machine is not behind the proxy that HTTP_PROXY names.
            http.setNoProxy(endpoint.getHost());
        }
        var exchange = new BoundedExchange();
        http.setExtParam(
                "apache.httpclient.builder",
                HttpClientBuilder.create()
                        .setRequestExecutor(exchange)
                        .addInterceptorLast((HttpResponseInterceptor) exchange)
                        .disableRedirectHandling()
                        .disableCookieManagement()
                        .disableAuthCaching());
        var profile = DefaultProfile.getProfile(config.regionId());
        profile.setHttpClientConfig(http);
        var built = new WithOneGson(profile, new OneAtATime(provider(config.credentials())));
        built.setEndpointResolver(request -> endpoint.getRawAuthority());
        return built;
    }

    private static AlibabaCloudCredentialsProvider provider(Credentials credentials) {
        if (credentials instanceof Credentials.AccessKey pair) {
            return new StaticCredentialsProvider(
                    new BasicCredentials(pair.id().value(), pair.secret().value()));
        }
        if (credentials instanceof Credentials.EcsRole role) {
            return new InstanceProfileCredentialsProvider(role.name());
        }
        try {
            return new DefaultCredentialsProvider();
        } catch (ClientException e) {
            throw new IllegalStateException("The SDK's default credentials cannot be set up");
        }
    }

    /** The SDK's client, but for one Gson: its own makes one for each answer, and looks at the answer's class anew. */
    private static final class WithOneGson extends DefaultAcsClient {
        private static final Gson GSON = new Gson();

        WithOneGson(IClientProfile profile, AlibabaCloudCredentialsProvider credentials) {
            super(profile, credentials);
        }

        /** Throws a {@link JsonParseException} if fields have other types than they should. */
        @Override
        protected <T extends AcsResponse> T readResponse(Class<T> type, HttpResponse answer, FormatType format)
                throws ClientException {
            return GSON.fromJson(answer.getHttpContentString(), type);
        }
    }

    /**
     * Lets one thread at a time fetch credentials: the SDK's own providers are not synchronized, and many threads at
     * first use would make as many fetches.
     *
     * @param provider the SDK's own
     */
    private record OneAtATime(AlibabaCloudCredentialsProvider provider) implements AlibabaCloudCredentialsProvider {
        @Override
        public synchronized AlibabaCloudCredentials getCredentials() throws ClientException {
            try {
                return provider.getCredentials();
            } catch (ClientException | RuntimeException e) {
                throw new ClientException(
                        SdkFailure.NO_CREDENTIALS, e.getClass().getSimpleName());
            }
        }
    }
}
