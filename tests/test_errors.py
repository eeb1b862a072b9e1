"""Text from elsewhere drives no terminal, forges no line and puts no markup into a page, in any command or format."""

import json
import re
import shlex
import shutil
import sys
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from inside import UNSAFE, faults, inside

from kg.cli.completion import CANDIDATES, completer
from kg.errors import clean, clean_text, invisible, markdown, shell_word, shortened, to_json, xml
from kg.graph import Graph

HERE = Path(__file__).parent
EVIL = (
    "z\x1b]0;owned\x07\x9b2J\u202e\u2066\u200b\ufeff\xad\u2028<img src=x onerror=alert(1)> [x](http://evil.example) "
    "`a` *b* | @somebody #12 ##[error]z\n::error file=a::pwned\n  ::add-mask::pwned\nFORGED: 0 violations\r\nFORGED"
)
ODD = "<https://w3id.org/entente/id/odd\u202e\u200bthing>"  # characters that an IRI may have
QUOTE = "::error::pwned \u202e<b>@somebody</b> [x](http://evil.example) Norland has backed Sudland since 2015."
WHY = ("why", "id:norland", "ent:backs", "id:sudland")
WHY_NOT = ("why", "id:sudland", "ent:backs", "id:norland")
CLAIMED = ("why", "id:westland", "ent:opposes", "id:norland")


def turtle(text: str) -> str:
    """The text as a literal of Turtle, every character that is not a letter as an escape."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\U{ord(c):08X}" for c in text) + '"'


def hostile(folder: Path) -> Path:
    """The tiny graph with hostile labels, quotes, titles, IRIs, messages of shapes, summaries and sources."""
    shutil.copytree(HERE / "graphs" / "tiny", folder)
    article = folder / "kg" / "articles" / "2020-03-norland"
    plain, evil = "Norland has backed Sudland since 2015.", turtle(EVIL)
    facts = (article / "facts.trig").read_text("utf-8").replace(f'"{plain}"', turtle(QUOTE))
    facts = re.sub('"(Norland|Sudland|Westland|Ada Holm)"@en', lambda found: f"{evil}@en", facts)
    facts = re.sub('(title|basis) ".*"@en', lambda found: f"{found[1]} {evil}@en", facts)
    more = f"id:norland skos:altLabel {turtle(EVIL + 'also')} ; ent:backs {ODD} .\n    {ODD} a ent:State ; "
    facts = facts.replace("    id:norland a ent:State", f"    {more}rdfs:label {evil} .\n    id:norland a ent:State", 1)
    head = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    (article / "facts.trig").write_text(head + facts, "utf-8")
    text = (article / "article.txt").read_text("utf-8").replace(plain, QUOTE)
    (article / "article.txt").write_text(text, "utf-8")
    for name, old in {
        "ontology/words.ttl": '"(actor|state|backs|opposes)"@en',
        "shapes/words.ttl": '"A state has a name."@en',
        "kg/background/codes.trig": '"NOR"|"A list of codes"@en',
    }.items():
        path = folder / name
        changed = re.sub(old, lambda found: evil, path.read_text("utf-8"))
        path.write_text(changed.replace("https://example.org/codes", "javascript:alert(1)"), "utf-8")
    query = folder / "queries" / "who-backs.rq"
    summary = json.dumps(EVIL + "?")  # JSON is YAML
    query.write_text(query.read_text("utf-8").replace("Who backs whom?", summary), "utf-8")
    shutil.copy(query, query.with_name("shared-projects.rq"))  # which the tour asks
    ontology = folder / "ontology" / "words.ttl"
    more = "ent:backs rdfs:subPropertyOf ent:supports . ent:supports a owl:ObjectProperty .\n"
    ontology.write_text(ontology.read_text("utf-8") + more, "utf-8")
    return folder


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = hostile(tmp_path_factory.mktemp("hostile") / "graph")
    ran = inside("-C", str(folder), "build")
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture(scope="module")
def broken(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, where each statement violates the shapes and the reasoner has much to say."""
    folder = Path(shutil.copytree(graph, tmp_path_factory.mktemp("broken") / "graph"))
    shapes = folder / "shapes" / "words.ttl"
    shapes.write_text(shapes.read_text("utf-8").replace("minCount 1", "maxCount 0"), "utf-8")
    facts = folder / "kg" / "articles" / "2020-03-norland" / "facts.trig"
    wrong = f"id:norland a ent:Person ; {ODD} {turtle(EVIL)} . id:sudland ent:backs id:norland ."
    facts.write_text(facts.read_text("utf-8").replace("p:backing {", f"p:backing {{ {wrong}"), "utf-8")
    return folder


TEXT = [
    ("tour",),
    ("query",),
    ("query", "who-backs", "-f", "text"),
    ("query", "who-backs", "-f", "text", "--receipts"),
    ("query", "who-backs", "-f", "text", "--receipts", "--all", "-p", "backer=id:norland"),
    ("show",),
    ("show", "id:norland"),
    ("show", "id:norland", "--color", "always"),
    ("show", ODD),
    ("show", "id:ada-holm"),
    ("show", "owned"),
    ("show", EVIL),
    ("show", "Norland\nFORGED"),
    WHY,
    (*WHY, "--all"),
    WHY_NOT,
    CLAIMED,
    ("why", "id:norland", "a", "ent:Actor"),
    ("explain",),
    ("explain", "shape:MinCount"),
    ("explain", EVIL),
    ("fmt", "--check"),
    ("validate", "--fail-on", "info"),
    ("query", EVIL),
    ("query", f"{EVIL}.rq"),
    ("query", "who-backs", "-p", f"{EVIL}=1"),
    ("query", "who-backs", "-p", EVIL.replace("=", "")),
    ("query", "who-backs", "--data", f"{EVIL}.ttl"),
    ("diff", EVIL),
    ("new", EVIL),
    ("new", "README.md", "--name", EVIL),
    ("new", "README.md", "--language", EVIL),
    ("new", "README.md", "--source", EVIL),
    ("new", "README.md", "--reading-date", EVIL),
    ("fmt", EVIL),
    ("validate", EVIL),
    ("check", "--since", EVIL),
    ("-C", EVIL, "build"),
    (EVIL,),
    ("show", "id:norland", EVIL),
    ("query", "--timeout", EVIL),
]
HARMLESS = {("validate", "--fail-on", "info"), ("fmt", "--check"), ("explain",), ("show", "Norland\nFORGED")}
MARKDOWN = [
    ("query", "who-backs", "-f", "md"),
    ("query", "who-backs", "-f", "md", "--receipts"),
    (*WHY, "-f", "md"),
    (*WHY, "--all", "-f", "md"),
    (*WHY_NOT, "-f", "md"),
    (*CLAIMED, "-f", "md"),
    ("why", "id:norland", "skos:notation", EVIL, "-f", "md"),
    ("explain", "shape:MinCount", "-f", "md"),
]
JSON = [
    ("query", "--list", "-f", "json"),
    ("query", "who-backs", "-f", "json", "--receipts"),
    ("show", "-f", "json"),
    ("show", "id:norland", "-f", "json"),
    (*WHY, "-f", "json"),
    (*WHY_NOT, "-f", "json"),
    ("explain", "shape:MinCount", "-f", "json"),
    ("validate", "-f", "json"),
    ("validate", "-f", "sarif"),
]


@pytest.mark.parametrize("command", TEXT, ids=lambda command: "-".join(command)[:30].encode("unicode_escape").decode())
def test_text_for_people_is_safe(graph: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(graph)
    ran = inside(*command)
    bold = ran._replace(out=re.sub("\x1b\\[[01]m", "", ran.out)) if "always" in command else ran
    # A cell of a table may have several lines; each of them starts with what is text of others anyway.
    assert set(faults(bold)) <= {"a forged line"} if {"text", "tour"} & {*command} else faults(bold) == [], ran
    assert "owned" in ran.out + ran.err or command in HARMLESS


@pytest.mark.parametrize("command", MARKDOWN, ids=" ".join)
def test_markdown_has_no_markup_of_strangers(graph: Path, command: tuple[str, ...]) -> None:
    ran = inside("-C", str(graph), *command)
    assert faults(ran) == [], ran
    assert "alert(1)" in ran.out
    assert not re.search(r"<(?!br>)|(?<!\\)\]\(|(?<!\\)`a`|@somebody|#12|\bjavascript:alert\(1\)>", ran.out), ran.out


@pytest.mark.parametrize("command", JSON, ids=" ".join)
def test_json_escapes_what_is_not_seen(graph: Path, command: tuple[str, ...]) -> None:
    ran = inside("-C", str(graph), *command)
    assert json.loads(ran.out) is not None
    assert not UNSAFE.search(ran.out)


def test_json_is_the_same_data(graph: Path) -> None:
    found = json.loads(inside("-C", str(graph), "query", "--list", "-f", "json").out)[0]
    assert found["summary"] == EVIL + "?"


@pytest.mark.parametrize("form", ["text", "github", "sarif", "junit", "json", "turtle"])
@pytest.mark.parametrize("command", ["validate", "check"])
def test_findings_are_safe_in_each_format(
    broken: Path, command: str, form: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    ran = inside("-C", str(broken), command, "-f", form, "--fail-on", "info")
    assert ran.code == 1
    assert not faults(ran if form == "text" else ran._replace(out="")), ran
    assert not UNSAFE.search(ran.out) or form == "turtle"
    if form == "github":
        assert all(re.match("::(error|warning|notice) file=", line) for line in ran.out.splitlines())
        summary = (tmp_path / "summary.md").read_text("utf-8")
        assert not UNSAFE.search(summary)
        assert not re.search(r"<(?!br>)|(?<!\\)\]\(|@somebody|#12|^FORGED", summary, re.MULTILINE)
    elif form == "junit":
        ElementTree.fromstring(ran.out)
    elif form in ("json", "sarif"):
        json.loads(ran.out)


@pytest.mark.parametrize("form", ["text", "md", "json", "patch"])
def test_differences_are_safe_in_each_format(graph: Path, form: str, small: Graph) -> None:
    ran = inside("-C", str(graph), "diff", small.graph_folder.root, str(graph), "-f", form)
    assert ran.code == 1, ran.err
    if form == "patch":  # data, in the escapes of N-Quads
        assert all(re.match("[AD] <|T[XC] \\.", line) for line in ran.out.split("\n") if line)
    elif form == "json":
        assert not UNSAFE.search(ran.out)
    else:
        assert faults(ran) == []
    if form == "md":
        outside = re.sub("```diff\n.*?```\n", "", ran.out, flags=re.DOTALL)
        assert "alert" not in outside
        assert ran.out.count("```") == 2 * ran.out.count("```diff")


@pytest.mark.parametrize("what", ["thing", "query", "parameter"])
def test_the_shell_is_offered_what_can_be_typed(graph: Path, what: str) -> None:
    from argparse import Namespace

    (graph / "queries" / "x\x1b[2J\n.rq").touch()
    try:
        given = Namespace(directory=str(graph), query="who-backs")
        offered = completer(CANDIDATES[what])(parsed_args=given, prefix="")
    finally:
        (graph / "queries" / "x\x1b[2J\n.rq").unlink()
    assert all(map(str.isprintable, offered))


def test_a_difference_in_style_is_a_patch_that_applies(graph: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text('<a:a>   <a:b> "tab\there \u2028 and\u202e" , """\n::error::pwned\n""" ; <a:c>\t1 .', "utf-8")
    ran = inside("-C", str(graph), "fmt", "--diff", str(path))
    assert ran.code == 1
    assert "\\ No newline at end of file\n" in ran.out
    assert "\t" in ran.out
    assert faults(ran) == []


# The functions


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x07\x9b\x7f", r"\x1b[2J\x07\x9b\x7f"),
        ("a\tb\r\n", r"a\tb\r\n"),
        ("\u202eevil\u2069\u200f\u2028", r"\u202eevil\u2069\u200f\u2028"),
        ("a\u200bb\ufeff\xad\u2060", r"a\u200bb\ufeff\xad\u2060"),
        ("pay\u200dpal \u200c", r"pay\u200dpal \u200c"),
        ("Хо\u200dлм Αθ\u200cήνα é\u200dé 中\u200d文", r"Хо\u200dлм Αθ\u200cήνα é\u200dé 中\u200d文"),
        ("Хо\ufe00лм", r"Хо\ufe00лм"),
        ("क्\u200dष ❤\ufe0f\u200d🔥 葛\ufe00 1\ufe0f\u20e3", "क्\u200dष ❤\ufe0f\u200d🔥 葛\ufe00 1\ufe0f\u20e3"),
        ("\U000e0041\U000e0100", r"\U000e0041\U000e0100"),
        ("\u3164\u115f\uffa0", r"\u3164\u115f\uffa0"),
        ("\ud800\udcff", r"\ud800\udcff"),
        ("Türkiye’nin 中文 👩\u200d👧 می\u200cخواهم", "Türkiye’nin 中文 👩\u200d👧 می\u200cخواهم"),
    ],
)
def test_a_line_for_a_terminal(text: str, shown: str) -> None:
    assert clean(text) == shown
    assert clean_text(text.replace("\t", " ").replace("\n", " ")) == shown.replace(r"\t", " ").replace(r"\n", " ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n\tb\n", "a\n\tb\n"),
        ("\x1b[1mbold\x1b[0m\x1b[31m", "\x1b[1mbold\x1b[0m\\x1b[31m"),
        ("::error::x", r"\x3a:error::x"),
        ("a\n \xa0::error::x", "a\n \xa0\\x3a:error::x"),
        ("a ::b", "a ::b"),
        ("std::vector", "std::vector"),
        ("a ##[group]b", r"a #\x23[group]b"),
        ("a\r::error::x", r"a\r::error::x"),
    ],
)
def test_lines_for_a_terminal_or_a_log(text: str, shown: str) -> None:
    assert clean_text(text) == shown


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("<img src=x>", "&lt;img src=x>"),
        ("&lt;", "&amp;lt;"),
        ("[x](y) ![x](y)", r"\[x\](y) !\[x\](y)"),
        ("`a` *b* ~c~ $d$ |", r"\`a\` \*b\* \~c\~ \$d\$ \|"),
        ("_a_ a_b", r"\_a\_ a_b"),
        ("@somebody a@b.org #12 GH-7", "@&#8203;somebody a@&#8203;b.org #&#8203;12 GH-&#8203;7"),
        ("a\r\nb\x1b\u202e", r"a<br>b\x1b\u202e".replace("\\", "\\\\")),
    ],
)
def test_markdown(text: str, written: str) -> None:
    assert markdown(text) == written


# The signs of numbers of some scripts (Prepended_Concatenation_Mark) are of the category Cf, and seen.
SEEN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
# Default_Ignorable_Code_Point, of Unicode 15.
IGNORABLE = "ad 34f 61c 115f-1160 17b4-17b5 180b-180f 200b-200f 202a-202e 2060-206f 3164 fe00-fe0f feff ffa0 fff0-fff8"
IGNORABLE += " 1bca0-1bca3 1d173-1d17a e0000-e0fff"


def test_every_character_that_nobody_sees_is_told() -> None:
    ranges = [[int(end, 16) for end in row.split("-")] for row in IGNORABLE.split()]
    hidden = {code for row in ranges for code in range(row[0], row[-1] + 1)}
    hidden |= {code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"} - SEEN
    assert [f"{code:x}" for code in sorted(hidden) if not invisible(f"Ada Ho{chr(code)}lm")] == []
    assert [f"{code:x}" for code in sorted(SEEN) if invisible(chr(code))] == []


@given(st.text(st.sampled_from("a :#[\n\t\r\x1b\x9b\u200b\u200d\u202e\ud800é👩1m0;"), max_size=12))
def test_what_is_clean_stays_so_and_carries_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert not UNSAFE.search(clean(text))
    assert "\n" not in clean(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert not re.search(r"(?m)^\s*::|##\[", clean_text(text))
    assert json.loads(to_json([text])) == [text]
    assert not UNSAFE.search(to_json([text]))
    assert not re.search(r"(?m)^\s*::|##\[", to_json([text]))
    ElementTree.fromstring(f"<x>{xml(text)}</x>")


@given(st.text(st.sampled_from("a -$`\\!\"';&|<>(){}*?~#\t\n\u00e9"), max_size=8))
@example("$(touch x).ttl")
@example("x;id>y;.ttl")
def test_a_word_of_a_command_to_copy_is_one(text: str) -> None:
    assert shlex.split(shell_word(text)) == [text]
    assert not re.search(r'"[^"]*[$`\\!][^"]*"', re.sub(r"'[^']*'", "", shell_word(text)))


def test_a_long_message_is_cut() -> None:
    assert shortened("x" * 2_000) == "x" * 2_000
    assert len(shortened("x" * 2_001)) == 2_002
