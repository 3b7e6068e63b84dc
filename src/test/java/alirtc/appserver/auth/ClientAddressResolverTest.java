package alirtc.appserver.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alirtc.appserver.config.TestConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressResolverTest {
    private static String client(String trusted, String connection, List<String> forwardedFor) {
        var access = TestConfig.of(Map.of("proxy.trusted", trusted)).access();
        return new ClientAddressResolver(access.trustedProxies()).client(connection, forwardedFor);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The connection is no trusted proxy's: what it says does not count.
                "''                     | 203.0.113.7  | 198.51.100.1               | 203.0.113.7",
                "10.0.0.0/8             | 203.0.113.7  | 198.51.100.1               | 203.0.113.7",
                "10.0.0.0/8             | 11.0.0.1     | 198.51.100.1               | 11.0.0.1",
                "10.1.2.3               | 10.1.2.4     | 198.51.100.1               | 10.1.2.4",
                // It is: the nearest that is not.
                "10.0.0.0/8             | 10.9.9.9     | 198.51.100.1               | 198.51.100.1",
                "10.1.2.3               | 10.1.2.3     | 198.51.100.1               | 198.51.100.1",
                "10.0.0.0/8             | 10.9.9.9     | 1.1.1.1, 198.51.100.1      | 198.51.100.1",
                "10.0.0.0/8             | 10.9.9.9     | 1.1.1.1,198.51.100.1, 10.2.2.2 | 198.51.100.1",
                "10.0.0.0/8, 192.0.2.1  | 192.0.2.1    | 198.51.100.1,10.0.0.2      | 198.51.100.1",
                "0.0.0.0/0              | 10.9.9.9     | 1.1.1.1, 198.51.100.1      | 1.1.1.1",
                "10.0.0.0/8             | 10.9.9.9     | 10.0.0.3, 10.0.0.2         | 10.0.0.3",
                "10.0.0.0/15            | 10.1.0.9     | 198.51.100.1               | 198.51.100.1",
                "10.0.0.0/15            | 10.2.0.9     | 198.51.100.1               | 10.2.0.9",
                // Something that is no address ends the search at who said it.
                "10.0.0.0/8             | 10.9.9.9     | ''                         | 10.9.9.9",
                "10.0.0.0/8             | 10.9.9.9     | unknown                    | 10.9.9.9",
                "10.0.0.0/8             | 10.9.9.9     | 198.51.100.1, localhost    | 10.9.9.9",
                "10.0.0.0/8             | 10.9.9.9     | 198.51.100.1, nonsense, 10.0.0.2 | 10.0.0.2",
                "10.0.0.0/8             | 10.9.9.9     | 198.51.100.1,              | 10.9.9.9",
                "10.0.0.0/8             | 10.9.9.9     | 198.51.100.256             | 10.9.9.9",
                "10.0.0.0/8             | 10.9.9.9     | 198.51.100                 | 10.9.9.9",
                "10.0.0.0/8             | 10.9.9.9     | 0198.51.100.1              | 10.9.9.9",
                "10.0.0.0/8             | 10.9.9.9     | 198.51.100.1:4711          | 10.9.9.9",
                "10.0.0.0/8             | 10.9.9.9     | .:1                        | 10.9.9.9",
                "10.0.0.0/8             | 10.9.9.9     | 1:2:3                      | 10.9.9.9",
                "10.0.0.0/8             | 10.9.9.9     | <script>                   | 10.9.9.9",
                // IPv6: the first 64 bits. In brackets, with a zone, or mapped.
                "''                     | 2001:db8:1:2:3:4:5:6   | ''               | 20010db800010002",
                "''                     | [2001:db8:1:2::9]      | ''               | 20010db800010002",
                "''                     | fe80::1%eth0           | ''               | fe80000000000000",
                "''                     | ::ffff:203.0.113.7     | ''               | 203.0.113.7",
                "2001:db8::/32          | 2001:db8:ffff::1       | 198.51.100.1     | 198.51.100.1",
                "2001:db8::/32          | 2001:db9::1            | 198.51.100.1     | 20010db900000000",
                "::1                    | 0:0:0:0:0:0:0:1        | 2001:db8:7::1    | 20010db800070000",
                "10.0.0.0/8             | 10.9.9.9               | '[2001:db8:7::1]' | 20010db800070000",
                // Of a socket without an address nothing is known.
                "''                     | ''           | 198.51.100.1               | local",
                "0.0.0.0/0              | /run/socket  | 198.51.100.1               | local",
            })
    void client_connectionAndHeader_isTheNearestThatIsNotTrusted(
            String trusted, String connection, String forwardedFor, String expected) {
        assertEquals(expected, client(trusted, connection, List.of(forwardedFor)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1.1.1.1;198.51.100.1 | 198.51.100.1", "1.1.1.1;198.51.100.1,10.0.0.2;10.0.0.3 | 198.51.100.1"})
    void client_severalHeaders_areReadAsOne(String headers, String expected) {
        assertEquals(expected, client("10.0.0.0/8", "10.9.9.9", Arrays.asList(headers.split(";", -1))));
    }
}
