package alirtc.appserver.sandbox;

import java.time.Instant;
import java.util.Optional;

/** Something that happened in a channel. */
public sealed interface ChannelChange {
    String channel();

    /** Returns when it happened, by the sandbox's clock. */
    Instant at();

    /** Returns the name by which clients are told what happened. */
    String tag();

    /** Returns who joined or left; nothing if the change is the channel's own. */
    Optional<Participant> participant();

    /** The channel came into being, just before its first participant joined. */
    record Opened(String channel, Instant at) implements ChannelChange {
        @Override
        public String tag() {
            return "Open";
        }

        @Override
        public Optional<Participant> participant() {
            return Optional.empty();
        }
    }

    /** The channel ceased to be: it was deleted, or stayed empty for some seconds. */
    record Closed(String channel, Instant at) implements ChannelChange {
        @Override
        public String tag() {
            return "Close";
        }

        @Override
        public Optional<Participant> participant() {
            return Optional.empty();
        }
    }

    /** A user joined. */
    record Joined(String channel, Participant who, Instant at) implements ChannelChange {
        @Override
        public String tag() {
            return "Join";
        }

        @Override
        public Optional<Participant> participant() {
            return Optional.of(who);
        }
    }

    /**
     * A user left.
     *
     * @param byDeletion whether the channel was deleted, rather than left by the user
     */
    record Left(String channel, Participant who, Instant at, boolean byDeletion) implements ChannelChange {
        @Override
        public String tag() {
            return "Leave";
        }

        @Override
        public Optional<Participant> participant() {
            return Optional.of(who);
        }
    }
}
