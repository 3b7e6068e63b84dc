package alirtc.appserver.config;

/**
 * A setting, as {@link SettingsCatalog} declares it.
 *
 * @param <T> what it is read as; an {@code Optional} where it can be without a value
 * @param name what it is called in files and as a system property; {@link Settings#variable} tells its variable
 * @param form which texts it accepts
 * @param required whether the server cannot start without it
 * @param defaultText what holds if it is not set, as the table of the documentation says it: a text of its form, or words
 *     such as {@code none}
 * @param defaultValue what it is read as if it is not set; of a required setting no more than a stand-in, since the
 *     reading fails then
 * @param meaning what it does, in one line, as the table of the documentation says it
 */
record Setting<T>(String name, Form<T> form, boolean required, String defaultText, T defaultValue, String meaning) {

    /** Returns whether it holds a secret, which can lie in the file that the setting {@link #fileName} names. */
    boolean isSecret() {
        return form.secret();
    }

    /** Returns the name of the setting that names the file which holds this one's secret. */
    String fileName() {
        return name + ".file";
    }

    /** Returns the setting with another form, where that depends on other settings. */
    Setting<T> withForm(Form<T> other) {
        return new Setting<>(name, other, required, defaultText, defaultValue, meaning);
    }
}
