package alirtc.appserver.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation: as much of Markdown as the pages use. Code is a fenced block, or lines that are indented by
 * four blanks after an empty line.
 *
 * @param path relative to the project's folder
 * @param text lines outside of code
 * @param code lines of code, without their indentation
 */
public record Page(Path path, List<String> text, List<String> code) {
    /** The English pages, and the overview in the project's folder. */
    private static final List<Path> ENGLISH = List.of(Path.of("README.md"), Path.of("src/site/markdown"));

    /** The Chinese pages, in the order of the English. */
    private static final List<Path> CHINESE =
            List.of(Path.of("src/site/README.zh-CN.md"), Path.of("src/site/zh_CN/markdown"));

    private static final String INDENTATION = "    ";
    private static final String FENCE = "```";
    private static final Pattern HEADING = Pattern.compile("(#{1,6}) +(.+)");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\"></a>");
    private static final Pattern CODE_SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern CELLS = Pattern.compile("\\s*\\|\\s*");

    public Page {
        text = List.copyOf(text);
        code = List.copyOf(code);
    }

    /**
     * A heading.
     *
     * @param level 1 for the page's title
     */
    record Heading(int level, String words) {}

    /** Reads a page. */
    public static Page read(Path path) {
        var text = new ArrayList<String>();
        var code = new ArrayList<String>();
        boolean fenced = false;
        boolean codeMayFollow = true;
        for (var line : lines(path)) {
            if (line.startsWith(FENCE)) {
                fenced = !fenced;
            } else if (fenced) {
                code.add(line);
            } else if (codeMayFollow && line.startsWith(INDENTATION)) {
                code.add(line.substring(INDENTATION.length()));
            } else {
                text.add(line);
                codeMayFollow = line.isBlank();
            }
        }
        return new Page(path, text, code);
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns all pages in English. */
    public static List<Page> english() {
        return ENGLISH.stream().flatMap(Page::below).toList();
    }

    /** Returns all pages in Chinese. */
    public static List<Page> chinese() {
        return CHINESE.stream().flatMap(Page::below).toList();
    }

    /** Returns the pages in a folder and the folders in it, in the order of their names; or the one page. */
    public static Stream<Page> below(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream()
                    .map(Page::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the English page that this Chinese one is a translation of. It may not be there. */
    Path original() {
        return path.equals(CHINESE.get(0))
                ? ENGLISH.get(0)
                : ENGLISH.get(1).resolve(CHINESE.get(1).relativize(path));
    }

    /** Returns the headings in their order. */
    List<Heading> headings() {
        return text.stream()
                .map(HEADING::matcher)
                .filter(heading -> heading.matches())
                .map(heading -> new Heading(heading.group(1).length(), heading.group(2)))
                .toList();
    }

    /** Returns the anchors that are set explicitly, in their order. */
    List<String> explicitAnchors() {
        return found(ANCHOR, String.join("\n", text)).toList();
    }

    /** Returns all that can stand behind a {@code #}: explicit anchors, and those that GitHub gives headings. */
    Set<String> anchors() {
        var anchors = new LinkedHashSet<>(explicitAnchors());
        var repeated = new HashMap<String, Integer>();
        for (var heading : headings()) {
            var slug = heading.words()
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{M}\\p{N} _-]", "")
                    .replace(' ', '-');
            int before = repeated.merge(slug, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? slug : slug + "-" + before);
        }
        return anchors;
    }

    /** Returns where links and images lead, as it is written, in their order. */
    public List<String> links() {
        return found(LINK, CODE_SPAN.matcher(String.join("\n", text)).replaceAll(""))
                .toList();
    }

    /** Returns what stands between backticks in a text. */
    public static Stream<String> codeSpans(String text) {
        return found(CODE_SPAN, text);
    }

    /** Returns the rows of all tables, each as its cells. */
    public List<List<String>> rows() {
        return text.stream()
                .filter(line -> line.startsWith("|"))
                .map(line -> List.of(CELLS.split(line.substring(1).strip())))
                .toList();
    }

    /** Returns the whole page, code too. */
    String all() {
        return String.join("\n", text) + "\n" + String.join("\n", code);
    }

    /** Returns the path, by which reports of tests name the page. */
    @Override
    public String toString() {
        return path.toString();
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1));
    }
}
