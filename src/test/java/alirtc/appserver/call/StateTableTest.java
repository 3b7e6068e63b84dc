package alirtc.appserver.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.token.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Holds the state table of the documentation to the code: each of its rows is played, and every state meets every
 * evidence in it.
 */
class StateTableTest {
    private static final Path PAGE = Path.of("src/site/markdown/architecture.md");
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");

    /** A row: in a state, some evidence, and what comes of it. */
    private record Row(String state, String evidence, String next) {}

    private static Instant at(double seconds) {
        return T0.plusMillis((long) (seconds * 1000));
    }

    private static Observation look(double at, String... users) {
        return new Observation(at(at), at(at), ShownUsers.users(users));
    }

    private static Call observed(Call call, Observation observation) {
        return call.observed(2, observation, TestPolicies.JOINS, Optional.empty())
                .orElseThrow();
    }

    private static Call provisional() {
        return observed(Call.begun(1, Tickets.of(ANN, at(0))), look(1, "eve"));
    }

    private static Call known() {
        return observed(observed(Call.begun(1, Tickets.of(ANN, at(0))), look(1)), look(5, "ann"));
    }

    private static Call startUnknown() {
        return provisional().startLearned(Optional.empty());
    }

    private static Call pending() {
        return observed(known().tokenIssued(2, Tickets.of(BOB, at(60)), false), look(61));
    }

    private static Call over() {
        return observed(known().emptied(at(100)), look(101));
    }

    private static Call ended() {
        return known().ended(2, at(600));
    }

    private static final Map<String, Supplier<Call>> STATES = Map.of(
            "none", StateTableTest::provisional,
            "provisional", StateTableTest::provisional,
            "known", StateTableTest::known,
            "start unknown", StateTableTest::startUnknown,
            "change pending", StateTableTest::pending,
            "over", StateTableTest::over,
            "ended", StateTableTest::ended);

    /** What each evidence does to a call; later than all that the states have seen. */
    private static final Map<String, Function<Call, Optional<Call>>> EVIDENCE = Map.of(
            "token", call -> Optional.of(call.tokenIssued(2, Tickets.of(new UserId("new"), at(700)), false)),
            "people of before", call -> call.observed(2, look(701, "ann", "eve"), TestPolicies.JOINS, Optional.empty()),
            "people with new tokens alone",
                    call -> call.tokenIssued(2, Tickets.of(BOB, at(699)), false)
                            .observed(2, look(701, "bob"), TestPolicies.JOINS, Optional.empty()),
            "nobody", call -> call.observed(2, look(701), TestPolicies.JOINS, Optional.empty()),
            "an event that nobody is left", call -> Optional.of(call.emptied(at(700))),
            "lookup failed", call -> Optional.of(call.lookupFailed(at(701))),
            "joins", call -> Optional.of(call.startLearned(Optional.of(new Joins(at(700), at(-5), at(-4))))),
            "nobody can tell", call -> Optional.of(call.startLearned(Optional.empty())),
            "channel deleted", call -> Optional.of(call.ended(2, at(702))),
            "ended by the operator", call -> Optional.of(call.endedByOperator(2, at(702), at(702))));

    private static String name(Optional<Call> call) {
        if (call.isEmpty()) {
            return "none";
        }
        if (call.get().evidence().pending() != null) {
            return "change pending";
        }
        return switch (call.get().stage()) {
            case PROVISIONAL -> "provisional";
            case KNOWN -> call.get().id() == 1 ? "known" : "known, a later call";
            case START_UNKNOWN -> "start unknown";
            case OVER -> "over";
            case ENDED -> "ended";
        };
    }

    private static List<Row> rows() throws IOException {
        var rows = new ArrayList<Row>();
        var lines = Files.readAllLines(PAGE);
        int start = lines.indexOf("## The state table");
        for (var line : lines.subList(start + 1, lines.size())) {
            if (line.startsWith("## ")) {
                break;
            }
            var cells = line.split("\\|", -1);
            if (cells.length >= 5 && (STATES.containsKey(cells[1].strip()) || EVIDENCE.containsKey(cells[2].strip()))) {
                rows.add(new Row(cells[1].strip(), cells[2].strip(), cells[3].strip()));
            }
        }
        return rows;
    }

    @Test
    void table_everyRow_isWhatTheCodeDoes() throws IOException {
        var wrong = new ArrayList<String>();
        for (var row : rows()) {
            var evidence = EVIDENCE.get(row.evidence());
            var state = STATES.get(row.state());
            if (evidence == null || state == null) {
                wrong.add(row + ": no such state or evidence");
                continue;
            }
            var next = "none".equals(row.state())
                    ? name(Optional.of(Call.begun(1, Tickets.of(ANN, at(0)))))
                    : name(evidence.apply(state.get()));
            if (!next.equals(row.next())) {
                wrong.add(row + ": the code says " + next);
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void table_everyStateAndEvidence_haveOneRow() throws IOException {
        var pairs =
                rows().stream().map(row -> row.state() + " + " + row.evidence()).toList();
        assertEquals(pairs.size(), Set.copyOf(pairs).size());
        for (var state : STATES.keySet()) {
            for (var evidence : EVIDENCE.keySet()) {
                if (!"none".equals(state)) {
                    assertTrue(pairs.contains(state + " + " + evidence), state + " + " + evidence + " has no row");
                }
            }
        }
    }

    @Test
    void known_limitReached_isEndedByWhatTheTableSaysAlone() {
        assertTrue(known().hasLasted(Duration.ofMinutes(1), at(60)));
        assertTrue(!pending().hasLasted(Duration.ofMinutes(1), at(700)));
        assertTrue(!known().tokenIssued(2, Tickets.of(BOB, at(30)), false).hasLasted(Duration.ofMinutes(1), at(80)));
        assertTrue(!ended().hasLasted(Duration.ofMinutes(1), at(700)));
    }
}
