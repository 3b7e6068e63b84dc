package alirtc.appserver.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * A subscription with all the terms that it had: channels that existed before a change keep the terms of that time.
 *
 * @param id by which clients name it
 * @param number of the subscription since the start, from 1
 * @param clientToken by which a repeated creation is recognised; empty where the product has none
 * @param versions in the order they were set; never empty
 */
record Subscription(String id, int number, String clientToken, List<Version> versions) {

    /**
     * Terms, and since when they hold.
     *
     * @param generation the first one of channels that they hold for
     */
    record Version(SubscriptionTerms terms, long generation) {}

    Subscription {
        versions = List.copyOf(versions);
    }

    Subscription(String id, int number, String clientToken, SubscriptionTerms terms) {
        this(id, number, clientToken, List.of(new Version(terms, 0)));
    }

    /** Returns the terms that were set last. */
    SubscriptionTerms terms() {
        return versions.get(versions.size() - 1).terms();
    }

    /** Returns the terms that hold for channels of the generation. */
    SubscriptionTerms termsFor(long generation) {
        var terms = versions.get(0).terms();
        for (var version : versions) {
            if (version.generation() <= generation) {
                terms = version.terms();
            }
        }
        return terms;
    }

    Subscription with(SubscriptionTerms terms, long generation) {
        var more = new ArrayList<>(versions);
        more.add(new Version(terms, generation));
        return new Subscription(id, number, clientToken, more);
    }
}
