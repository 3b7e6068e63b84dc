package alirtc.appserver.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Reads bodies of requests, never more of one than is wanted, whatever its Content-Length says. */
final class RequestBody {
    private RequestBody() {}

    /**
     * Returns the whole body.
     *
     * @param longest how many bytes it may have
     * @param tooLong what a longer one is answered with
     * @throws ApiException if it is longer, or cannot be read
     */
    static byte[] read(HttpServletRequest request, int longest, ErrorCode tooLong) {
        if (request.getContentLengthLong() > longest) {
            throw rejected(longest, tooLong);
        }
        try {
            var bytes = request.getInputStream().readNBytes(longest + 1);
            if (bytes.length > longest) {
                throw rejected(longest, tooLong);
            }
            return bytes;
        } catch (IOException e) {
            throw new ApiException(ErrorCode.BAD_PARAMETER, "The body could not be read");
        }
    }

    private static ApiException rejected(int longest, ErrorCode tooLong) {
        return new ApiException(tooLong, "The body must be at most " + longest + " bytes long");
    }
}
