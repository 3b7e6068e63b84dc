package alirtc.appserver.bench;

import alirtc.appserver.bench.PopulationHttp.Answer;
import alirtc.appserver.sandbox.Sandbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Two phones that want to talk for some time. A phone asks for a token and the users, joins unless two others are in,
 * asks for the start time, and leaves at the end of the call; one that is put out does not come back. A phone whose
 * question for the users is refused joins, so that refusals do not lighten the load. To be used on the thread of its
 * scheduler alone.
 */
final class PopulationCall {
    private static final int SEATS = 2;

    private final String channel;
    private final Plan plan;
    private final Surroundings around;
    private final Instant endsAt;
    private final Map<String, Phone> inChannel = new HashMap<>();
    private int phones = 1;

    /**
     * What people do, unless they are put out.
     *
     * @param length from the first join to the first leave
     * @param peerAfter when the second phone asks for its token, after the first did
     * @param peerJoin how long the second takes from there to its join, its questions aside
     * @param leaveGap how long the second of them stays alone
     */
    record Plan(
            Duration length,
            Duration peerAfter,
            Duration firstJoin,
            Duration peerJoin,
            Duration leaveGap,
            boolean peerLeavesFirst) {}

    /**
     * What all calls share.
     *
     * @param done is told of a call of which no phone is left
     */
    record Surroundings(
            PopulationHttp http,
            Sandbox sandbox,
            PopulationTruth truth,
            InstantSource clock,
            ScheduledExecutorService scheduler,
            Consumer<PopulationCall> done) {}

    PopulationCall(String channel, Plan plan, Surroundings around) {
        this.channel = channel;
        this.plan = plan;
        this.around = around;
        this.endsAt = around.clock.instant().plus(plan.firstJoin).plus(plan.length);
    }

    String channel() {
        return channel;
    }

    /** Begins with the first phone's request for a token. */
    void begin() {
        if (around.clock.instant().plus(plan.peerAfter).isBefore(endsAt)) {
            phones++;
            var peer = new Phone(plan.peerJoin, plan.peerLeavesFirst ? Duration.ZERO : plan.leaveGap);
            after(plan.peerAfter, peer::askToken);
        }
        new Phone(plan.firstJoin, plan.peerLeavesFirst ? plan.leaveGap : Duration.ZERO).askToken();
    }

    /** Ends the part of a phone that is in the channel no longer, since that was deleted. */
    void putOut(String user) {
        var phone = inChannel.get(user);
        if (phone != null) {
            phone.end();
        }
    }

    private void after(Duration delay, Runnable task) {
        var unused = around.scheduler.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
    }

    private final class Phone {
        private final Duration joinAfter;
        private final Duration staysFor;
        private String user = "";
        private boolean over;

        Phone(Duration joinAfter, Duration staysFor) {
            this.joinAfter = joinAfter;
            this.staysFor = staysFor;
        }

        void askToken() {
            var token = around.truth.tokenSent(channel);
            var unused = around.http
                    .ask(PopulationHttp.TOKEN, channel)
                    .thenAcceptAsync(
                            answer -> {
                                var given = answer.data().path("userid").asText("");
                                Optional<String> got = given.isEmpty() ? Optional.empty() : Optional.of(given);
                                around.truth.tokenAnswered(channel, token, answer.at(), got);
                                user = given;
                                if (got.isPresent()) {
                                    askUsers();
                                } else {
                                    end();
                                }
                            },
                            around.scheduler);
        }

        private void askUsers() {
            var unusedStart = around.truth.questionSent(channel);
            var unused = around.http
                    .ask(PopulationHttp.USERS, channel)
                    .thenAcceptAsync(
                            answer -> {
                                around.truth.questionAnswered(channel);
                                if (answer.data().path("userList").size() < SEATS) {
                                    after(joinAfter, this::join);
                                } else {
                                    end();
                                }
                            },
                            around.scheduler);
        }

        private void join() {
            inChannel.put(user, this);
            around.sandbox.join(channel, user);
            var stays = Duration.between(around.clock.instant(), endsAt.plus(staysFor));
            after(stays, this::leave);
            var earliest = around.truth.questionSent(channel);
            var unused = around.http
                    .ask(PopulationHttp.START_TIME, channel)
                    .thenAcceptAsync(answer -> startTold(answer, earliest), around.scheduler);
        }

        private void startTold(Answer answer, Optional<Instant> earliest) {
            around.truth.questionAnswered(channel);
            var start = answer.data().path("channelStartTimeTs").asLong(0);
            if (start > 0) {
                around.truth.startTold(channel, earliest, Instant.ofEpochMilli(start), answer.at());
            }
        }

        private void leave() {
            if (!over) {
                around.sandbox.leave(channel, user);
                end();
            }
        }

        void end() {
            if (!over) {
                over = true;
                inChannel.remove(user, this);
                if (--phones == 0) {
                    around.done.accept(PopulationCall.this);
                }
            }
        }
    }
}
