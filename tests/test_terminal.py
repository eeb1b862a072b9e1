"""Tables for a terminal: they fit its width, lose nothing and cannot drive it."""

import io
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth, wcwidth

import kg.terminal
from kg.errors import UsageError, clean
from kg.graph import Graph
from kg.terminal import display_width, say, table, terminal_width, use_color, wrap

HOME = os.path.dirname(os.path.dirname(kg.terminal.__file__))
COLUMNS = ["state", "partner", "since", "amount"]
ROWS = [
    ["Turkey", "Russia", "2017-12", "20"],
    ["Türkiye", "", "2016", "1,250.5"],
    ["中国", "Russia’s government", "", ""],
]
QUOTE = (
    "In December, Ankara and Moscow finalised an agreement for Turkey to purchase Russia’s long-range "
    "S-400 missile defence system."
)

# Letters that wrap, wide scripts, marks without a width, emoji that join, and what must be escaped.
CELLS = st.text(
    st.sampled_from("abc  ")
    | st.sampled_from("é’中文한각क्षि\u0301\u200d\ufe0f👩❤🇹🇷🏽\xa0\xad\u3000")
    | st.sampled_from("\x1b\n\r\t\x9b\u202e\u2066\ud800")
    | st.characters(),
    max_size=60,
)
TABLES = st.integers(1, 6).flatmap(
    lambda size: st.tuples(
        st.lists(CELLS.map("n{}".format), min_size=size, max_size=size),
        st.lists(st.lists(CELLS, min_size=size, max_size=size), max_size=4),
    )
)
WIDTHS = st.integers(20, 140)


def letters(text: str) -> str:
    """Text without what a layout may add or drop."""
    return text.replace(" ", "").replace("\n", "")


def shown(cell: str) -> str:
    return letters("".join(clean(line) for line in cell.replace("\r\n", "\n").split("\n")))


# Layout


@given(TABLES, WIDTHS)
def test_no_line_is_wider_than_the_width(cells: tuple[list[str], list[list[str]]], width: int) -> None:
    for line in table(*cells, width).split("\n"):
        assert 0 <= wcswidth(line) <= width


@given(TABLES, WIDTHS)
def test_no_content_is_lost(cells: tuple[list[str], list[list[str]]], width: int) -> None:
    columns, rows = cells
    text = table(columns, rows, width)
    rule = [line for line in text.split("\n") if "─" in line and not line.strip("─ ")]
    given_cells = [*columns, *(cell for row in rows for cell in row)]
    if rule:
        assert sorted(letters(text)) == sorted("".join([*map(shown, given_cells), letters(rule[0])]))
    else:
        fields = [(clean(name), shown(cell)) for row in rows for name, cell in zip(columns, row, strict=True)]
        assert letters(text) == "".join(f"{letters(name)}:{cell}" for name, cell in fields)


@pytest.mark.parametrize("width", [26, 40, 80, 120])
def test_columns_of_wrapped_cells_read_in_order(width: int) -> None:
    text = table(["no", "quote"], [["1", QUOTE], ["2", QUOTE]], width)
    assert " ".join(line[4:] for line in text.splitlines()[2:] if line) == f"{QUOTE} {QUOTE}"


def test_a_table_that_fits() -> None:
    assert table(COLUMNS, ROWS, 80).splitlines() == [
        "state    partner              since     amount",
        "───────  ───────────────────  ───────  ───────",
        "Turkey   Russia               2017-12       20",
        "Türkiye                       2016     1,250.5",
        "中国     Russia’s government",
    ]


def test_the_widest_column_gives_way() -> None:
    assert table(["state", "quote"], [["Turkey", QUOTE[:50]], ["Russia", "x"]], 34).splitlines() == [
        "state   quote",
        "──────  ──────────────────────────",
        "Turkey  In December, Ankara and",
        "        Moscow finalised an agreem",
        "Russia  x",
    ]


def test_a_blank_line_parts_tall_rows() -> None:
    lines = table(["state", "quote"], [["Turkey", QUOTE], ["Russia", "x"]], 60).splitlines()
    assert lines[-2:] == ["", "Russia  x"]
    assert lines.count("") == 1


def test_rows_without_room_are_broken_into_tiers() -> None:
    columns = ["who", "office", "where", "status", "status_in", "quote"]
    rows = [["Erdogan", "President", "Turkey", "held", "[1]", QUOTE[:48]], ["A", "", "B", "C", "[2]", "D"]]
    assert table(columns, rows, 34).splitlines() == [
        "who      office     where",
        "  status  status_in  quote",
        "───────  ─────────  ──────",
        "Erdogan  President  Turkey",
        "  held    [1]        In December,",
        "                     Ankara and",
        "                     Moscow",
        "                     finalised an",
        "                     agre",
        "",
        "A                   B",
        "  C       [2]        D",
    ]


def test_words_are_divided_at_marks_dates_and_numbers_never() -> None:
    lines = table(["date", "n", "value"], [["2018-04-03", "1,250,000", "status_in/self-evident"]], 33).splitlines()
    assert lines[2:] == [
        "2018-04-03  1,250,000  status_in/",
        "                       self-",
        "                       evident",
    ]


def test_a_very_narrow_terminal_gets_records() -> None:
    assert table(["state", "partner", "quote"], [["Turkey", "", QUOTE[:48]], ["A", "B", "C"]], 20).splitlines() == [
        "state: Turkey",
        "partner:",
        "quote: In",
        "  December, Ankara",
        "  and Moscow",
        "  finalised an agre",
        "",
        "state: A",
        "partner: B",
        "quote: C",
    ]


@pytest.mark.parametrize(("width", "undivided"), [(100, True), (80, True), (60, False)])
def test_the_answers_of_stored_queries_are_tables(width: int, undivided: bool, shipped: Graph) -> None:
    for name in shipped.queries:
        answer = shipped.query(name)
        written = answer.table(width).split("\n\n[1]")[0]
        assert all(display_width(line) <= width for line in written.split("\n"))
        assert "─" in written
        words = {word for row in answer.text() for cell in row for word in cell.split() if "#" not in word}
        shown = set(written.split())
        assert not undivided or {word for word in words if word.isalnum()} <= shown


def test_a_newline_in_a_cell_cannot_pose_as_a_row_or_a_field() -> None:
    forged = ["Turkey\nstate: Russia", "x" * 30, "y" * 30]
    assert "\n  state: Russia\n" in table(["state", "b", "c"], [forged], 16)
    assert table(["n", "state"], [["1", "Turkey\n2  Russia"]], 40).splitlines()[2:] == [
        "1  Turkey",
        "   2  Russia",
    ]


def test_a_column_of_numbers_and_text_stays_on_the_left() -> None:
    assert table(["amount"], [["20"], ["unknown"]], 40).splitlines()[2] == "20"
    assert table(["amount"], [["-20"], ["1e6"], ["5%"]], 40).splitlines()[2:] == [
        "   -20",
        "   1e6",
        "    5%",
    ]


def test_color_makes_the_header_bold_and_nothing_else() -> None:
    plain, color = table(COLUMNS, ROWS, 80), table(COLUMNS, ROWS, 80, color=True)
    assert color.startswith("\x1b[1mstate ")
    assert color.count("\x1b") == 2
    assert color.replace("\x1b[1m", "").replace("\x1b[0m", "") == plain
    assert table(["state", "b"], [["Turkey" * 5, "b" * 30]], 12, color=True).count("\x1b[1m") == 2


def test_tables_without_columns_or_rows() -> None:
    assert table([], [[]], 80) == ""
    assert table(["state"], [], 80) == "state\n─────\n"


def test_a_table_does_not_depend_on_the_terminal_or_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import sys; from kg.terminal import table; print(ascii(table(['❤️', 'x'], [['👩‍👧 각', '🇹🇷']], 80)))"
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([HOME, *sys.path]))
    printed = set()
    for seed, terminal in (("1", "Apple_Terminal"), ("2", "kitty"), ("3", "")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        monkeypatch.setenv("TERM_PROGRAM", terminal)
        monkeypatch.setenv("TERM", terminal)
        printed.add(subprocess.check_output([sys.executable, "-X", "utf8", "-c", program]))
    assert len(printed) == 1


def test_a_row_of_another_length_is_refused() -> None:
    for width in (20, 80):
        with pytest.raises(ValueError, match=r"zip\(\) argument"):
            table(["a", "b"], [["x" * 30, "y" * 30], ["x"]], width)


# Lines and widths


@given(CELLS, st.integers(2, 60))
def test_wrap_fits_and_keeps_all(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(wcswidth(line) <= width for line in lines)
    assert letters("".join(lines)) == shown(text)


def test_wrap() -> None:
    assert wrap("Russia and Iran are allies", 12) == ["Russia and", "Iran are", "allies"]
    assert wrap("a\u00a0b c", 3) == ["a\u00a0b", "c"]
    assert wrap("https://example.org/x", 8) == ["https://", "example.", "org/x"]
    assert wrap("one\ntwo\n", 80) == ["one", "two", ""]
    assert wrap("", 80) == [""]
    assert wrap("中文字", 1) == ["中", "文", "字"]
    assert wrap("中文，字。", 4) == ["中", "文，", "字。"]


def test_wrap_divides_no_character() -> None:
    assert wrap("e\u0301" * 3, 2) == ["e\u0301" * 2, "e\u0301"]
    assert wrap("🇹🇷🇷🇺🇮🇷", 5) == ["🇹🇷🇷🇺", "🇮🇷"]
    assert wrap("👩‍👩‍👧‍👦👍🏽", 3) == ["👩‍👩‍👧‍👦", "👍🏽"]


def test_widths_without_wcwidth_are_those_of_wcwidth() -> None:
    for code in range(0x20, 0x3000):
        char = chr(code)
        if clean(char) == char:
            assert display_width(char) == wcwidth(char), hex(code)


def test_latin_text_does_not_load_wcwidth() -> None:
    program = (
        "import sys; from kg.terminal import table\n"
        "table(['quote'], [['Türkiye’nin “Россия” – Çelikpala…']], 20)\n"
        "print(*{'wcwidth', 'shutil'} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": HOME}
    printed = subprocess.check_output([sys.executable, "-X", "utf8", "-S", "-c", program], env=environment)
    assert printed.strip() == b""


# Hostile text


def test_clean_shows_what_would_drive_the_terminal() -> None:
    assert clean("\x1b[2J\x07\x9b\x7f") == r"\x1b[2J\x07\x9b\x7f"
    assert clean("a\tb\r\n") == r"a\tb\r\n"
    assert clean("\u202eevil\u2069\u200f\u2028") == r"\u202eevil\u2069\u200f\u2028"
    assert clean("\ud800") == r"\ud800"
    assert clean("Türkiye’nin 中文 👩‍👧") == "Türkiye’nin 中文 👩‍👧"


@given(CELLS)
def test_clean_text_has_a_width_and_an_encoding(text: str) -> None:
    assert wcswidth(clean(text)) >= 0
    assert clean(text).encode().decode() == clean(text)
    assert clean(clean(text)) == clean(text)


# The terminal


@pytest.mark.parametrize(("columns", "width"), [("57", 57), ("0", 91), ("wide", 91), (None, 91)])
def test_terminal_width(columns: str | None, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_terminal(_: int) -> None:
        raise OSError

    monkeypatch.setattr("os.get_terminal_size", no_terminal)
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    assert terminal_width(default=91) == width


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


PATH = "ontology/" * 9 + "x.ttl"
LONG = f"""\
{PATH}:1:1: error: what is wrong is told in a line that is longer than the terminal is wide [usage]
  choose one of: text, json, csv, tsv, xml, md, turtle, and whatever else there is
  did you mean: kg query who-leads -p state=Turkey --receipts --all --engine rdflib
  SELECT ?thing ?name WHERE {{ ?thing rdfs:label ?name . FILTER ( ?name = 1 }}
                                                                          ^"""
FOLDED = f"""\
{PATH}:1:1:
    error: what is wrong is told in a line that is longer
    than the terminal is wide [usage]
  choose one of: text, json, csv, tsv, xml, md, turtle, and
    whatever else there is
  did you mean: kg query who-leads -p state=Turkey --receipts --all --engine rdflib
  SELECT ?thing ?name WHERE {{ ?thing rdfs:label ?name . FILTER ( ?name = 1 }}
                                                                          ^"""


def test_a_message_is_broken_into_lines_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for stream, wrapped, told in [(Terminal(), True, FOLDED), (Terminal(), False, LONG), (io.StringIO(), True, LONG)]:
        monkeypatch.setattr(sys, "stderr", stream)
        say(LONG, wrapped=wrapped)
        assert stream.getvalue() == told + "\n"


def test_the_width_is_that_of_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("os.get_terminal_size", lambda number: os.terminal_size((10 * number, 24)))
    assert (terminal_width(), terminal_width(stream=2)) == (10, 20)


@pytest.mark.parametrize(
    ("environment", "on_terminal", "in_pipe"),
    [
        ({}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_color_in_auto(
    environment: dict[str, str], on_terminal: bool, in_pipe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert use_color(Terminal(), "auto") is on_terminal
    assert use_color(io.StringIO(), "auto") is in_pipe


def test_color_by_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert use_color(io.StringIO(), "always")
    assert not use_color(Terminal(), "never")
    with pytest.raises(UsageError, match="unknown choice of color 'sometimes'"):
        use_color(Terminal(), "sometimes")
