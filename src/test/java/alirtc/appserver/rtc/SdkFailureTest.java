package alirtc.appserver.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.rtc.RtcException.Kind;
import com.aliyuncs.exceptions.ServerException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SdkFailureTest {
    @ParameterizedTest
    @CsvSource({
        "DescribeChannelUsers, request.noappid, AppId is missing., NO_APP, request.noappid",
        "DescribeChannelUsers, request.illegalauth, The app is not yours., NO_APP, request.illegalauth",
        "DescribeChannelUsers, request.norequestid, ..., REFUSED, request.norequestid",
        "DescribeChannelUsers, Forbidden.RAM, User not authorized., REFUSED, Forbidden.RAM",
        "DeleteChannel, App.NotExist, ..., NO_APP, App.NotExist",
        "DeleteChannel, Channel.NotExist, ..., NO_CHANNEL, Channel.NotExist",
        "DeleteChannel, App.Stop, ..., REFUSED, App.Stop",
        "DescribeChannelUsers, AppOrChannelNotExists, ..., NO_APP, AppOrChannelNotExists",
        "DescribeChannelUsers, 404, AppOrChannelNotExists, NO_APP, AppOrChannelNotExists",
        "DescribeChannelUsers, 401, InvalidAuth, NO_APP, InvalidAuth",
        "DescribeChannelUsers, 400, InvalidInput, REFUSED, InvalidInput",
        "DeleteChannel, AppOrChannelNotExists, ..., NO_CHANNEL, AppOrChannelNotExists",
        "DeleteChannel, 404, AppOrChannelNotExists, NO_CHANNEL, AppOrChannelNotExists",
        "DeleteChannel, 500, 'ServerError, Check App And Channel Exists,Retry', UNAVAILABLE, 500",
    })
    void of_aServersRefusal_goesByItsCodeOrTheNameBesideAMereNumber(
            String action, String code, String text, Kind kind, String told) {
        var failure = SdkFailure.of(action, new ServerException(code, text, "r-1"));
        assertEquals(kind, failure.kind());
        assertEquals(action + ": " + told + ", upstream request r-1", failure.getMessage());
    }
}
