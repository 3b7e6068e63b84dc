package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Plays random histories of one channel against the registry, and holds what it says against the truth: who really was
 * in the channel. Answers of the upstream are lost, late, repeated, and lie that nobody is there; but never twice in a
 * row with the gap between, which nothing could see through.
 */
class CallModelTest {
    private static final int RUNS = 4000;
    private static final ChannelId CHANNEL = new ChannelId("room1");
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    /** An answer under way. */
    private record Answer(Instant arrivesAt, Observation look, Set<String> truth, boolean lost) {}

    /** The world of one run. */
    private static final class World extends History {
        final Random random;
        final Stores stores;
        final Optional<Duration> limit;
        final Duration tokenTtl = Duration.ofMinutes(11);
        Instant now = START;
        List<AwaitedRegistry> servers;
        AwaitedRegistry registry;

        final Map<String, Instant> present = new TreeMap<>();
        final Map<String, Instant> joining = new TreeMap<>();
        final Map<String, Instant> issued = new TreeMap<>();
        final List<Answer> underWay = new ArrayList<>();
        Set<String> observedAt = Set.of();
        int users;
        Instant emptyUntil = START;

        @Nullable
        Instant liedAt;

        Instant lastLieAt = START;

        Instant deletedAt = Instant.MIN;

        @Nullable
        ChannelState before;

        int checked;

        World(long seed, Stores stores) {
            this.stores = stores;
            random = new Random(seed);
            limit = random.nextBoolean() ? Optional.of(Duration.ofMinutes(10)) : Optional.empty();
            servers = servers();
            registry = servers.get(0);
        }

        InstantSource clock() {
            return () -> now;
        }

        List<AwaitedRegistry> servers() {
            return stores.open(limit, 10, SeatPolicy.UNLIMITED, clock());
        }

        @Override
        void step() {
            if (servers.size() > 1) {
                registry = servers.get(random.nextInt(servers.size()));
            }
            switch (random.nextInt(12)) {
                case 0, 1 -> token();
                case 2 -> leave();
                case 3 -> ask(Optional.empty());
                case 4 -> pass(Duration.ofMillis(random.nextInt(120_000)));
                case 5 -> restart();
                default -> pass(Duration.ofMillis(random.nextInt(6_000)));
            }
        }

        void token() {
            var user = "u" + users++;
            note(() -> "token for " + user);
            issued.put(user, now);
            registry.tokenIssued(CHANNEL, new UserId(user), now);
            observe();
            if (random.nextInt(5) > 0) {
                joining.put(user, now.plusMillis(100 + random.nextInt(15_000)));
            }
            ask(Optional.of(now));
        }

        void leave() {
            present.keySet().stream().findFirst().ifPresent(present::remove);
            noteEmpty();
        }

        void noteEmpty() {
            if (present.isEmpty()) {
                emptyUntil = now;
            }
        }

        /** Sends a question: its answer shows the channel as it is now, or lies. */
        void ask(Optional<Instant> tokenAt) {
            now = now.plusMillis(1);
            boolean mayLie = liedAt == null || now.isBefore(liedAt.plus(Observation.CONFIRMATION_GAP));
            boolean lies = !present.isEmpty() && mayLie && random.nextInt(6) == 0;
            if (lies) {
                liedAt = liedAt == null ? now : liedAt;
                lastLieAt = now;
            }
            var shown = lies ? new String[0] : present.keySet().toArray(String[]::new);
            var look = new Observation(now, ShownUsers.users(shown), tokenAt);
            var answer = new Answer(
                    now.plusMillis(20 + random.nextInt(random.nextInt(8) == 0 ? 30_000 : 300)),
                    look,
                    Set.copyOf(present.keySet()),
                    random.nextInt(8) == 0);
            underWay.add(answer);
            if (random.nextInt(10) == 0) {
                underWay.add(new Answer(answer.arrivesAt.plusSeconds(2), look, answer.truth, false));
            }
        }

        /** Lets time pass; people join, answers arrive, and what is due is done, each at its time. */
        void pass(Duration time) {
            var end = now.plus(time);
            while (now.isBefore(end)) {
                now = now.plusMillis(250).isBefore(end) ? now.plusMillis(250) : end;
                noteEmpty();
                joining.entrySet().removeIf(entry -> {
                    if (entry.getValue().isAfter(now)) {
                        return false;
                    }
                    present.put(entry.getKey(), now);
                    return true;
                });
                arrive();
                registry.due().forEach(this::attend);
            }
        }

        void arrive() {
            var arrived = underWay.stream()
                    .filter(answer -> !answer.arrivesAt.isAfter(now))
                    .sorted(Comparator.comparing(Answer::arrivesAt))
                    .toList();
            underWay.removeAll(arrived);
            for (var answer : arrived) {
                if (answer.lost) {
                    note(() -> "lost " + answer.look);
                    registry.lookupFailed(CHANNEL);
                } else {
                    note(() -> "answer " + answer.look);
                    observedAt = answer.truth;
                    registry.observed(CHANNEL, answer.look);
                    if (!answer.look.users().isEmpty()) {
                        tell(answer.look.users());
                        refuteLie(answer.look);
                    }
                }
                observe();
            }
        }

        /** After an answer that counted and showed people, another lie is bearable. */
        void refuteLie(Observation look) {
            boolean counted = registry.find(CHANNEL)
                    .map(state -> state.call().evidence().observedAt().equals(look.askedAt()))
                    .orElse(true);
            if (liedAt != null && counted && look.askedAt().isAfter(lastLieAt)) {
                liedAt = null;
            }
        }

        /** Does what is asked of those in the channel when a call was there before it was known. */
        void tell(ChannelUsers users) {
            var unchecked = registry.find(CHANNEL).filter(state -> state.call().stage() == Stage.PROVISIONAL);
            if (unchecked.isPresent()) {
                users.everyone().stream()
                        .flatMap(user -> Optional.ofNullable(present.get(user)).stream())
                        .min(Comparator.naturalOrder())
                        .ifPresent(join -> registry.startLearned(CHANNEL, Optional.of(join), users));
            }
        }

        /** Does what the watch does, with an upstream that sometimes refuses to delete. */
        void attend(ChannelState state) {
            boolean atLimit = limit.isPresent()
                    && state.call().stage() != Stage.ENDED
                    && !state.call().mayBeSuperseded()
                    && !state.call().endDueAt(limit.get()).isAfter(now);
            if (state.call().stage() == Stage.ENDED
                    && !state.call().evidence().lastTokenAt().plus(tokenTtl).isAfter(now)) {
                registry.forget(state);
                before = null;
                return;
            }
            if (!atLimit || state.call().hasTokenSinceObservation()) {
                ask(
                        state.call().hasTokenSinceObservation()
                                ? Optional.of(state.call().evidence().lastTokenAt())
                                : Optional.empty());
                if (atLimit) {
                    registry.endFailed(state);
                }
                observe();
                return;
            }
            assertFalse(
                    state.call().startedAt().plus(limit.orElseThrow()).isAfter(now),
                    "a call is ended before its limit");
            if (random.nextInt(4) == 0) {
                registry.endFailed(state);
            } else {
                present.clear();
                joining.clear();
                noteEmpty();
                deletedAt = now;
                registry.ended(state);
            }
            observe();
        }

        void restart() {
            servers = servers();
            registry = servers.get(0);
            before = null;
            if (!present.isEmpty()) {
                var earliest =
                        present.values().stream().min(Comparator.naturalOrder()).orElseThrow();
                assertEquals(
                        earliest,
                        registry.startLearned(CHANNEL, Optional.of(earliest), ShownUsers.users())
                                .call()
                                .startedAt());
            }
            observe();
        }

        void note(Supplier<String> event) {
            note(Duration.between(START, now), event);
        }

        @Override
        AwaitedRegistry registry() {
            return registry;
        }

        /** Holds what the registry says now, and what it said before, against the truth. */
        void observe() {
            var after = registry.find(CHANNEL).orElse(null);
            if (after != null) {
                assertFalse(after.call().startedAt().isAfter(now), "a call begins in the future");
                assertFalse(after.call().evidence().observedAt().isAfter(now), "a look comes from the future");
            }
            var was = before;
            before = after;
            var there = List.copyOf(present.keySet());
            note(() -> "present " + there + ", registry " + after);
            if (was == null || !was.call().evidence().seen() || was.call().stage() != Stage.KNOWN) {
                return;
            }
            checked++;
            boolean wasOnceEmpty = emptyUntil.isAfter(was.call().startedAt())
                    || !deletedAt.isBefore(was.call().startedAt());
            if (after == null) {
                assertTrue(wasOnceEmpty, "a call among people is forgotten");
            } else if (!after.call().startedAt().equals(was.call().startedAt())) {
                // If all have left but those with new tokens, a lie cannot be told from the end of the call.
                boolean allNew = observedAt.stream()
                        .allMatch(user -> !issued.getOrDefault(user, START)
                                        .isBefore(after.call().startedAt())
                                || was.call().evidence().tickets().stream()
                                        .anyMatch(ticket -> ticket.user().equals(user)));
                assertTrue(wasOnceEmpty || allNew, "the start of a call among people moved");
            }
        }

        @Override
        void quiet() {
            present.clear();
            joining.clear();
            noteEmpty();
            pass(Duration.ofMinutes(30));
        }
    }

    @Test
    void memory_randomHistories_neverContradictsTheTruth() {
        try (var memory = Stores.memory()) {
            play(memory, RUNS);
        }
    }

    @Test
    void redis_randomHistoriesOnTwoServers_neverContradictsTheTruth() {
        try (var redis = Stores.redis()) {
            play(redis, RUNS / 800);
        }
    }

    private static void play(Stores stores, int runs) {
        int checked = History.play(
                stores,
                runs,
                seed -> new World(seed, stores),
                world -> world.checked,
                "an abandoned channel is still remembered");
        assertTrue(checked > runs, "no history had calls among people");
    }
}
