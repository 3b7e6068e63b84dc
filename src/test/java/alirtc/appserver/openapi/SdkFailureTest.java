package alirtc.appserver.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.openapi.RtcException.Kind;
import com.aliyuncs.exceptions.ServerException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SdkFailureTest {
    @ParameterizedTest
    @CsvSource({
        "DescribeChannelUsers, request.noappid, AppId is missing., APP_NOT_FOUND, request.noappid",
        "DescribeChannelUsers, request.illegalauth, The app is not yours., APP_NOT_FOUND, request.illegalauth",
        "DescribeChannelUsers, request.norequestid, ..., REFUSED, request.norequestid",
        "DescribeChannelUsers, Forbidden.RAM, User not authorized., REFUSED, Forbidden.RAM",
        "DeleteChannel, App.NotExist, ..., APP_NOT_FOUND, App.NotExist",
        "DeleteChannel, Channel.NotExist, ..., CHANNEL_NOT_FOUND, Channel.NotExist",
        "RemoveTerminals, Channel.NotExist, ..., CHANNEL_NOT_FOUND, Channel.NotExist",
        "RemoveTerminals, ResourceNotExist, ..., CHANNEL_NOT_FOUND, ResourceNotExist",
        "RemoveTerminals, 404, ResourceNotExist, CHANNEL_NOT_FOUND, ResourceNotExist",
        "RemoveTerminals, InputInvalid, ..., REFUSED, InputInvalid",
        "RemoveTerminals, NoAuth, ..., APP_NOT_FOUND, NoAuth",
        "DeleteChannel, App.Stop, ..., REFUSED, App.Stop",
        "DescribeChannelUsers, AppOrChannelNotExists, ..., APP_NOT_FOUND, AppOrChannelNotExists",
        "DescribeChannelUsers, 404, AppOrChannelNotExists, APP_NOT_FOUND, AppOrChannelNotExists",
        "DescribeChannelUsers, 401, InvalidAuth, APP_NOT_FOUND, InvalidAuth",
        "DescribeChannelUsers, 400, InvalidInput, REFUSED, InvalidInput",
        "DeleteChannel, AppOrChannelNotExists, ..., CHANNEL_NOT_FOUND, AppOrChannelNotExists",
        "DeleteChannel, 404, AppOrChannelNotExists, CHANNEL_NOT_FOUND, AppOrChannelNotExists",
        "DeleteChannel, 500, 'ServerError, Check App And Channel Exists,Retry', UNAVAILABLE, 500",
    })
    void of_aServersRefusal_goesByItsCodeOrTheNameBesideAMereNumber(
            String action, String code, String text, Kind kind, String told) {
        var failure = SdkFailure.of(action, new ServerException(code, text, "r-1"));
        assertEquals(kind, failure.kind());
        assertEquals(action + ": " + told + ", upstream request r-1", failure.getMessage());
    }
}
