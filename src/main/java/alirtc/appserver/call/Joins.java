package alirtc.appserver.call;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What those in a channel told of when they joined.
 *
 * @param askedAt when they were asked: all of them were there then or later
 * @param earliest when the first of them joined, to the second and by the steady clock
 * @param members who told; each was present from its time on for sure; at least one
 */
public record Joins(Instant askedAt, Instant earliest, List<Member> members) {

    /** Copies the members in. */
    public Joins {
        members = List.copyOf(members);
    }

    /** Returns from when on somebody was present for sure. */
    Instant presentSince() {
        return members.stream().map(Member::presentSince).min(Comparator.naturalOrder()).orElse(Instant.MAX);
    }

    /** Returns a member with the earlier of the times that are known. */
    Member improved(Member member) {
        return members.stream()
                .filter(told -> told.user().equals(member.user())
                        && told.presentSince().isBefore(member.presentSince()))
                .findFirst()
                .orElse(member);
    }
}
