package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.TestPolicies;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Plays random histories of one channel with seats against the registry: users take tokens, come in time or not at all,
 * leave, and some take a token again. Answers of the upstream are lost, late and repeated, and leave out people who are
 * there; but never twice in a row with the gap between, which nothing could see through.
 */
class SeatsModelTest {
    private static final int RUNS = 500;
    private static final ChannelId CHANNEL = new ChannelId("room1");
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    /** An answer under way. */
    private record Answer(Instant arrivesAt, Observation look, boolean lost, boolean lies) {}

    /** The world of one run. */
    private static final class World extends History {
        final Random random;
        final SeatPolicy rules;
        final List<AwaitedRegistry> servers;
        AwaitedRegistry registry;
        Instant now = START;

        final Set<String> present = new TreeSet<>();
        final Map<String, Instant> joining = new TreeMap<>();

        /** Whose token is out while the user has neither come, nor had the time to be given up. */
        final Map<String, Instant> onTheWay = new TreeMap<>();

        final List<Answer> underWay = new ArrayList<>();
        final Set<String> known = new HashSet<>();
        int users;
        int refused;
        boolean away;

        @Nullable
        Instant liedAt;

        Instant lastLieAt = START;

        World(long seed, Stores stores) {
            random = new Random(seed);
            var ttl = Duration.ofSeconds(5 + random.nextInt(90));
            rules = new SeatPolicy(1 + random.nextInt(3), ttl, Duration.ofHours(1));
            servers = stores.open(CallRules.NONE, 10, TestPolicies.seats(rules), () -> now);
            registry = servers.get(0);
        }

        @Override
        void step() {
            if (servers.size() > 1) {
                registry = servers.get(random.nextInt(servers.size()));
            }
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> token("u" + users++);
                case 3 ->
                    known.stream()
                            .skip(random.nextInt(1 + known.size()))
                            .findFirst()
                            .ifPresent(this::token);
                case 4 -> leave();
                case 5 -> ask();
                case 6 -> pass(Duration.ofMillis(random.nextInt(90_000)));
                case 7 -> away = random.nextInt(4) == 0;
                default -> pass(Duration.ofMillis(random.nextInt(6_000)));
            }
        }

        void token(String user) {
            now = now.plusMillis(1);
            boolean held = holds(user);
            var call = registry.tokenIssued(CHANNEL, new UserId(user), now).orElseThrow();
            boolean granted = call.seats().holds(user);
            note(() -> (granted ? "token for " : "refused ") + user);
            if (held) {
                assertTrue(granted, "a user who has a seat is turned away");
            }
            if (!granted) {
                assertEquals(rules.max(), call.seats().held().size(), "turned away though a seat is free");
                refused++;
                return;
            }
            known.add(user);
            if (!present.contains(user)) {
                onTheWay.put(user, now.plus(rules.ttl()));
                if (random.nextInt(4) > 0) {
                    long latest = rules.ttl().toMillis() - 1;
                    joining.put(user, now.plusMillis((long) (random.nextDouble() * latest)));
                } else {
                    joining.remove(user);
                }
            }
            if (random.nextInt(8) > 0) {
                ask();
            }
            observe();
        }

        boolean holds(String user) {
            return registry.find(CHANNEL).map(call -> call.seats().holds(user)).orElse(false);
        }

        void leave() {
            present.stream()
                    .skip(random.nextInt(1 + present.size()))
                    .findFirst()
                    .ifPresent(user -> {
                        note(() -> user + " leaves");
                        present.remove(user);
                        onTheWay.remove(user);
                    });
        }

        /** Sends a question: its answer shows the channel as it is now, or leaves somebody out. */
        void ask() {
            now = now.plusMillis(1);
            boolean mayLie = liedAt == null || now.isBefore(liedAt.plus(Observation.CONFIRMATION_GAP));
            var shown = new TreeSet<>(present);
            if (mayLie && random.nextInt(5) == 0) {
                shown.removeIf(user -> random.nextBoolean());
            }
            boolean lies = shown.size() < present.size();
            if (lies) {
                liedAt = liedAt == null ? now : liedAt;
                lastLieAt = now;
            }
            var look = new Observation(now, now, ShownUsers.users(shown.toArray(String[]::new)));
            boolean late = random.nextInt(8) == 0;
            var arrivesAt = now.plusMillis(20 + random.nextInt(late ? 20_000 : 300));
            var answer = new Answer(arrivesAt, look, away || random.nextInt(8) == 0, lies);
            underWay.add(answer);
            if (random.nextInt(10) == 0) {
                underWay.add(new Answer(arrivesAt.plusSeconds(2), look, away, lies));
            }
        }

        void pass(Duration time) {
            var end = now.plus(time);
            while (now.isBefore(end)) {
                now = now.plusMillis(250).isBefore(end) ? now.plusMillis(250) : end;
                joining.entrySet().removeIf(entry -> {
                    if (entry.getValue().isAfter(now)) {
                        return false;
                    }
                    var user = entry.getKey();
                    note(() -> user + " comes");
                    present.add(user);
                    return true;
                });
                onTheWay.values().removeIf(until -> !until.isAfter(now));
                arrive();
                registry.due().forEach(state -> ask());
                observe();
            }
        }

        void arrive() {
            var arrived = underWay.stream()
                    .filter(answer -> !answer.arrivesAt.isAfter(now))
                    .sorted(Comparator.comparing(Answer::arrivesAt))
                    .toList();
            underWay.removeAll(arrived);
            for (var answer : arrived) {
                note(() -> (answer.lost ? "lost " : "answer ") + answer.look);
                if (answer.lost) {
                    registry.lookupFailed(CHANNEL);
                    continue;
                }
                var before = registry.find(CHANNEL);
                registry.observed(CHANNEL, answer.look);
                boolean counted = before.map(call -> !answer.look
                                .askedAt()
                                .isBefore(call.call().evidence().observedAt()))
                        .orElse(true);
                if (liedAt != null
                        && counted
                        && !answer.lies
                        && answer.look.askedAt().isAfter(lastLieAt)) {
                    liedAt = null;
                }
                observe();
            }
        }

        void observe() {
            var call = registry.find(CHANNEL);
            var there = List.copyOf(present);
            note(() -> "present " + there + ", registry " + call);
            int seats = call.map(known -> known.seats().held().size()).orElse(0);
            assertTrue(seats <= rules.max(), "more seats than there are");
            assertTrue(present.size() <= rules.max(), "more people than seats");
            for (var user : present) {
                assertTrue(holds(user), () -> user + " is there and lost the seat");
            }
            for (var user : onTheWay.keySet()) {
                assertTrue(holds(user), () -> user + " is on the way and lost the seat");
            }
            assertTrue(call.map(known -> known.seats().unseated().isEmpty()).orElse(true), "everybody had a seat");
        }

        void note(Supplier<String> event) {
            note(Duration.between(START, now), event);
        }

        @Override
        AwaitedRegistry registry() {
            return registry;
        }

        @Override
        void quiet() {
            away = false;
            present.clear();
            joining.clear();
            onTheWay.clear();
            pass(rules.ttl().plus(Duration.ofMinutes(5)));
        }
    }

    @Test
    void memory_randomHistories_areNeverTooManyNorLostNorKept() {
        try (var memory = Stores.memory()) {
            play(memory, RUNS);
        }
    }

    @Test
    void redis_randomHistoriesOnTwoServers_areNeverTooManyNorLostNorKept() {
        try (var redis = Stores.redis()) {
            play(redis, RUNS / 250);
        }
    }

    private static void play(Stores stores, int runs) {
        int refused = History.play(
                stores,
                runs,
                seed -> new World(seed, stores),
                world -> world.refused,
                "an abandoned channel keeps its seats");
        assertFalse(refused == 0, "no history filled its channel");
    }
}
