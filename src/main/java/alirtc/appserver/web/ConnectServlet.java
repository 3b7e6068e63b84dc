package alirtc.appserver.web;

import alirtc.appserver.auth.Caller;
import alirtc.appserver.config.Network;
import io.nayuki.qrcodegen.QrCode;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * GET /app/connect?page= answers under which addresses a phone reaches the page, each with a QR code. That is the address
 * under which the browser has it; only to a browser on this very machine the machine's own addresses are told, since
 * 127.0.0.1 on a phone is the phone.
 */
public final class ConnectServlet extends JsonServlet {
    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 200;

    /** The page shows it to whoever sees the page. */
    @Override
    boolean isForAnybody() {
        return true;
    }

    @Override
    CompletableFuture<?> answer(HttpServletRequest request, Caller caller) {
        var page = new QueryParameters(request.getQueryString()).required("page", ConnectServlet::page);
        if (!page.getHost().equalsIgnoreCase(request.getServerName())) {
            throw new ApiException(ErrorCode.BAD_PARAMETER, "page must be an address of this server");
        }
        var loopback = isLoopback(page.getHost());
        var addresses =
                !loopback ? List.of(page) : isFromThisMachine(request) ? inNetworks(request, page) : List.<URI>of();
        return CompletableFuture.completedFuture(new ConnectData(
                loopback, addresses.stream().map(AddressData::of).toList()));
    }

    private static URI page(String text) {
        try {
            var page = new URI(text);
            if (text.length() <= MAX_LENGTH
                    && page.getHost() != null
                    && List.of("http", "https").contains(page.getScheme())
                    && page.getRawUserInfo() == null
                    && page.getRawQuery() == null
                    && page.getRawFragment() == null) {
                return page;
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "page must be an http or https address of at most " + MAX_LENGTH + " characters, without query");
    }

    private static boolean isLoopback(String host) {
        var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return bare.toLowerCase(Locale.ROOT).equals("localhost")
                || Network.address(bare).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    private static boolean isFromThisMachine(HttpServletRequest request) {
        var attributes = attributes(request);
        return attributes.forwardedFor().isEmpty() && isLoopback(attributes.connection());
    }

    private static List<URI> inNetworks(HttpServletRequest request, URI page) {
        return ContextParts.require(request.getServletContext(), LanAddresses.class).all().get().stream()
                .map(address -> withHost(page, address))
                .toList();
    }

    private static URI withHost(URI page, String address) {
        var port = page.getPort() < 0 ? "" : ":" + page.getPort();
        return URI.create(page.getScheme() + "://" + address + port + page.getRawPath());
    }

    /**
     * How a phone reaches the page.
     *
     * @param loopback whether the browser has it under an address that leads phones to themselves
     * @param addresses those that lead here, the likeliest first; none if none is known
     */
    private record ConnectData(boolean loopback, List<AddressData> addresses) {}

    /**
     * An address to scan.
     *
     * @param qr the rows of its QR code: 1 is dark, 0 is light
     */
    private record AddressData(String url, List<String> qr) {

        static AddressData of(URI address) {
            var code = QrCode.encodeText(address.toString(), QrCode.Ecc.MEDIUM);
            return new AddressData(
                    address.toString(),
                    IntStream.range(0, code.size).mapToObj(y -> row(code, y)).toList());
        }

        private static String row(QrCode code, int y) {
            return IntStream.range(0, code.size)
                    .mapToObj(x -> code.getModule(x, y) ? "1" : "0")
                    .collect(Collectors.joining());
        }
    }
}
