package alirtc.appserver.openapi;

import alirtc.appserver.token.ChannelId;
import java.util.List;

/**
 * A page of the list of an application's live channels. The list goes on changing while its pages are asked for.
 *
 * @param total how many live channels there are on all pages; not negative
 * @param channels those of this page; what no channel of ours can be called is left out
 */
public record LiveChannels(int total, List<ChannelId> channels) {
    /** So many channels a page has, but for the last one. */
    public static final int PAGE_SIZE = 100;

    /** Copies the list in. */
    public LiveChannels {
        channels = List.copyOf(channels);
    }
}
