/**
 * HTTP in, HTTP out: servlets, filters, the envelope, errors.
 *
 * <p>Start with {@link alirtc.appserver.web.JsonServlet}, which runs every servlet that answers below {@code /app/}.
 *
 * <p>May know every room; only this one and the root know servlets.
 */
@org.jspecify.annotations.NullMarked
package alirtc.appserver.web;
