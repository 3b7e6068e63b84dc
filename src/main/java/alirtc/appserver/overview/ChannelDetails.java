package alirtc.appserver.overview;

import alirtc.appserver.call.Bars.Bar;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a channel that was asked for by name.
 *
 * @param call the call in it, which may be over
 * @param bars for whom no tokens are issued, and how long
 */
public record ChannelDetails(LiveCall call, List<Barred> bars) {

    /**
     * For how long no tokens are issued.
     *
     * @param user for whom; anybody, if empty
     * @param until by the steady clock
     */
    public record Barred(Optional<String> user, Instant until) {
        static Barred of(Bar bar) {
            return new Barred(Optional.ofNullable(bar.user()), bar.until());
        }
    }

    /**
     * Returns what is shown of a channel.
     *
     * @param rules what ends a call
     * @param now by the steady clock
     */
    static ChannelDetails of(ChannelState state, CallRules rules, Instant now) {
        return new ChannelDetails(
                LiveCall.of(state, rules, now),
                state.bars().at(now).all().stream().map(Barred::of).toList());
    }
}
