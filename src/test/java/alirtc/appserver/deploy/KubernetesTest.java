package alirtc.appserver.deploy;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.description.ApiDescription;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The manifests are of the forms that Kubernetes knows, fit together, and fit the server. */
class KubernetesTest {
    private static final JsonNode DEPLOYMENT = DeployFiles.yaml(DeployFiles.KUBERNETES.resolve("deployment.yaml"));
    private static final JsonNode CUSTOMIZATION =
            DeployFiles.yaml(DeployFiles.KUBERNETES.resolve("kustomization.yaml"));

    /** What holds a kind of object against the API of Kubernetes. */
    private interface Form {
        void check(JsonElement object) throws Exception;
    }

    private static final Map<String, Form> FORMS = Map.of(
            "Deployment", V1Deployment::validateJsonElement,
            "Service", V1Service::validateJsonElement,
            "PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "NetworkPolicy", V1NetworkPolicy::validateJsonElement);

    private static List<JsonNode> resources() {
        return CUSTOMIZATION
                .path("resources")
                .valueStream()
                .map(name -> DeployFiles.yaml(DeployFiles.KUBERNETES.resolve(name.asString())))
                .toList();
    }

    private static JsonNode pod() {
        return DEPLOYMENT.path("spec").path("template").path("spec");
    }

    private static JsonNode container() {
        return pod().path("containers").path(0);
    }

    @Test
    void resources_each_haveTheFormOfTheirKind() {
        var checked = new TreeSet<String>();
        for (var resource : resources()) {
            var kind = resource.path("kind").asString();
            var form = FORMS.get(kind);
            if (form != null) {
                checked.add(kind);
                assertDoesNotThrow(() -> form.check(JsonParser.parseString(resource.toString())), kind);
            }
        }
        assertEquals(new TreeSet<>(FORMS.keySet()), checked);
    }

    @Test
    void field_unknown_isFound() {
        var wrong = DEPLOYMENT.toString().replace("\"failureThreshold\"", "\"failuresThreshold\"");

        var failure =
                assertThrows(Exception.class, () -> V1Deployment.validateJsonElement(JsonParser.parseString(wrong)));
        assertTrue(String.valueOf(failure.getMessage()).contains("failuresThreshold"), failure::toString);
    }

    @Test
    void files_named_areThere() {
        CUSTOMIZATION
                .path("resources")
                .forEach(name ->
                        assertTrue(Files.exists(DeployFiles.KUBERNETES.resolve(name.asString())), name::asString));
        CUSTOMIZATION
                .path("configMapGenerator")
                .path(0)
                .path("files")
                .forEach(name ->
                        assertTrue(Files.exists(DeployFiles.KUBERNETES.resolve(name.asString())), name::asString));
    }

    @Test
    void selectors_all_chooseThePods() {
        var labels = DEPLOYMENT.at("/spec/template/metadata/labels");
        for (var resource : resources()) {
            var spec = resource.path("spec");
            var selector = spec.has("podSelector") ? spec.path("podSelector") : spec.path("selector");
            assertEquals(
                    labels, selector.has("matchLabels") ? selector.path("matchLabels") : selector, resource::toString);
        }
    }

    @Test
    void probes_all_askForWhatIsDescribed() {
        for (var name : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            var path = container().path(name).path("httpGet").path("path").asString();
            assertTrue(path.startsWith("/1v1-audio/"), path);
            assertTrue(
                    ApiDescription.OURS.paths().contains(path.substring("/1v1-audio".length())),
                    () -> name + " asks for " + path);
        }
    }

    @Test
    void secrets_mounted_areThoseThatSettingsName() {
        var made = CUSTOMIZATION
                .path("secretGenerator")
                .path(0)
                .path("files")
                .valueStream()
                .map(file -> file.asString().replace("secrets/", "/run/secrets/rtc/"))
                .toList();
        var named = container()
                .path("env")
                .valueStream()
                .filter(variable -> variable.path("name").asString().endsWith("_FILE"))
                .map(variable -> variable.path("value").asString())
                .toList();

        assertEquals(made, named);
    }

    @Test
    void pod_hardened_cannotWriteOrRiseAndGetsNoForeignVariables() {
        assertTrue(container().at("/securityContext/readOnlyRootFilesystem").asBoolean());
        assertTrue(pod().at("/securityContext/runAsNonRoot").asBoolean());
        assertTrue(pod().path("enableServiceLinks").isBoolean()
                && !pod().path("enableServiceLinks").asBoolean());
        assertEquals(2, DEPLOYMENT.at("/spec/replicas").asInt());
    }
}
