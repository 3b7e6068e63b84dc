package alirtc.appserver.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk: one thread, 32 connections. On Debian: {@code apt-get install wrk}. */
final class Wrk {
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern BYTES = Pattern.compile("([0-9]+) requests in \\S+, ([0-9.]+)(KB|MB|GB) read");
    private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: ([0-9]+)");

    /** Asks about the channels by turns. The requests are made beforehand, so that wrk does the same for each. */
    private static final String SCRIPT = """
            local requests, turn = {}, 0
            function init(args)
              for channel = 1, tonumber(args[1]) do
                requests[channel] = wrk.format("GET", wrk.path .. "?channelId=" .. args[2] .. (100000 + channel))
              end
            end
            function request()
              turn = turn % #requests + 1
              return requests[turn]
            end
            """;

    private final Path script;

    /**
     * Prepares to load servers.
     *
     * @param script where to write the script that tells wrk what to ask
     */
    Wrk(Path script) throws IOException {
        this.script = Files.writeString(script, SCRIPT);
    }

    /**
     * What a run showed.
     *
     * @param rate requests a second
     * @param p99Millis the time within which 99 of 100 answers came
     * @param bytes the size of an answer, its headers included
     */
    record Result(double rate, double p99Millis, double bytes) {}

    /**
     * Asks an address about channels by turns for some seconds.
     *
     * @throws IOException if any answer was not good
     */
    Result run(String url, Channels channels, int seconds) throws IOException, InterruptedException {
        var process = new ProcessBuilder(List.of(
                        "wrk",
                        "-t1",
                        "-c32",
                        "-d" + seconds + "s",
                        "--latency",
                        "-s" + script,
                        url,
                        "--",
                        Integer.toString(channels.count()),
                        channels.prefix()))
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        if (REFUSED.matcher(output).find()) {
            throw new IOException("Not every answer was good:\n" + output);
        }
        var p99 = found(P99, output);
        double unit = "us".equals(p99.group(2)) ? 0.001 : "ms".equals(p99.group(2)) ? 1 : 1000;
        var read = found(BYTES, output);
        return new Result(
                Double.parseDouble(found(RATE, output).group(1)),
                Double.parseDouble(p99.group(1)) * unit,
                Double.parseDouble(read.group(2)) * bytes(read.group(3)) / Double.parseDouble(read.group(1)));
    }

    private static double bytes(String unit) {
        return switch (unit) {
            case "KB" -> 1 << 10;
            case "MB" -> 1 << 20;
            default -> 1 << 30;
        };
    }

    private static Matcher found(Pattern pattern, String output) throws IOException {
        var matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("wrk did not print what was expected:\n" + output);
        }
        return matcher;
    }
}
