package alirtc.appserver.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For how long the operator wants no tokens to be issued in a channel: for anybody, or for certain users. Immutable; all
 * times are by the steady clock.
 *
 * @param all each of another user, at most {@value #MAX}
 */
public record Bars(List<Bar> all) {
    /** Nobody is barred. */
    public static final Bars NONE = new Bars(List.of());

    /** So many a channel may have: what is known of it stays small. */
    public static final int MAX = 32;

    /**
     * For how long no token is issued.
     *
     * @param user for whom; none if for anybody
     * @param until the first moment at which one is issued again
     */
    public record Bar(@Nullable String user, Instant until) {}

    /** Copies the list in. */
    public Bars {
        all = List.copyOf(all);
    }

    /** Returns whether there is none, not even one whose time is over. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** Returns whether no token may be issued for a user. */
    public boolean bars(String user, Instant at) {
        // Without a stream: this is asked at every token.
        for (var bar : all) {
            if (bar.until.isAfter(at) && (bar.user == null || bar.user.equals(user))) {
                return true;
            }
        }
        return false;
    }

    /** Returns when the last of them is over, if there is one. */
    public Optional<Instant> end() {
        return all.stream().map(Bar::until).max(Instant::compareTo);
    }

    /** Returns those whose time is not over. */
    public Bars at(Instant now) {
        return all.stream().allMatch(bar -> bar.until.isAfter(now))
                ? this
                : new Bars(all.stream().filter(bar -> bar.until.isAfter(now)).toList());
    }

    /** Returns these with one more, which replaces an earlier one of its user; nothing if there are too many already. */
    public Optional<Bars> with(Bar bar, Instant now) {
        var next = new ArrayList<Bar>();
        for (var one : at(now).all) {
            boolean same = one.user == null ? bar.user == null : one.user.equals(bar.user);
            if (!same) {
                next.add(one);
            }
        }
        next.add(bar);
        return next.size() > MAX ? Optional.empty() : Optional.of(new Bars(next));
    }
}
