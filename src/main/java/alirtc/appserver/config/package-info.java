/**
 * What an operator may set: the declarations of all settings, the sources that they come from, and the records that the
 * parts of the server get. Start reading at {@link alirtc.appserver.config.AppConfig} for the records, and at
 * {@code SettingsCatalog} for the declarations. The package knows nothing but the JDK.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.config;
