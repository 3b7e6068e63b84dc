package alirtc.appserver;

import java.lang.management.ManagementFactory;
import java.util.TreeSet;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Where the page is: Tomcat tells its ports by JMX. The Servlet API knows none, and other containers open theirs later.
 */
final class PageAddress {
    /** Stands for every address of the machine, 127.0.0.1 among them. */
    private static final String EVERY = "0.0.0.0";

    private PageAddress() {}

    /**
     * Returns the addresses of the page in words.
     *
     * @param context the context's path
     */
    static String of(String context) {
        var addresses = new TreeSet<String>();
        var beans = ManagementFactory.getPlatformMBeanServer();
        try {
            for (var connector : beans.queryNames(new ObjectName("*:type=Connector,*"), null)) {
                addresses.add(address(beans, connector) + context + "/");
            }
        } catch (JMException | RuntimeException e) {
            addresses.clear();
        }
        return addresses.isEmpty()
                ? "below " + context + "/, wherever the container listens"
                : "at " + String.join(", ", addresses);
    }

    private static String address(MBeanServer beans, ObjectName connector) throws JMException {
        var given = connector.getKeyProperty("address");
        var host = given == null ? EVERY : ObjectName.unquote(given).replaceFirst("^.*/", "");
        return beans.getAttribute(connector, "scheme") + "://"
                + (host.equals(EVERY) || host.equals("0:0:0:0:0:0:0:0") ? "127.0.0.1" : host)
                + ":" + beans.getAttribute(connector, "localPort");
    }
}
