package alirtc.appserver.web;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What tells how the server is; asking costs nothing.
 *
 * @param upstream returns the state of the circuit breaker: {@code closed} while all is well
 * @param registryReachable returns whether the registry of calls can be asked; one in memory always can
 * @param stopping returns whether the server was told to stop
 */
public record HealthProbe(Supplier<String> upstream, BooleanSupplier registryReachable, BooleanSupplier stopping) {}
