package alirtc.appserver.openapi;

import alirtc.appserver.token.UserId;
import com.aliyuncs.AcsResponse;
import com.aliyuncs.transform.UnmarshallerContext;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.annotations.SerializedName;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@code RemoveTerminals} answer. ApsaraVideo Live tells of the users in a list, RTC in an
 * object with a list in it, or in a list alone.
 *
 * @see <a href="https://help.aliyun.com/zh/live/developer-reference/api-kick-end-user-from-channel">the vendor's reference</a>
 */
final class RemoveTerminalsResponse extends AcsResponse {
    private static final int DONE = 0;

    @SerializedName("RequestId")
    private @Nullable String requestId;

    @SerializedName("Terminals")
    private @Nullable JsonElement terminals;

    /**
     * Returns whether the user was put out.
     *
     * @throws RtcException if the answer makes no sense
     */
    boolean hasRemoved(UserId user) throws RtcException {
        ResponseFields.required(requestId, "RequestId");
        var told = ResponseFields.required(terminals, "Terminals");
        var list = told.isJsonObject() ? told.getAsJsonObject().get("Terminal") : told;
        if (list == null || !list.isJsonArray()) {
            throw malformed();
        }
        for (var one : list.getAsJsonArray()) {
            if (one.isJsonObject() && isOf(one.getAsJsonObject(), user)) {
                return isDone(one.getAsJsonObject());
            }
        }
        throw malformed();
    }

    private static boolean isOf(JsonObject terminal, UserId user) {
        var id = terminal.get("Id");
        return id != null && id.isJsonPrimitive() && id.getAsString().equals(user.value());
    }

    private static boolean isDone(JsonObject terminal) throws RtcException {
        var code = terminal.get("Code");
        if (code == null || !code.isJsonPrimitive()) {
            throw malformed();
        }
        return code.getAsString().equals(Integer.toString(DONE));
    }

    private static RtcException malformed() {
        return new RtcException(
                RtcException.Kind.MALFORMED,
                "the upstream's answer makes no sense: Terminals does not tell of the user");
    }

    /** Never called: Gson fills the fields. */
    @Override
    public RemoveTerminalsResponse getInstance(UnmarshallerContext context) {
        return this;
    }
}
