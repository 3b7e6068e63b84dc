package alirtc.appserver.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from the messages of the cloud. Apostrophes stand for quotation marks. */
class EventMessageTest {
    private static final String NONE = "";

    private static EventMessage parse(String body) throws MalformedEventException {
        return EventMessage.parse(body.replace('\'', '"').getBytes(UTF_8));
    }

    /** Returns the events in short: channel, kind, user, session. */
    private static String events(String body) throws MalformedEventException {
        return parse(body).events().stream()
                .map(event -> event.channel().value() + " " + event.kind() + " " + event.user() + " " + event.session())
                .collect(Collectors.joining("; "));
    }

    /** Returns a message about a user event in the channel {@code c1}. */
    private static String about(String event) {
        return "{'AppId':'a','ChannelId':'c1','Contents':[{'Event':'UserEvent','UserEvent':" + event + "}]}";
    }

    @Test
    void parse_examplesOfTheVendors_areUnderstood() throws Exception {
        var message = parse("""
                {"MsgId":"875d5266cbabb1834cc84a105cf68454","MsgTimestamp":1697545591,"SubscribeId":"09be","AppId":"xxx",\
                "ChannelId":"9099","Contents":[{"Event":"UserEvent","UserEvent":{"UserId":"linux_test","EventTag":"Leave",\
                "SessionId":"je7y2sBZJZQ0VBJZrh4LnBkxvGH2WyVs","Timestamp":1697545591,"ChannelProfile":"interactive_live",\
                "US":5068748604047364,"Reason":1,"Role":1,"TerminalType":6,"UserType":2}}]}""");
        assertEquals("xxx", message.appId());
        assertEquals(
                "[ChannelEvent[channel=ChannelId[value=9099], kind=LEAVE, user=linux_test,"
                        + " session=je7y2sBZJZQ0VBJZrh4LnBkxvGH2WyVs]]",
                message.events().toString());
        assertEquals("9099 CLOSE  close@1609854530", events("""
                {"AppId":"xxx","Event":"ChannelEvent","ChannelEvent":\
                {"ChannelId":"9099","EventTag":"Close","Timestamp":1609854530}}"""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'UserId':'u1','EventTag':'Join','SessionId':'s1'}                  | c1 JOIN u1 s1",
                "{'UserId':'u1','EventTag':'Leave','SessionId':'s1'}                 | c1 LEAVE u1 s1",
                "{'USERID':'u1','eventTag':'join','SessionID':'s1'}                  | c1 JOIN u1 s1",
                "{'UserId':'u1','EventTag':'Join','SessionId':'s1','ChannelID':'c2'} | c2 JOIN u1 s1",
                "{'UserId':7,'EventTag':'Join','SessionId':8}                        | c1 JOIN 7 8",
                "{'userid':'u2','UserId':'u1','EventTag':'Join','SessionId':'s1'}    | c1 JOIN u1 s1",
            })
    void parse_userEvent_isOfUse(String event, String expected) throws Exception {
        assertEquals(expected, events(about(event)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'UserId':'u1','EventTag':'PublishAudio','SessionId':'s1'}",
                "{'UserId':'u1','EventTag':'Close','SessionId':'s1','Timestamp':1609854530}",
                "{'UserId':'u1','EventTag':['Join'],'SessionId':'s1'}",
                "{'UserId':'u1','SessionId':'s1'}",
                "{'UserId':'u1','EventTag':'Join'}",
                "{'UserId':'u1','EventTag':'Join','SessionId':''}",
                "{'UserId':'u1','EventTag':'Join','SessionId':'s\\n1'}",
                "{'UserId':'u1','EventTag':'Join','SessionId':null}",
                "{'EventTag':'Join','SessionId':'s1'}",
                "{'UserId':'u 1','EventTag':'Join','SessionId':'s1'}",
                "{'UserId':1.5,'EventTag':'Join','SessionId':'s1'}",
                "{'UserId':'u1','EventTag':'Join','SessionId':'s1','ChannelId':'c/2'}",
                "{'UserId':'u1','EventTag':'Join','SessionId':'s1','ChannelId':'0'}",
                "{'UserId':'u1','EventTag':'Join','SessionId':'s1','ChannelId':null}",
                "[]",
                "null",
            })
    void parse_userEvent_isOfNoUse(String event) throws Exception {
        assertEquals(NONE, events(about(event)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'appid':'a','channelid':'c1','contents':[{'event':'userevent','userevent':{'UserId':'u','EventTag':'Join','SessionId':'s'}}]} | c1 JOIN u s",
                "{'AppId':'a','ChannelID':'c1','Event':'UserEvent','UserEvent':{'UserId':'u','EventTag':'Join','SessionId':'s'}} | c1 JOIN u s",
                "{'AppId':'a','ChannelId':'c1','Event':'ChannelEvent','ChannelEvent':{'EventTag':'Close','Timestamp':'1609854530'}} | c1 CLOSE  close@1609854530",
                "{'AppId':'a','Contents':[{'Event':'ChannelEvent','ChannelEvent':{'ChannelId':'c3','EventTag':'Close','Timestamp':5}}]} | c3 CLOSE  close@5",
                "{'AppId':'a','ChannelId':'c1','Event':'ChannelEvent','ChannelEvent':{'EventTag':'Open','Timestamp':5}} | ''",
                "{'AppId':'a','ChannelId':'c1','Event':'ChannelEvent','ChannelEvent':{'EventTag':'Close'}} | ''",
                "{'AppId':'a','ChannelId':'c1','Event':'ChannelEvent','ChannelEvent':{'EventTag':'Close','Timestamp':-5}} | ''",
                "{'AppId':'a','ChannelId':'c1','Event':'ChannelEvent','ChannelEvent':{'EventTag':'Close','Timestamp':16098545300}} | ''",
                "{'AppId':'a','ChannelId':'c1','Event':'ChannelEvent','ChannelEvent':{'EventTag':'Close','Timestamp':1.5}} | ''",
                "{'AppId':'a','Event':'ChannelEvent','ChannelEvent':{'EventTag':'Close','Timestamp':5}} | ''",
                "{'AppId':'a','ChannelId':'c1','Event':'UserEvent'} | ''",
                "{'AppId':'a','ChannelId':'c1','Event':'AppId'} | ''",
                "{'AppId':'a','ChannelId':'c1','Event':'RecordEvent','RecordEvent':{'EventTag':'Join'}} | ''",
                "{'AppId':'a','ChannelId':'c1','Contents':[1,null,[],{}]} | ''",
                "{'AppId':'a'} | ''",
            })
    void parse_message_hasTheEventsThatAreOfUse(String body, String expected) throws Exception {
        assertEquals(expected.equals("''") ? NONE : expected, events(body));
    }

    @Test
    void parse_severalContents_keepsTheirOrderAndLeavesOutTheRest() throws Exception {
        assertEquals("c1 JOIN u1 s1; c1 LEAVE u1 s1; c1 CLOSE  close@9", events("""
                {'AppId':'a','ChannelId':'c1','Contents':[
                  {'Event':'ChannelEvent','ChannelEvent':{'EventTag':'Open','Timestamp':7}},
                  {'Event':'UserEvent','UserEvent':{'UserId':'u1','EventTag':'Join','SessionId':'s1'}},
                  {'Event':'UserEvent','UserEvent':{'UserId':'u1','EventTag':'PublishAudio','SessionId':'s1'}},
                  {'Event':'UserEvent','UserEvent':{'UserId':'u1','EventTag':'Leave','SessionId':'s1'}},
                  {'Event':'ChannelEvent','ChannelEvent':{'EventTag':'Close','Timestamp':9}}]}"""));
    }

    @Test
    void parse_moreContentsThanSensible_readsTheFirstHundred() throws Exception {
        var join = "{'Event':'UserEvent','UserEvent':{'UserId':'u','EventTag':'Join','SessionId':'s'}}";
        var all = (join + ",").repeat(100) + join;
        assertEquals(
                100,
                parse("{'AppId':'a','ChannelId':'c1','Contents':[" + all + "]}")
                        .events()
                        .size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "'secret'",
                "null",
                "[{'AppId':'a'}]",
                "{'AppId':'secret'",
                "{'AppId':'secret'} {}",
                "{'AppId':''}",
                "{'AppId':null}",
                "{'AppId':{}}",
                "{'App':'secret'}",
            })
    void parse_noMessage_isRejectedInWordsOfOurs(String body) {
        var rejection = assertThrows(MalformedEventException.class, () -> parse(body));
        var message = String.valueOf(rejection.getMessage());
        assertEquals(-1, message.indexOf("secret"), message);
        assertEquals(null, rejection.getCause());
    }

    @Test
    void parse_deepOrLong_isRejected() throws Exception {
        assertThrows(MalformedEventException.class, () -> parse("[".repeat(EventMessage.MAX_BYTES)));
        var longest = "{'AppId':'a'}" + " ".repeat(EventMessage.MAX_BYTES - 13);
        assertEquals(NONE, events(longest));
        assertThrows(MalformedEventException.class, () -> parse(longest + " "));
    }
}
