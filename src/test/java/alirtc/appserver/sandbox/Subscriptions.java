package alirtc.appserver.sandbox;

import alirtc.appserver.config.Product;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The account's subscriptions to events. A change is matched with those about its channel and about all channels only.
 * Thread-safe.
 */
final class Subscriptions {
    private static final int MAX_LIVE = 20;
    private static final int MAX_LIVE_FOR_ALL_CHANNELS = 1;

    private final Product product;
    private final Map<String, Subscription> byId = new LinkedHashMap<>();
    private final Map<String, String> idsByClientToken = new HashMap<>();
    /** The ids of the subscriptions that are or were about a channel. */
    private final Map<String, Set<String>> idsByChannel = new HashMap<>();

    private int created;
    private long generation;

    Subscriptions(Product product) {
        this.product = product;
    }

    /** ApsaraVideo Live's limits for one application are reached. */
    static final class LimitReached extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * A subscription that a change is to be told to.
     *
     * @param terms those that hold for the channel
     */
    record Target(Subscription subscription, SubscriptionTerms terms) {}

    /**
     * Creates a subscription and returns its id, or that of the one that was created with the same token and not deleted
     * since.
     */
    synchronized String createOnce(String clientToken, SubscriptionTerms terms) {
        var known = idsByClientToken.get(clientToken);
        if (known != null) {
            return known;
        }
        var id = add(clientToken, terms);
        idsByClientToken.put(clientToken, id);
        return id;
    }

    /**
     * Creates a subscription and returns its id.
     *
     * @throws LimitReached if the application has as many as the product allows
     */
    synchronized String create(SubscriptionTerms terms) throws LimitReached {
        checkLimits(byId.values(), terms);
        return add("", terms);
    }

    /**
     * Changes a subscription for channels that come into being later, and returns whether there is such a one.
     *
     * @throws LimitReached if another one is about all channels already, and these terms are too
     */
    synchronized boolean update(String id, SubscriptionTerms terms) throws LimitReached {
        var subscription = byId.get(id);
        if (subscription == null) {
            return false;
        }
        checkLimits(byId.values().stream().filter(one -> !one.id().equals(id)).toList(), terms);
        generation++;
        byId.put(id, subscription.with(terms, generation));
        index(id, terms);
        return true;
    }

    /** Deletes a subscription and returns whether there was one. */
    synchronized boolean delete(String id) {
        var deleted = byId.remove(id);
        if (deleted == null) {
            return false;
        }
        idsByClientToken.remove(deleted.clientToken());
        for (var version : deleted.versions()) {
            var channel = version.terms().channel();
            idsByChannel.computeIfPresent(channel, (name, ids) -> {
                ids.remove(id);
                return ids.isEmpty() ? null : ids;
            });
        }
        return true;
    }

    synchronized void deleteAll() {
        byId.clear();
        idsByClientToken.clear();
        idsByChannel.clear();
    }

    /** Returns a snapshot of the subscriptions, the oldest first. */
    synchronized List<Subscription> all() {
        return List.copyOf(byId.values());
    }

    synchronized Optional<Subscription> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Returns the generation of channels that come into being now: it grows when terms change. */
    synchronized long generation() {
        return generation;
    }

    /** Returns whom to tell of a change in a channel of the generation, the oldest subscription first. */
    synchronized List<Target> targets(ChannelChange change, long generation) {
        var ids = new LinkedHashSet<>(idsByChannel.getOrDefault(SubscriptionTerms.ALL_CHANNELS, Set.of()));
        ids.addAll(idsByChannel.getOrDefault(change.channel(), Set.of()));
        var targets = new ArrayList<Target>();
        for (var id : ids) {
            find(id).map(one -> new Target(one, one.termsFor(generation)))
                    .filter(target -> target.terms().cover(change))
                    .ifPresent(targets::add);
        }
        targets.sort(Comparator.comparingInt(target -> target.subscription().number()));
        return targets;
    }

    private String add(String clientToken, SubscriptionTerms terms) {
        created++;
        var id = UUID.randomUUID().toString().replace("-", "");
        byId.put(id, new Subscription(id, created, clientToken, terms));
        index(id, terms);
        return id;
    }

    private void index(String id, SubscriptionTerms terms) {
        idsByChannel
                .computeIfAbsent(terms.channel(), channel -> new LinkedHashSet<>())
                .add(id);
    }

    private void checkLimits(Collection<Subscription> others, SubscriptionTerms terms) throws LimitReached {
        if (product != Product.LIVE) {
            return;
        }
        var forAllChannels =
                others.stream().filter(one -> one.terms().coversAllChannels()).count();
        if (others.size() >= MAX_LIVE || (terms.coversAllChannels() && forAllChannels >= MAX_LIVE_FOR_ALL_CHANNELS)) {
            throw new LimitReached();
        }
    }
}
