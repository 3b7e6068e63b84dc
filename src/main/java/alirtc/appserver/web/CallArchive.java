package alirtc.appserver.web;

import alirtc.appserver.records.Outbox;
import alirtc.appserver.records.RecordStore;
import alirtc.appserver.time.SteadyClock;
import java.util.Optional;

/**
 * What is on record of calls; there is one only where the operator keeps records.
 *
 * @param records those of calls that are over
 * @param outbox what is to be told of calls, if the operator wants it told
 * @param clock what their times are by
 */
public record CallArchive(RecordStore records, Optional<Outbox> outbox, SteadyClock clock) {}
