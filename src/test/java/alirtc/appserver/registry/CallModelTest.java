package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.EventPolicy;
import alirtc.appserver.call.Joins;
import alirtc.appserver.call.Observation;
import alirtc.appserver.call.SeatPolicy;
import alirtc.appserver.call.ShownUsers;
import alirtc.appserver.call.StartPolicy;
import alirtc.appserver.openapi.ChannelEvent;
import alirtc.appserver.openapi.ChannelEvent.Kind;
import alirtc.appserver.openapi.ChannelUsers;
import alirtc.appserver.token.ChannelId;
import alirtc.appserver.token.UserId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plays random histories of one channel against the registry, and holds what it says against the truth: who really was
 * in the channel at each token. Answers of the cloud are lost, late, repeated, out of order, and lie that nobody is there;
 * joins are told or not; users come back on old tokens and, where they prove a name, on new ones; the server restarts.
 * Events of who joins and leaves are lost, late, repeated, out of order, and forged.
 *
 * <p>The invariant: a limit may come late, never early. No start that is told lies before the one that the contract gives
 * to the call that is going on, and nobody is put out of the channel before that start and the limit have passed.
 */
class CallModelTest {
    private static final int RUNS = 4000;
    private static final ChannelId CHANNEL = new ChannelId("room1");
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration PROMPT = Duration.ofSeconds(1);
    private static final Duration PROMPT_BESIDE_JOINS = Duration.ofMillis(250);

    /** An answer on its way. */
    private record Answer(Instant askedAt, Instant arrivesAt, Set<String> shown, boolean lost) {
        Observation observation(Instant now) {
            return new Observation(askedAt, now, ShownUsers.users(shown.toArray(String[]::new)));
        }
    }

    /** An event on its way. */
    private record Callback(ChannelEvent event, Instant arrivesAt) {}

    /** The world of one run. */
    private static final class World extends History {
        final Random random;
        final Stores stores;
        final Optional<Duration> limit;
        final ChannelPolicy policy;
        final boolean joinsTold;
        final Duration tokenTtl = Duration.ofMinutes(11);
        Instant now = START;
        List<AwaitedRegistry> servers;
        AwaitedRegistry registry;

        /** When who joined. */
        final Map<String, Instant> present = new TreeMap<>();

        final Map<String, Instant> joining = new TreeMap<>();
        final Set<String> gone = new TreeSet<>();
        final List<Answer> onTheWay = new ArrayList<>();
        final List<Callback> callbacks = new ArrayList<>();

        /** The session of each who is present. */
        final Map<String, String> sessions = new TreeMap<>();

        /** The calls on record that were ended at their limit. */
        final Set<String> ended = new TreeSet<>();

        boolean restarted;
        int joins;
        int users;
        boolean away;

        /** The start that the contract gives: the latest token that found the channel empty. */
        Optional<Instant> trueStart = Optional.empty();

        /** What the start was before each of the latest tokens that found the channel empty. */
        final Map<Instant, Optional<Instant>> before = new TreeMap<>();

        int checked;
        final Set<String> reached;

        World(long seed, Stores stores, Set<String> reached) {
            this.stores = stores;
            this.reached = reached;
            random = new Random(seed);
            limit = random.nextBoolean() ? Optional.of(Duration.ofMinutes(2)) : Optional.empty();
            joinsTold = random.nextBoolean();
            policy = new ChannelPolicy(
                    SeatPolicy.UNLIMITED,
                    new StartPolicy(random.nextInt(3) == 0, joinsTold ? PROMPT_BESIDE_JOINS : PROMPT),
                    anyOf(List.of(EventPolicy.values())));
            servers = stores.open(limit, 10, policy, clock());
            registry = servers.get(0);
        }

        <T> T anyOf(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }

        InstantSource clock() {
            return () -> now;
        }

        @Override
        void step() {
            if (servers.size() > 1) {
                registry = servers.get(random.nextInt(servers.size()));
            }
            switch (random.nextInt(17)) {
                case 0, 1 -> token("u" + users++);
                case 2 -> tokenAgain();
                case 3, 4 -> leave();
                case 5 -> comeBack();
                case 6 -> ask();
                case 7 -> pass(Duration.ofMillis(random.nextInt(120_000)));
                case 8 -> away = random.nextInt(3) == 0;
                case 9 -> {
                    if (random.nextInt(4) == 0) {
                        restart();
                    }
                }
                case 10 -> forge();
                default -> pass(Duration.ofMillis(random.nextInt(6_000)));
            }
        }

        void token(String user) {
            now = now.plusMillis(1);
            note(() -> "token for " + user);
            if (present.isEmpty()) {
                before.put(now, trueStart);
                trueStart = Optional.of(now);
            }
            registry.tokenIssued(CHANNEL, new UserId(user), now);
            observe();
            if (random.nextInt(5) > 0 && !present.containsKey(user)) {
                joining.put(user, now.plusMillis(100 + random.nextInt(15_000)));
            }
            if (random.nextInt(4) > 0) {
                ask();
            }
        }

        /** Gives a user who proves a name one more token. */
        void tokenAgain() {
            if (policy.start().usersReturn()) {
                var all = new ArrayList<>(present.keySet());
                all.addAll(gone);
                if (!all.isEmpty()) {
                    token(anyOf(all));
                }
            }
        }

        void leave() {
            present.keySet().stream().findFirst().ifPresent(user -> {
                note(() -> user + " leaves");
                present.remove(user);
                gone.add(user);
                tell(Kind.LEAVE, user, session(user));
                if (present.isEmpty()) {
                    tell(Kind.CLOSE, "", "close@" + now);
                }
            });
        }

        String session(String user) {
            return sessions.getOrDefault(user, "none");
        }

        /** Has the cloud tell of something: soon, late, repeatedly, or never. */
        void tell(Kind kind, String user, String session) {
            for (int times = random.nextInt(10) < 3 ? 0 : 1 + random.nextInt(6) / 5; times > 0; times--) {
                int millis = random.nextInt(5) == 0 ? random.nextInt(20_000) : random.nextInt(300);
                callbacks.add(new Callback(new ChannelEvent(CHANNEL, kind, user, session), now.plusMillis(millis)));
            }
        }

        /** Tells what did not happen, as somebody would to whom the secret leaked. */
        void forge() {
            var all = new ArrayList<>(present.keySet());
            all.addAll(gone);
            all.add("stranger");
            var user = anyOf(all);
            var session = random.nextBoolean() ? sessions.getOrDefault(user, "forged") : "forged" + joins;
            var kind = anyOf(List.of(Kind.values()));
            callbacks.add(new Callback(new ChannelEvent(CHANNEL, kind, user, session), now));
        }

        /** Lets somebody who left come back on an old token. */
        void comeBack() {
            gone.stream().findAny().ifPresent(user -> joining.put(user, now.plusMillis(random.nextInt(4_000))));
        }

        /** Sends a lookup: its answer shows the channel as it is then, or some time later, or lies. */
        void ask() {
            now = now.plusMillis(1);
            boolean lies = random.nextInt(8) == 0;
            var shown = lies ? Set.<String>of() : Set.copyOf(present.keySet());
            var arrivesAt = now.plusMillis(20 + random.nextInt(random.nextInt(8) == 0 ? 30_000 : 300));
            onTheWay.add(new Answer(now, arrivesAt, shown, away || random.nextInt(8) == 0));
            if (random.nextInt(10) == 0) {
                onTheWay.add(new Answer(now, arrivesAt.plusSeconds(2), shown, false));
            }
        }

        /** Lets time pass; people join, answers arrive, and what is due is done, each at its time. */
        void pass(Duration time) {
            var end = now.plus(time);
            while (now.isBefore(end)) {
                now = now.plusMillis(250).isBefore(end) ? now.plusMillis(250) : end;
                joining.entrySet().removeIf(entry -> {
                    if (entry.getValue().isAfter(now)) {
                        return false;
                    }
                    note(() -> entry.getKey() + " joins");
                    join(entry.getKey());
                    return true;
                });
                arrive();
                registry.due().forEach(this::attend);
            }
        }

        void join(String user) {
            before.keySet()
                    .removeIf(
                            token -> !token.plus(policy.start().promptWithin()).isAfter(now));
            if (present.isEmpty() && !before.isEmpty()) {
                // A prompt answer may take who joined meanwhile for one who was there.
                trueStart = before.values().iterator().next();
            }
            before.clear();
            gone.remove(user);
            present.put(user, now);
            sessions.put(user, user + "-" + joins++);
            tell(Kind.JOIN, user, session(user));
        }

        void arrive() {
            arriveEvents();
            var arrived = onTheWay.stream()
                    .filter(answer -> !answer.arrivesAt.isAfter(now))
                    .sorted(Comparator.comparing(Answer::arrivesAt))
                    .toList();
            onTheWay.removeAll(arrived);
            for (var answer : arrived) {
                if (answer.lost) {
                    note(() -> "lost");
                    registry.lookupFailed(CHANNEL);
                } else {
                    note(() -> "answer of "
                            + Duration.between(START, answer.askedAt).toMillis() + ": " + answer.shown);
                    registry.observed(CHANNEL, answer.observation(now));
                    learn(answer.observation(now).users());
                }
                observe();
            }
        }

        void arriveEvents() {
            var arrived = callbacks.stream()
                    .filter(callback -> !callback.arrivesAt.isAfter(now))
                    .sorted(Comparator.comparing(Callback::arrivesAt))
                    .toList();
            callbacks.removeAll(arrived);
            if (policy.events() == EventPolicy.OFF) {
                return;
            }
            for (var callback : arrived) {
                note(() -> "event " + callback.event.kind() + " of " + callback.event.session());
                var news = registry.told(callback.event);
                if (news.filter(state ->
                                state.isEmptiedByEvent() || state.call().stage() == Stage.OVER)
                        .isPresent()) {
                    reached.add("a channel emptied by an event");
                    ask();
                }
                observe();
            }
        }

        /** Does what is asked of those in the channel when the call's start is provisional. */
        void learn(ChannelUsers users) {
            var provisional = registry.find(CHANNEL)
                    .filter(state -> state.call().stage() == Stage.PROVISIONAL && !users.isEmpty());
            if (provisional.isEmpty()) {
                return;
            }
            if (!joinsTold) {
                registry.startLearned(CHANNEL, Optional.empty(), users);
                return;
            }
            var earliest = users.everyone().stream()
                    .flatMap(user -> Optional.ofNullable(present.get(user)).stream())
                    .min(Comparator.naturalOrder());
            if (earliest.isPresent() && !away && random.nextInt(4) > 0) {
                var presentSince = earlier(now, earliest.get().plusMillis(random.nextInt(1_000)));
                registry.startLearned(CHANNEL, Optional.of(new Joins(now, earliest.get(), presentSince)), users);
            }
        }

        static Instant earlier(Instant a, Instant b) {
            return a.isBefore(b) ? a : b;
        }

        boolean isDue(Optional<Instant> at) {
            return at.filter(due -> !due.isAfter(now)).isPresent();
        }

        /** Does what the watch does, with a cloud that sometimes refuses to delete. */
        void attend(ChannelState state) {
            var call = state.call();
            if (call.stage() == Stage.ENDED
                    && !call.evidence().lastTokenAt().plus(tokenTtl).isAfter(now)) {
                registry.forget(state);
                return;
            }
            if (call.stage() == Stage.OVER) {
                reached.add("a call that was over by an event");
                registry.forget(state);
                return;
            }
            if (isDue(state.warningDueAt(Stores.warning(limit))) && !call.hasUndecidedToken()) {
                registry.warned(state, state.endsAt(Stores.warning(limit)).orElseThrow());
                return;
            }
            if (limit.flatMap(longest -> state.endDueAt(Stores.warning(limit)))
                            .filter(at -> !at.isAfter(now))
                            .isEmpty()
                    && policy.events() == EventPolicy.HEARD
                    && state.isHeard(now)) {
                reached.add("a poll that was put off");
                registry.postponePoll(state);
                return;
            }
            if (limit.isEmpty() || !call.hasLasted(limit.get(), now)) {
                ask();
                return;
            }
            trueStart
                    .filter(start -> !present.isEmpty())
                    .ifPresent(start ->
                            assertFalse(start.plus(limit.get()).isAfter(now), "people are put out before their limit"));
            if (random.nextInt(4) == 0) {
                registry.endFailed(state);
            } else {
                note(() -> "deleted");
                registry.find(CHANNEL)
                        .filter(known ->
                                known.call().id() == call.id() && known.call().isOngoing())
                        .map(ChannelState::open)
                        .ifPresent(open -> ended.add(open.callId()));
                gone.addAll(present.keySet());
                present.keySet().forEach(user -> tell(Kind.LEAVE, user, session(user)));
                present.clear();
                registry.ended(state);
            }
            observe();
        }

        void restart() {
            note(() -> "restart");
            restarted = true;
            servers = stores.reopen(limit, 10, policy, clock());
            registry = servers.get(0);
        }

        void note(Supplier<String> event) {
            note(Duration.between(START, now), event);
        }

        @Override
        AwaitedRegistry registry() {
            return registry;
        }

        /** Holds what the registry says now against the truth. */
        void observe() {
            var state = registry.find(CHANNEL);
            var there = List.copyOf(present.keySet());
            note(() -> "present " + there + ", registry " + state);
            if (state.isEmpty() || !state.get().call().isOngoing()) {
                return;
            }
            var open = state.get().open();
            assertTrue(
                    !state.get().isLive() || (open != null && (open.endedAt() == null || open.doubt() != null)),
                    "a call is not on record");
            var call = state.get().call();
            assertFalse(call.safeStart().isAfter(now), "a call begins in the future");
            assertFalse(call.evidence().observedAt().isAfter(now), "an observation comes from the future");
            trueStart.ifPresent(start -> {
                checked++;
                // The cloud tells joins in whole seconds.
                assertFalse(
                        call.safeStart().isBefore(start.truncatedTo(ChronoUnit.MILLIS)),
                        () -> "a start is told that lies before the right one, " + start);
            });
        }

        @Override
        void quiet() {
            away = false;
            callbacks.clear();
            present.clear();
            joining.clear();
            gone.clear();
            pass(Duration.ofMinutes(30));
            var told = stores.told();
            told.assertComplete();
            told.assertEnded(ended, restarted);
            told.records().values().forEach(record -> {
                assertFalse(record.endedAt().isAfter(now), "a record ends in the future");
                reached.add("a record by " + record.evidence());
                reached.add("a record that ends by " + record.endReason());
                if (record.correction() > 0) {
                    reached.add("a correction");
                }
            });
            if (told.count("call.ending") > 0) {
                reached.add("a warning");
            }
        }
    }

    @Test
    void memory_randomHistories_limitsAreNeverEarly() {
        try (var memory = Stores.memory()) {
            assertEquals(
                    Set.of(
                            "a call that was over by an event",
                            "a correction",
                            "a record by EVENTS",
                            "a record by OBSERVATIONS",
                            "a record by RECOVERED",
                            "a record that ends by LEFT",
                            "a record that ends by LIMIT",
                            "a record that ends by LOST",
                            "a warning",
                            "a channel emptied by an event",
                            "a poll that was put off"),
                    play(memory, RUNS));
        }
    }

    @Test
    void file_randomHistories_recordsAreComplete(@TempDir Path folder) {
        try (var file = Stores.file(folder)) {
            play(file, RUNS / 200);
        }
    }

    @Test
    void redis_randomHistoriesOnTwoServers_limitsAreNeverEarly() {
        try (var redis = Stores.redis()) {
            play(redis, RUNS / 800);
        }
    }

    private static Set<String> play(Stores stores, int runs) {
        var reached = new TreeSet<String>();
        int checked = History.play(
                stores,
                runs,
                seed -> new World(seed, stores, reached),
                world -> world.checked,
                "an abandoned channel is still remembered");
        assertTrue(checked > runs, "no history had calls among people");
        return reached;
    }
}
