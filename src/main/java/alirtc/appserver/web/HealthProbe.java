package alirtc.appserver.web;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What tells how the server is; asking costs nothing.
 *
 * @param upstream returns the state of the circuit breaker: {@code closed} while all is well
 * @param registryReachable returns whether the registry of calls can be asked; one in memory always can
 * @param events returns how events of the cloud come: {@code off}, {@code waiting} while none was due, {@code silent}
 *     while those that are due do not come, {@code heard}
 * @param records returns how records of calls are kept: {@code off}, {@code written}, {@code failing} while they cannot be
 *     written
 * @param webhooks returns how the receiver of webhooks takes them: {@code off}, {@code waiting} while nothing was sent,
 *     {@code delivering}, {@code failing}, {@code gone} once it wants no more
 * @param watching returns whether the watch over calls still runs
 * @param stopping returns whether the server was told to stop
 */
public record HealthProbe(
        Supplier<String> upstream,
        BooleanSupplier registryReachable,
        Supplier<String> events,
        Supplier<String> records,
        Supplier<String> webhooks,
        BooleanSupplier watching,
        BooleanSupplier stopping) {}
