package alirtc.appserver.web;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alirtc.appserver.docs.Page;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of errors in the documentation have a row for each status, which says when each error comes. */
class DocumentedErrorsTest {
    private static final Path ENGLISH = Path.of("src/site/markdown/api.md");
    private static final Path CHINESE = Path.of("src/site/zh_CN/markdown/api.md");

    /** Returns when each status comes, as a page says it. */
    private static Map<Integer, String> causes(Path page) {
        return Page.read(page).rows().stream()
                .filter(row -> row.get(0).matches("[1-5][0-9]{2}"))
                .collect(toMap(row -> Integer.valueOf(row.get(0)), row -> row.get(1)));
    }

    /** Returns words in the row of an error that no other error explains: one for both languages, or one for each. */
    private static List<String> words(ErrorCode error) {
        return switch (error) {
            case BAD_PARAMETER -> List.of("`channelId`");
            case UNAUTHENTICATED -> List.of("has expired", "已过期");
            case FORBIDDEN -> List.of("another channel", "另一个频道");
            case BARRED -> List.of("bars the user", "禁止该用户");
            case NOT_FOUND -> List.of("no call is known", "没有已知的通话");
            case METHOD_NOT_ALLOWED -> List.of("`Allow`");
            case REQUEST_TIMEOUT -> List.of("5 s", "5 秒");
            case CHANNEL_FULL -> List.of("`rtc.1v1audio.maxUsers`");
            case CONFLICT -> List.of("`records`");
            case TOO_LARGE -> List.of("64 KiB");
            case TOO_MANY_REQUESTS -> List.of("`rate.perMinute`");
            case DEFECT -> List.of("defect", "缺陷");
            case UPSTREAM_REFUSED -> List.of("credentials", "凭证");
            case UPSTREAM_UNAVAILABLE -> List.of("cloud is down", "云端不可用");
            case KEYS_UNAVAILABLE -> List.of("`auth.jwt.jwks`");
            case REGISTRY_FULL -> List.of("`calls.max`");
            case REGISTRY_AWAY -> List.of("Redis");
            case OVERLOADED -> List.of("more requests than it can answer", "请求多得无法应答");
            case UPSTREAM_TIMEOUT -> List.of("in time", "及时应答");
        };
    }

    @ParameterizedTest
    @EnumSource
    void error_each_isExplainedInBothLanguages(ErrorCode error) {
        var words = words(error);
        var english = causes(ENGLISH).getOrDefault(error.status(), "no row");
        var chinese = causes(CHINESE).getOrDefault(error.status(), "no row");
        assertTrue(english.contains(words.get(0)), english);
        assertTrue(chinese.contains(words.get(words.size() - 1)), chinese);
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/site/markdown/api.md", "src/site/zh_CN/markdown/api.md"})
    void status_documented_isOneOfAnError(String page) {
        var statuses = Arrays.stream(ErrorCode.values()).map(ErrorCode::status).collect(toSet());
        assertEquals(statuses, causes(Path.of(page)).keySet());
    }
}
