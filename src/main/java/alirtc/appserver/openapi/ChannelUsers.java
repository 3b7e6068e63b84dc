package alirtc.appserver.openapi;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who is in a channel, as the OpenAPI answered.
 *
 * @param requestId the upstream's own name for its answer
 * @param timestamp the upstream's clock at its answer; whole seconds
 * @param exists whether the upstream knows the channel; an emptied one goes on existing for some seconds
 * @param profile 1 communication, 2 live, 0 emptied
 * @param commTotalNum how many communicate
 * @param interactiveUserNum how many speak in a live channel
 * @param liveUserNum how many only listen in a live channel
 * @param userList the first 1000 who communicate
 * @param interactiveUserList the first 1000 who speak
 * @param liveUserList the first 1000 who listen
 */
public record ChannelUsers(
        String requestId,
        Instant timestamp,
        boolean exists,
        int profile,
        int commTotalNum,
        int interactiveUserNum,
        int liveUserNum,
        List<String> userList,
        List<String> interactiveUserList,
        List<String> liveUserList) {

    /** Copies the lists in. */
    public ChannelUsers {
        userList = List.copyOf(userList);
        interactiveUserList = List.copyOf(interactiveUserList);
        liveUserList = List.copyOf(liveUserList);
    }

    /** Returns whether the answer shows nobody at all: every count is zero and every list empty. */
    public boolean isEmpty() {
        return commTotalNum == 0
                && interactiveUserNum == 0
                && liveUserNum == 0
                && everyone().isEmpty();
    }

    /** Returns whether the answer names all whom it counts, so that who is not named is not there. */
    public boolean namesEveryone() {
        return commTotalNum <= userList.size()
                && interactiveUserNum <= interactiveUserList.size()
                && liveUserNum <= liveUserList.size();
    }

    /** Returns those whom the answer names, in whatever role, each once and in order. */
    public Set<String> everyone() {
        var everyone = new TreeSet<>(userList);
        everyone.addAll(interactiveUserList);
        everyone.addAll(liveUserList);
        return everyone;
    }
}
