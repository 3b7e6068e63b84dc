package alirtc.appserver.bench;

import java.time.Duration;

/** Something that a server has to withstand while others use it. */
interface Attack {
    /** Returns what is done, in few words. */
    String title();

    /** Returns how long others are watched. */
    Duration length();

    /** Does what has its effect a minute later, when the time limit of calls is reached. */
    default void prepare(int port) throws Exception {}

    /** Attacks the server on a port of this machine for the whole length. */
    void run(int port) throws Exception;
}
