"""Documentation is a test: reference pages are fresh, examples run and show the very output, links lead somewhere."""

import re
import shutil
from functools import cache
from pathlib import Path

import pytest
from drawn import Picture
from folders import git
from running import ROOT

from kg.cli.main import SERVERS
from kg.cli.parser import build_parser
from kg.graph import Graph
from kg.source.layout import GraphFolder
from tools.pages import console, generate, packages, tutorial

pytestmark = pytest.mark.usefixtures("reading_once")

PAGES = [*generate.WRITTEN_BY_HAND, "CHANGELOG.md", *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))]
REFERENCE = ("docs/ontology.md", "docs/queries.md", "docs/command.md", "docs/checks.md")
STALE = "run `make docs`, and look at what changed"


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def fenced(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", read(name), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    return generate.pages(GraphFolder(str(ROOT)))


@pytest.mark.parametrize("name", REFERENCE)
def test_reference_pages_are_fresh(name: str, pages: dict[str, str]) -> None:
    assert read(name) == pages[name], STALE


def test_reference_pages_do_not_depend_on_the_terminal(pages: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert generate.pages(GraphFolder(str(ROOT))) == pages


def test_every_command_and_every_stored_query_is_documented(checkout: Graph) -> None:
    commands = generate._subparsers(build_parser())
    assert all(f"\n## kg {name}\n" in read("docs/command.md") for name in commands)
    assert all(f"\n## {name}\n\n**{q.summary}**\n" in read("docs/queries.md") for name, q in checkout.queries.items())


def test_every_example_of_a_stored_query_runs(checkout: Graph) -> None:
    examples = re.findall(r"^kg query .+", read("docs/queries.md"), re.MULTILINE)
    assert len(examples) == len(checkout.queries)
    with console.workspace(checkout.graph_folder.root):
        assert {line: console.run(line)[0] for line in examples} == dict.fromkeys(examples, 0)


EXAMPLES = [(name, *example) for name in generate.WRITTEN_BY_HAND for example in console.examples(read(name))]


@pytest.mark.parametrize(("name", "language", "body"), EXAMPLES, ids=[f"{e[0]}-{e[2][:40]}" for e in EXAMPLES])
def test_pages_show_the_very_output(name: str, language: str, body: str, checkout: Graph) -> None:
    assert console.replay(language, body, checkout.graph_folder.root) == body, f"{name}: {STALE}"


def test_the_way_to_a_merged_article_shows_what_happens() -> None:
    text = read(tutorial.PAGE)
    assert tutorial.refresh(text, ROOT) == text, STALE
    assert text.count("no findings") == 1


def test_readme_commands_without_output_run_too(checkout: Graph) -> None:
    lines = [line for block in fenced("README.md", "sh") for line in block.splitlines() if line.startswith("kg ")]
    lines = [line for line in lines if line.split()[1] not in SERVERS]  # which run until they are stopped
    assert lines
    with console.workspace(checkout.graph_folder.root):
        assert {line: console.run(line) for line in lines if console.run(line)[0]} == {}


def test_what_readme_and_docs_write_into_a_checkout_is_ignored(tmp_path: Path) -> None:
    shutil.copy(ROOT / ".gitignore", tmp_path)
    pages = ["README.md", *(f"docs/{name}.md" for name in ("exports", "queries", "guide"))]
    writes = r"(?:kg export [^`\n]*-o|kg init|load -l|--loc|cat \S+ >) ([a-z][\w.-]*\w)"
    names = {name for page in pages for name in re.findall(writes, read(page))}
    assert {"all-with-receipts.ttl", "entente.owl", "mine", "store", "dataset.nq", "shapes.ttl"} <= names
    for name in names:
        (tmp_path / name).mkdir()  # if it is a folder, what is in it
        (tmp_path / name / "x").touch()
    git(tmp_path, "init", "--quiet")
    assert git(tmp_path, "status", "--porcelain") == "?? .gitignore"


def test_the_table_of_the_packages_is_fresh() -> None:
    page = read("CONTRIBUTING.md")
    assert packages.refresh(page, ROOT / "kg") == page, STALE


def test_the_table_of_the_packages_follows_the_tree(tmp_path: Path) -> None:
    line = "What.\n\n    rdf       a\n    errors   b\n"
    docstrings = {"__init__": line, "rdf/__init__": "RDF. More.", "rdf/dates": "D.", "errors": "What\nfails | ends."}
    for name, text in docstrings.items():
        path = tmp_path / "kg" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'"""{text}"""\n', "utf-8")
    page = "<!-- packages: x -->\nold\n<!-- end of packages -->\n"
    assert packages.refresh(page, tmp_path / "kg").splitlines()[3:-1] == [
        "| **`kg/rdf/`** | **RDF.** |",
        "| `rdf/dates.py` | D. |",
        "| **`kg/errors.py`** | What fails \\| ends. |",
    ]


def test_make_is_the_tour() -> None:
    makefile = read("Makefile")
    assert ".DEFAULT_GOAL := tour\n" in makefile
    assert re.search(r"^tour: .*\n\t@\$\(BIN\)/kg tour\n\n", makefile, re.MULTILINE)


def test_an_example_that_is_out_of_date_is_noticed_and_refreshed() -> None:
    page = "```console\n$ kg --version\nkg 0\n\n$ kg query --list -f json\n[\n…\n```\n"
    fresh = console.refresh(page)
    assert fresh.startswith("```console\n$ kg --version\nkg 0.") is True
    assert fresh != page
    assert fresh.endswith("\n\n$ kg query --list -f json\n[\n…\n```\n")
    assert console.refresh(fresh) == fresh


def test_an_error_is_written_only_where_a_page_shows_one() -> None:
    wrong = "```console\n$ kg query who-leads state=Nowhere\n"
    with pytest.raises(ValueError, match=r"nothing was written: .* kg query who-leads state=Nowhere\nerror: "):
        console.refresh(f"{wrong}leader  office\n```\n")
    assert "\nerror: " in console.refresh(f"{wrong}error: it is\n```\n")


def test_an_example_in_python_shows_its_values() -> None:
    loop = ">>> for factor in (1, 7):\n...     print(6 * factor)\n...\n6\n42\n"
    assert console.replay("pycon", loop) == loop
    assert console.replay("pycon", ">>> number = 6\n>>> number\n7\n") == ">>> number = 6\n>>> number\n6\n"


def test_examples_run_nothing_but_kg() -> None:
    with pytest.raises(ValueError, match="not rm"):
        console.replay("console", "$ rm -r .\n")


@pytest.mark.parametrize("name", sorted(set(PAGES)))
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", re.sub(r"```.*?```", "", read(name), flags=re.DOTALL))
    for path, anchor in links:
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), path
        if anchor:
            assert anchor in anchors(target), f"{path}#{anchor}"


def test_the_rules_of_the_model_that_are_named_are_written_down() -> None:
    written = {int(n) for n in re.findall(r"^(\d+)\. ", read("docs/model.md"), re.MULTILINE)}
    code = "".join(path.read_text("utf-8") for folder in ("kg", "tests") for path in (ROOT / folder).rglob("*.py"))
    named = {int(n) for words in re.findall(r"\(model, rules? ([^)]+)\)", code) for n in re.findall(r"\d+", words)}
    assert written == set(range(1, max(written) + 1))
    assert named
    assert named <= written


@cache
def anchors(page: Path) -> set[str]:
    """The anchors of a page: those that it sets, and those that GitHub makes from headings."""
    text = page.read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    made = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
    return made | set(re.findall(r'<a id="([^"]+)">', text))


def test_the_pictures_of_the_pages_are_fresh(checkout: Graph) -> None:
    made = generate.pictures(checkout.graph_folder)
    assert {name: Picture(read(name)).words() for name in made} == {n: Picture(svg).words() for n, svg in made.items()}
    network = "docs/pictures/who-is-tied-to-whom.svg"  # another version of rustworkx may lay it out in another way
    assert {name: read(name) == svg for name, svg in made.items() if name != network} == {
        name: True for name in made if name != network
    }, STALE
