package alirtc.appserver.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * What {@code RemoveTerminals} of both products does, and tells of each user. The code of one who is not in the channel is
 * the sandbox's own choice.
 *
 * @see <a href="https://help.aliyun.com/document_detail/118409.html">the vendor's reference</a>
 */
final class RemovedTerminals {
    private static final int DONE = 0;
    private static final int NOT_THERE = 404;

    private RemovedTerminals() {}

    /** Removes the users whom a request names, and returns what became of each. */
    static ArrayNode remove(HttpRequest request, Channels channels) {
        var terminals = JsonNodeFactory.instance.arrayNode();
        for (var user : request.list("TerminalIds")) {
            boolean removed = channels.leave(request.parameter("ChannelId"), user);
            terminals
                    .addObject()
                    .put("Id", user)
                    .put("Code", removed ? DONE : NOT_THERE)
                    .put("Message", removed ? "Success" : "Failed");
        }
        return terminals;
    }
}
