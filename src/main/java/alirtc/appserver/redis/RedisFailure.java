package alirtc.appserver.redis;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Why there was no good answer, in words that hold nothing secret: some servers repeat a command with its password, so
 * that nothing of their text is shown but the word that it begins with.
 *
 * @param kind what follows from it
 * @param reason it in words, to go on after "Redis cannot be asked: "
 */
record RedisFailure(Kind kind, String reason) {

    /** What follows from a failure. */
    enum Kind {
        /** The connection was closed, or none could be opened. */
        DISCONNECTED,
        /** The server does not take commands any more, or not yet: another has taken over, or will. */
        FAILED_OVER,
        /** Nobody knows whether it was done. */
        TIMED_OUT,
        /** The server has no room for what is written. */
        FULL,
        /** A key holds what is not ours. */
        FOREIGN,
        /** The server is there, and refuses. */
        REFUSED
    }

    private static final Pattern CODE = Pattern.compile("[A-Z]{1,32}");

    /** The words that count wherever they are: older servers put them behind where in a script it was. */
    private static final Pattern INNER_CODE =
            Pattern.compile("(?:^|[ -])(READONLY|MASTERDOWN|LOADING|UNBLOCKED|NOREPLICAS|OOM|WRONGTYPE) ");

    private static final Set<String> FAILED_OVER =
            Set.of("READONLY", "MASTERDOWN", "LOADING", "UNBLOCKED", "NOREPLICAS");

    private static final Pattern ALERT = Pattern.compile("fatal alert: ([a-z_]{1,64})");

    /** Returns what to make of a failure. */
    static RedisFailure of(JedisException failure) {
        var chain = chain(failure);
        var refusal = find(chain, JedisDataException.class);
        return refusal.isPresent() ? refused(String.valueOf(refusal.get().getMessage())) : unanswered(chain);
    }

    private static RedisFailure refused(String message) {
        var inner = INNER_CODE.matcher(message);
        var first = CODE.matcher(message);
        var code = inner.find() ? inner.group(1) : first.lookingAt() ? first.group() : "an error";
        if (FAILED_OVER.contains(code)) {
            return new RedisFailure(Kind.FAILED_OVER, "it refuses with " + code);
        }
        return switch (code) {
            case "OOM" -> new RedisFailure(Kind.FULL, "it is full");
            case "WRONGTYPE" -> new RedisFailure(Kind.FOREIGN, "it refuses with " + code);
            default ->
                new RedisFailure(
                        Kind.REFUSED,
                        message.contains("unknown command")
                                ? "it does not know a command that Redis has; a Sentinel does not"
                                : "it refuses with " + code);
        };
    }

    private static RedisFailure unanswered(Collection<Throwable> chain) {
        if (find(chain, SSLException.class).isPresent()) {
            return new RedisFailure(Kind.DISCONNECTED, encryption(chain));
        }
        if (find(chain, UnknownHostException.class).isPresent()) {
            return new RedisFailure(Kind.DISCONNECTED, "its host name is not known");
        }
        if (find(chain, SocketTimeoutException.class).isPresent()) {
            return new RedisFailure(Kind.TIMED_OUT, "no answer in time");
        }
        if (find(chain, ConnectException.class).isPresent()) {
            return new RedisFailure(Kind.DISCONNECTED, "nothing listens there");
        }
        return new RedisFailure(
                Kind.DISCONNECTED,
                chain.stream()
                                .anyMatch(cause ->
                                        String.valueOf(cause.getMessage()).startsWith("Unknown reply"))
                        ? "it does not answer as Redis does; with TLS its address begins with rediss://"
                        : "no connection");
    }

    private static String encryption(Collection<Throwable> chain) {
        if (find(chain, InvalidAlgorithmParameterException.class).isPresent()) {
            return "Java has no certificates to trust, see javax.net.ssl.trustStore";
        }
        if (find(chain, CertificateExpiredException.class).isPresent()) {
            return "its certificate has expired";
        }
        if (find(chain, CertPathBuilderException.class).isPresent()
                || find(chain, CertPathValidatorException.class).isPresent()) {
            return "its certificate is not one that Java trusts";
        }
        if (find(chain, CertificateException.class).isPresent()) {
            return "its certificate is for another host name";
        }
        var alert = ALERT.matcher(find(chain, SSLException.class)
                .map(Throwable::getMessage)
                .map(String::valueOf)
                .orElse(""));
        return "the TLS handshake fails"
                + (alert.find() ? " with " + alert.group(1) : "; without TLS its address begins with redis://");
    }

    private static <T> Optional<T> find(Collection<Throwable> chain, Class<T> type) {
        return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /** Returns a failure with all that caused it: of several addresses of a host, each failed for a reason of its own. */
    private static Collection<Throwable> chain(Throwable failure) {
        var chain = new LinkedHashSet<Throwable>();
        var open = new ArrayDeque<>(List.of(failure));
        while (!open.isEmpty()) {
            var next = open.poll();
            if (chain.add(next)) {
                open.addAll(List.of(next.getSuppressed()));
                Optional.ofNullable(next.getCause()).ifPresent(open::add);
            }
        }
        return chain;
    }

    /** Returns whether the connection, and those opened before, are of no use any more. */
    boolean isOfConnection() {
        return kind == Kind.FAILED_OVER || kind == Kind.DISCONNECTED || kind == Kind.TIMED_OUT;
    }

    /** Returns whether there is a good answer on another connection, perhaps. */
    boolean isWorthAnotherConnection() {
        return kind == Kind.FAILED_OVER || kind == Kind.DISCONNECTED;
    }

    RedisException toException() {
        return new RedisException(reason, kind == Kind.DISCONNECTED || kind == Kind.TIMED_OUT);
    }
}
