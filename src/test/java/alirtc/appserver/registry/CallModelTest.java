package alirtc.appserver.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.call.Call.Stage;
import alirtc.appserver.call.CallRules;
import alirtc.appserver.call.ChannelPolicy;
import alirtc.appserver.call.ChannelState;
import alirtc.appserver.call.EndReason;
import alirtc.appserver.call.EventPolicy;
import alirtc.appserver.call.Evidence.Ticket;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plays random histories of one channel against the registry, and holds what it says against the truth: who really was
 * in the channel at each token. Answers of the cloud are lost, late, repeated, out of order, and lie that nobody is there
 * or, for a moment, only one of several; joins are told or not; users come back on old tokens and, where they prove a name,
 * on new ones; the server restarts. Tokens limit their calls or not, each in its own way. Events of who joins and leaves
 * are lost, late, repeated, out of order, and forged.
 *
 * <p>The invariant: a limit may come late, never early. No start that is told lies before the one that the contract gives
 * to the call that is going on, no end before the one that the least limit of its tokens gives, and nobody is put out of
 * the channel before that, or without having been left alone for as long as that may be.
 */
class CallModelTest {
    private static final int RUNS = 600;
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

    /** What the registry was told last of who is there, and who of them is nobody of a lie. */
    private record Shown(Instant askedAt, Instant answeredAt, Set<String> users) {}

    /** The world of one run. */
    private static final class World extends History {
        final Random random;
        final Stores stores;
        final CallRules rules;
        final boolean limitedTokens;
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

        /** The calls on record that were ended by the rules, and by which. */
        final Map<String, EndReason> ended = new TreeMap<>();

        boolean restarted;
        int joins;
        int users;
        boolean away;

        /** The start that the contract gives: the latest token that found the channel empty. */
        Optional<Instant> trueStart = Optional.empty();

        /** What the start was before each of the latest tokens that found the channel empty. */
        final Map<Instant, Optional<Instant>> before = new TreeMap<>();

        /** All tokens that were issued. */
        final List<Ticket> tokens = new ArrayList<>();

        /** When who left was there last. */
        final Map<String, Instant> lastThere = new TreeMap<>();

        /** When two or more were there last. */
        Instant lastTogether = Instant.MIN;

        /** What the registry was told of who is there, by answers that were not older than the one before. */
        final List<Shown> shown = new ArrayList<>();

        /** When the cloud may begin to show only one of several, and until when it does. */
        Instant nextLieAt = START;

        Instant lieUntil = START;

        int checked;
        final Set<String> reached;

        World(long seed, Stores stores, Set<String> reached) {
            this.stores = stores;
            this.reached = reached;
            random = new Random(seed);
            var limit = random.nextBoolean() ? Optional.of(Duration.ofMinutes(2)) : Optional.<Duration>empty();
            rules = new CallRules(
                    limit,
                    Optional.of(Duration.ofSeconds(30)),
                    random.nextBoolean() ? Optional.of(Duration.ofSeconds(30 + random.nextInt(60))) : Optional.empty());
            limitedTokens = random.nextBoolean();
            joinsTold = random.nextBoolean();
            policy = new ChannelPolicy(
                    SeatPolicy.UNLIMITED,
                    new StartPolicy(random.nextInt(3) == 0, joinsTold ? PROMPT_BESIDE_JOINS : PROMPT),
                    anyOf(List.of(EventPolicy.values())),
                    rules.aloneFor().isPresent());
            servers = stores.open(rules, 10, policy, clock());
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
            switch (random.nextInt(18)) {
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
                case 11 -> {
                    if (random.nextInt(8) == 0) {
                        rush();
                    }
                }
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
            var token = new Ticket(new UserId(user).value(), now, limitOfToken());
            tokens.add(token);
            registry.tokenIssued(CHANNEL, token);
            observe();
            if (random.nextInt(5) > 0 && !present.containsKey(user)) {
                joining.put(user, now.plusMillis(100 + random.nextInt(15_000)));
            }
            if (random.nextInt(4) > 0) {
                ask();
            }
        }

        /** Issues more tokens than are kept one by one, of which no lookup tells; few of their users come. */
        void rush() {
            boolean was = away;
            away = true;
            for (int i = 0; i < 12; i++) {
                var user = "u" + users++;
                token(user);
                if (i % 6 > 0) {
                    joining.remove(user);
                }
                leave();
            }
            away = was;
        }

        @Nullable
        Duration limitOfToken() {
            return limitedTokens && random.nextBoolean() ? Duration.ofSeconds(20 + random.nextInt(200)) : null;
        }

        /**
         * Returns when the call that is going on has to end by its tokens and the operator's limit: to it belong the tokens
         * from its start on, and those of the 30 seconds before whose users were then in it.
         */
        Optional<Instant> trueEnd() {
            return trueStart.flatMap(start -> Stream.concat(
                            tokens.stream()
                                    .filter(token -> belongs(token, start))
                                    .flatMap(token -> Optional.ofNullable(token.limit()).stream()),
                            rules.limit().stream())
                    .min(Comparator.naturalOrder())
                    .map(start::plus));
        }

        boolean belongs(Ticket token, Instant start) {
            if (!token.issuedAt().isBefore(start)) {
                return true;
            }
            boolean wasThere = present.containsKey(token.user())
                    || !lastThere.getOrDefault(token.user(), Instant.MIN).isBefore(start);
            return wasThere && !token.issuedAt().plusSeconds(30).isBefore(start);
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
                meet();
                present.remove(user);
                lastThere.put(user, now);
                gone.add(user);
                tell(Kind.LEAVE, user, session(user));
                if (present.isEmpty()) {
                    tell(Kind.CLOSE, "", "close@" + now);
                }
            });
        }

        /** Notes that several are there. */
        void meet() {
            if (present.size() > 1) {
                lastTogether = now;
            }
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
            var shown = random.nextInt(8) == 0 ? Set.<String>of() : visible();
            var arrivesAt = now.plusMillis(20 + random.nextInt(random.nextInt(8) == 0 ? 30_000 : 300));
            onTheWay.add(new Answer(now, arrivesAt, shown, away || random.nextInt(8) == 0));
            if (random.nextInt(10) == 0) {
                onTheWay.add(new Answer(now, arrivesAt.plusSeconds(2), shown, false));
            }
        }

        /** Returns who can be seen: all who are there or, for a moment, one of them. */
        Set<String> visible() {
            if (present.size() > 1 && !now.isBefore(nextLieAt) && random.nextInt(4) == 0) {
                lieUntil = now.plusSeconds(5);
                nextLieAt = now.plusSeconds(300);
            }
            return now.isBefore(lieUntil) && present.size() > 1
                    ? Set.of(anyOf(List.copyOf(present.keySet())))
                    : Set.copyOf(present.keySet());
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
            meet();
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
                    if (shown.isEmpty() || !answer.askedAt.isBefore(shown.get(shown.size() - 1).askedAt)) {
                        shown.add(new Shown(answer.askedAt, now, answer.shown));
                    }
                    learn(answer.observation(now).users());
                }
                observe();
                endIfProven();
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
            if (isDue(state.warningDueAt(rules)) && !call.hasUndecidedToken()) {
                registry.warned(state, state.endsAt(rules).orElseThrow());
                return;
            }
            if (!isAtDeadline(state)
                    && !(rules.aloneFor().isPresent() && state.isCompanyOpen())
                    && policy.events() == EventPolicy.HEARD
                    && state.isHeard(now)) {
                reached.add("a poll that was put off");
                registry.postponePoll(state);
                return;
            }
            var reason = call.endReason(rules, now);
            if (reason.isEmpty()) {
                ask();
            } else {
                end(state, reason.get());
            }
        }

        boolean isAtDeadline(ChannelState state) {
            return !state.call().mayBeSuperseded()
                    && state.endDueAt(rules).filter(at -> !at.isAfter(now)).isPresent();
        }

        /** Ends the call if an answer that has just come proves that it has to be. */
        void endIfProven() {
            registry.find(CHANNEL)
                    .filter(this::isAtDeadline)
                    .ifPresent(state -> state.call()
                            .endReason(rules, now)
                            .ifPresentOrElse(reason -> end(state, reason), () -> registry.endFailed(state)));
        }

        void end(ChannelState state, EndReason reason) {
            if (reason == EndReason.LIMIT) {
                assertLimitReached();
            } else {
                assertAlone();
            }
            if (random.nextInt(4) == 0) {
                registry.endFailed(state);
            } else {
                note(() -> "deleted, " + reason);
                meet();
                present.keySet().forEach(user -> lastThere.put(user, now));
                registry.find(CHANNEL)
                        .filter(known -> known.call().id() == state.call().id()
                                && known.call().isOngoing())
                        .map(ChannelState::open)
                        .ifPresent(open -> ended.put(open.callId(), reason));
                gone.addAll(present.keySet());
                present.keySet().forEach(user -> tell(Kind.LEAVE, user, session(user)));
                present.clear();
                registry.ended(state, reason);
            }
            observe();
        }

        void assertLimitReached() {
            if (trueStart.isPresent() && !present.isEmpty()) {
                var end = trueEnd();
                assertTrue(end.isPresent(), "people are put out without a limit");
                assertFalse(end.get().isAfter(now), () -> "people are put out before " + end.get());
                if (rules.limit()
                        .map(trueStart.get()::plus)
                        .filter(end.get()::equals)
                        .isEmpty()) {
                    reached.add("a call ended by a token's limit");
                }
            }
        }

        /** Holds that one is alone against who is there, and against each answer since that was first shown. */
        void assertAlone() {
            reached.add("a call ended since one was alone");
            var last = shown.get(shown.size() - 1);
            assertEquals(1, last.users.size(), "somebody is put out of whom it was not seen last to be alone");
            trueStart.ifPresent(
                    start -> assertFalse(lastTogether.isBefore(start), "who waits for the first other is put out"));
            assertTrue(last.askedAt.isAfter(now.minusSeconds(5)), "by an answer that is not fresh");
            tokens.forEach(token -> assertFalse(
                    token.issuedAt().isBefore(last.askedAt)
                            && token.issuedAt().plusSeconds(30).isAfter(last.askedAt),
                    "somebody is put out while another may be on the way"));
            var first = last;
            for (int i = shown.size() - 1; i >= 0 && shown.get(i).users.equals(last.users); i--) {
                first = shown.get(i);
            }
            var since = first.answeredAt;
            // One lie hides who came back with an old token, but not whom a token announced.
            present.forEach((user, joinedAt) -> assertTrue(
                    last.users.contains(user)
                            || joinedAt.isAfter(last.askedAt)
                            || tokens.stream()
                                    .filter(token -> token.user().equals(user))
                                    .allMatch(token -> token.issuedAt().isBefore(since)),
                    "who is not alone is put out"));
            var aloneFor = Duration.between(since, last.askedAt);
            assertTrue(
                    aloneFor.compareTo(rules.aloneFor().orElseThrow()) >= 0,
                    () -> "somebody is put out after being alone for " + aloneFor);
        }

        void restart() {
            note(() -> "restart");
            restarted = true;
            servers = stores.reopen(rules, 10, policy, clock());
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
                call.limit(rules)
                        .map(call.safeStart()::plus)
                        .ifPresent(end -> assertFalse(
                                trueEnd()
                                        .filter(right -> !end.isBefore(right.truncatedTo(ChronoUnit.MILLIS)))
                                        .isEmpty(),
                                () -> "an end is told that lies before the right one, " + trueEnd()));
            });
        }

        @Override
        void quiet() {
            away = false;
            callbacks.clear();
            present.keySet().forEach(user -> lastThere.put(user, now));
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
                            "a call ended by a token's limit",
                            "a call ended since one was alone",
                            "a call that was over by an event",
                            "a correction",
                            "a record by EVENTS",
                            "a record by OBSERVATIONS",
                            "a record by RECOVERED",
                            "a record that ends by ALONE",
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
            play(file, RUNS / 40);
        }
    }

    @Test
    void redis_randomHistoriesOnTwoServers_limitsAreNeverEarly() {
        try (var redis = Stores.redis()) {
            play(redis, RUNS / 200);
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
