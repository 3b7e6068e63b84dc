package alirtc.appserver.config;

/**
 * What the log looks like.
 *
 * @param json whether a line is a JSON object
 * @param requests whether every request has a line
 */
public record LogConfig(boolean json, boolean requests) {}
