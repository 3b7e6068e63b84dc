package alirtc.appserver;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each package knows the packages that it is meant to know, and no others; the root knows all. */
class RoomsTest {
    private static final String ROOT = "alirtc.appserver";

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** What each package knows of the others: whole packages, or single types of them. */
    private static final Map<String, List<String>> KNOWN = Map.ofEntries(
            entry(
                    "web",
                    List.of(
                            "auth",
                            "call.CallRecord",
                            "call.StartTime",
                            "config",
                            "lifecycle",
                            "metrics",
                            "openapi.ChannelEvent",
                            "openapi.ChannelUsers",
                            "openapi.EventMessage",
                            "openapi.MalformedEventException",
                            "openapi.RtcException",
                            "openapi.UpstreamStatus",
                            "overview",
                            "records.Outbox",
                            "records.RecordJson",
                            "records.RecordStore",
                            "registry.RegistryException",
                            "time",
                            "token")),
            entry(
                    "overview",
                    List.of(
                            "call",
                            "metrics",
                            "openapi.UpstreamStatus",
                            "records.RecordStore",
                            "registry",
                            "time",
                            "token",
                            "upstream")),
            entry("lifecycle", List.of("call", "metrics", "openapi", "registry", "time", "token", "upstream")),
            entry(
                    "registry",
                    List.of(
                            "call",
                            "config",
                            "logging",
                            "metrics",
                            "openapi.ChannelEvent",
                            "openapi.ChannelUsers",
                            "records",
                            "redis",
                            "time",
                            "token")),
            entry("webhooks", List.of("config", "logging", "metrics", "records", "time")),
            entry("records", List.of("call", "logging", "metrics", "redis", "time", "token")),
            entry("call", List.of("openapi.ChannelEvent", "openapi.ChannelUsers", "token")),
            entry("upstream", List.of("metrics", "openapi.RtcException", "time")),
            entry("openapi", List.of("config", "metrics", "token")),
            entry("auth", List.of("config", "time", "token")),
            entry("token", List.of("config")),
            entry("redis", List.of("config", "metrics", "time")),
            entry("logging", List.of("config")),
            entry("config", List.of()),
            entry("metrics", List.of()),
            entry("time", List.of()));

    private static Set<String> rooms() {
        return new TreeSet<>(KNOWN.keySet());
    }

    /** Returns the package below the root that a class is in; empty for the root's own. */
    private static String room(JavaClass type) {
        return type.getPackageName().equals(ROOT) ? "" : type.getPackageName().substring(ROOT.length() + 1);
    }

    /** Returns whether an arrow leads to a package, or to one type of it, nested types included. */
    private static boolean leadsTo(Dependency arrow, String known) {
        var type = arrow.getTargetClass().getBaseComponentType();
        var name = type.getFullName().substring(ROOT.length() + 1);
        return room(type).equals(known) || name.equals(known) || name.startsWith(known + "$");
    }

    private static Stream<Dependency> arrowsOutOf(String room) {
        return OURS.stream()
                .filter(type -> room(type).equals(room))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(arrow -> OURS.contain(
                        arrow.getTargetClass().getBaseComponentType().getFullName()))
                .filter(arrow ->
                        !room(arrow.getTargetClass().getBaseComponentType()).equals(room));
    }

    @Test
    void rooms_all_areListed() {
        var found = OURS.stream()
                .map(RoomsTest::room)
                .filter(room -> !room.isEmpty())
                .collect(toCollection(TreeSet::new));
        assertEquals(rooms(), found);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void room_each_knowsNoOthers(String room) {
        var known = KNOWN.getOrDefault(room, List.of());
        var others = arrowsOutOf(room)
                .filter(arrow -> known.stream().noneMatch(one -> leadsTo(arrow, one)))
                .map(Dependency::getDescription)
                .sorted()
                .toList();
        assertEquals(List.of(), others);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void room_each_usesWhatItMayKnow(String room) {
        var unused = KNOWN.getOrDefault(room, List.of()).stream()
                .filter(one -> arrowsOutOf(room).noneMatch(arrow -> leadsTo(arrow, one)))
                .toList();
        assertEquals(List.of(), unused);
    }

    @Test
    void rooms_together_haveNoCycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void sdk_vendors_isKnownToOpenapiAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".openapi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.aliyuncs..")
                .check(OURS);
    }

    @Test
    void servlets_api_isKnownToWebAndTheRootAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".web")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.servlet..")
                .check(OURS);
    }

    @Test
    void clock_machines_isNotReadDirectly() {
        noClasses()
                .should()
                .accessTargetWhere(reads(Instant.class, "now"))
                .orShould()
                .accessTargetWhere(reads(System.class, "currentTimeMillis"))
                .check(OURS);
    }

    private static DescribedPredicate<JavaAccess<?>> reads(Class<?> type, String method) {
        return target(name(method)).and(target(owner(JavaClass.Predicates.type(type))));
    }
}
