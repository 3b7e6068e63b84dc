package alirtc.appserver.registry;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;

/** How much heap a million live calls with time limits take. */
public final class RegistryHeap {
    private static final int CALLS = 1_000_000;

    private RegistryHeap() {}

    /** Fills two registries and returns by how much the bigger one's calls take more. */
    public static double bytesPerCall() {
        InstantSource clock = () -> Instant.parse("2026-11-22T10:00:00Z");
        var few = RegistryBenchmark.filled(1000, clock);
        long before = used();
        var many = RegistryBenchmark.filled(CALLS, clock);
        long after = used();
        return (double) (after - before)
                / (many.store().counts().channels() - few.store().counts().channels() + 1000);
    }

    private static long used() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
