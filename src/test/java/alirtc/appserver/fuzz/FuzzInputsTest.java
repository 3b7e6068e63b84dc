package alirtc.appserver.fuzz;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Shows every target the inputs that are kept of it: examples to begin with, and what once showed a defect. */
class FuzzInputsTest {
    private static final MethodType ONE_INPUT = MethodType.methodType(void.class, byte[].class);

    @TestFactory
    @Timeout(value = 60, unit = SECONDS)
    Stream<DynamicContainer> inputs() throws Exception {
        return FuzzTargets.all().stream().map(FuzzInputsTest::tests);
    }

    private static DynamicContainer tests(FuzzTargets.Target target) {
        try {
            var type = Class.forName(target.className());
            var method = MethodHandles.lookup().findStatic(type, "fuzzerTestOneInput", ONE_INPUT);
            var tests = target.files().stream()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName().toString(), () -> method.invoke(Files.readAllBytes(file))));
            return DynamicContainer.dynamicContainer(type.getSimpleName(), tests);
        } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
