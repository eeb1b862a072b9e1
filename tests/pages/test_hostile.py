"""Hostile graphs: labels that are markup, links that are scripts, names that no file system takes; pages stay sound."""

import json
import re
from pathlib import Path

import pytest
from webpages import Read, broken_links, read, site

from bench.corpus import copy_terms
from kg.errors import InputError
from kg.graph import Graph
from kg.pages import render, write_site
from kg.pages.links import encoded
from kg.pages.renderer import Renderer
from kg.rdf.namespaces import ENT, ID
from kg.source.layout import GraphFolder

LABELS = {
    "script": "<script>alert(1)</script>",
    "image": '\\"><img src=x onerror=alert(1)>',
    "quotes": 'O\'Neil \\"the\\" & co <b>',
    "template": "{{ 7 * 7 }}{% raw %}",
    "hidden": "evil\\u202Etxt\\u200B",
    "arabic": "تركيا",
    "long": "word " * 400,
}
NAMES = ["CON", "con", "nul", "a/b", "..", "Case", "case", "caſe", "x.ttl", "page-2", "ü" * 60, "n" * 240, "%2e%2e"]
SPOKEN = "“Westland opposes Norland,” said Ada Holm."


@pytest.fixture
def hostile(tiny: GraphFolder) -> Graph:
    facts = next(Path(tiny.articles).glob("*/facts.trig"))
    text = facts.read_text("utf-8").replace('"Norland backs Sudland"@en', '"<script>alert(2)</script>"@en')
    text += '\np:odd a ent:Passage ; ent:quote "backed" .\np:odd {\n'
    text += "".join(f'  id:odd-{name} a ent:State ; rdfs:label "{label}"@en .\n' for name, label in LABELS.items())
    for name in NAMES:
        text += f"  <{ID}{name}> a ent:State ; ent:backs id:norland .\n"
    text += (
        "  id:norland <http://www.w3.org/2004/02/skos/core#exactMatch> <javascript:alert(3)> , <data:text/html,x> .\n"
    )
    text += '  id:norland ent:website "javascript:alert(4)" .\n}\n'
    facts.write_text(text, "utf-8", newline="\n")
    return Graph(tiny)


def sound(page: Read) -> None:
    assert page.faults == []
    for tag, values in page.elements:
        assert tag != "script" or values.keys() <= {"src", "defer"}
        assert not [name for name in values if name.startswith("on") or name == "style"]
        assert tag not in ("img", "iframe", "object", "embed", "base")
        for name in ("href", "src", "action"):
            assert ":" not in values.get(name, "").split("/")[0] or values[name].startswith(("http://", "https://"))


def test_pages_of_a_hostile_graph_are_sound(hostile: Graph, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_site(hostile, str(out))
    pages = site(out)
    for page in pages.values():
        sound(page)
    assert list(broken_links(out, pages)) == []
    assert "<script>alert(1)</script>" in pages["things/odd-script/index.html"].text
    assert "49" not in pages["things/odd-template/index.html"].text
    assert "evil\\u202etxt\\u200b" in pages["things/odd-hidden/index.html"].text
    norland = (out / "things/norland/index.html").read_text("utf-8")
    assert "javascript:alert(3)" in norland
    assert 'href="javascript' not in norland


def test_each_thing_has_a_file_of_its_own_on_every_system(hostile: Graph, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_site(hostile, str(out))
    files = [p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()]
    assert len({name.casefold() for name in files}) == len(files)
    for name in NAMES:
        assert f"things/{encoded(name)}/index.html" in files
        assert f"things/{encoded(name)}.ttl" in files
    for path in files:
        assert all(c.isascii() and (c.isalnum() or c in "-_.") for c in path.replace("/", ""))
        assert all(
            len(part) <= 110 and part.split(".")[0] not in ("con", "nul", "aux", "prn") for part in path.split("/")
        )


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "{{ 7 * 7 }}", "\u202e", "\x00", "a" * 10_000])
def test_what_a_reader_types_is_shown_and_not_run(small: Graph, text: str) -> None:
    for path, name in (("/search/", "q"), ("/queries/who-backs/", "backer"), ("/sparql/", "query")):
        page = render(small, path, {name: text})
        assert page is not None
        assert page.status in (200, 400)
        found = read(page.body.decode())
        sound(found)
        assert "49" not in found.text


@pytest.mark.parametrize("text", ["SELECT ?x { ?x a", "ASK {} ASK {}", "DELETE { ?s ?p ?o } WHERE {}", "who-is-nobody"])
def test_a_query_that_is_none_says_what_is_wrong(small: Graph, text: str) -> None:
    page = render(small, "/sparql/", {"query": text})
    assert page is not None
    assert page.status == 400
    assert 'role="alert"' in page.body.decode()


@pytest.mark.parametrize("head", ["a: b: c", "[" * 50_000, "x: &a [*a, *a]", "just words", "\u2028summary: x"])
def test_comments_of_strangers_are_no_yaml(small: Graph, head: str, tmp_path: Path) -> None:
    from kg.mcp.answers import Tools

    text = f"#+ {head}\nASK {{}}"
    with pytest.raises(InputError):
        small.ask(text, {})
    page = render(small, "/sparql/", {"query": text})
    assert page is not None
    assert page.status == 200
    assert Tools(small, str(tmp_path)).sparql(text)["rows"]


def test_terms_that_complete_a_query(small: Graph) -> None:
    page = render(small, "/sparql/terms.json")
    assert page is not None
    told = json.loads(page.body)
    names = {name: (label, kind) for name, label, kind in told["terms"]}
    assert names["ent:backs"] == ("backs", "property")
    assert names["id:norland"][0] == "Norland"
    assert told["prefixes"]["ent"] == ENT
    assert render(small, "/sparql/terms.json/") is None


NOWHERE = [
    "",
    "things",
    "/things",
    "/things/x",
    "/things/../",
    "/things//",
    "/things/%00/",
    "/static/../renderer.py",
    "/a/b/c/d/e/f/",
    "/articles/nobody/",
    "/queries/nobody/",
    "/ontology/nobody/",
    "/things/nobody.ttl",
    "/things/norland/page-2.html",
    "/things/page-99999.html",
    "/static/nothing.css",
    "/search/words-a.js",
    "/picture/x/",
    "/timeline/x",
    "/articles/page-3.html",
]


@pytest.mark.parametrize("path", NOWHERE)
def test_there_is_no_page_elsewhere(small: Graph, path: str) -> None:
    assert render(small, path) is None


def test_an_empty_answer_and_a_wrong_value_say_so(shipped: Graph) -> None:
    none = render(shipped, "/queries/what-divides/", {"a": "Iran", "b": "Syria"})
    wrong = render(shipped, "/queries/who-leads/", {"state": "Nowhere"})
    assert none is not None
    assert wrong is not None
    assert (none.status, wrong.status) == (200, 400)
    assert "no article says so" in none.body.decode()
    assert "the graph knows no “Nowhere”" in wrong.body.decode()
    asked = render(shipped, "/queries/who-leads/", {"state": "Iran"})
    assert asked is not None
    assert "Hassan Rouhani" in asked.body.decode()
    assert 'href="../who-leads.csv?state=Iran"' in asked.body.decode()
    csv = render(shipped, "/queries/who-leads.csv", {"state": "Iran"})
    assert csv is not None
    assert b"hassan-rouhani" in csv.body


def test_a_thing_with_many_facts_is_cut_into_pages(tiny: GraphFolder, tmp_path: Path) -> None:
    facts = next(Path(tiny.articles).glob("*/facts.trig"))
    more = "".join(
        f'  id:s-{at} a ent:State ; rdfs:label "State {at}"@en ; ent:backs id:norland .\n' for at in range(400)
    )
    text = facts.read_text("utf-8") + f'\np:many a ent:Passage ; ent:quote "backed" .\np:many {{\n{more}}}\n'
    facts.write_text(text, "utf-8", newline="\n")
    out = tmp_path / "out"
    write_site(Graph(tiny), str(out))
    parts = sorted((out / "things" / "norland").glob("*.html"))
    assert len(parts) > 1
    assert all(part.stat().st_size < 150_000 for part in parts)
    told = [int(at) for part in parts for at in re.findall(r">State (\d+)</a>", part.read_text("utf-8"))]
    assert sorted(told) == list(range(400))
    pages = {
        p: p.stat().st_size for p in out.rglob("*.*") if p.suffix in (".html", ".js") and "articles" not in p.parts
    }
    assert {p.name: size for p, size in pages.items() if size > 150_000} == {}


_DENSE = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ent: <https://w3id.org/entente/ontology#> .
@prefix id: <https://w3id.org/entente/id/> .
@prefix p: <https://w3id.org/entente/article/2020-03-dense#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/entente/article/2020-03-dense> a ent:Article ;
    dcterms:title "Much of one state"@en ; ent:readingDate "2020-03-04"^^xsd:date ;
    ent:basis "Invented."@en ; ent:basisSource <https://w3id.org/entente/article/2020-03-dense> .
"""


def test_pages_of_a_thing_in_a_dense_graph_are_small(tmp_path: Path) -> None:
    """Sixty states with long names, each tied to one in many ways, by quotes that are long."""
    copy_terms(tmp_path / "graph")
    lines, facts = list[str](), [_DENSE]
    for at, part in ((state, part) for state in range(60) for part in range(4 if state else 12)):
        words = "what two states have to do with each other is long to tell, " * (6 if at else 15)
        lines.append(f"Sentence {at}.{part}: {words}")
        ends, each = f"id:hub , id:s-{at}", part if at else 0
        of, since = f"{at}-with-the-hub-as-sentence-{each}-tells-of-it", f'ent:start "{2000 + each}"^^xsd:gYear'
        facts.append(
            f"""p:s-{at}-{part} a ent:Passage ; ent:quote "{lines[-1]}" .
            p:s-{at}-{part} {{
            id:hub a ent:State ; rdfs:label "Hub"@en .
            id:s-{at} a ent:State ; rdfs:label "{"Republic of the Long and Winding Names " * 3}{at}"@en .
            id:back-{of} a ent:Support ; ent:backer id:s-{at} ; ent:backed id:hub ; {since} .
            id:backed-{of} a ent:Support ; ent:backer id:hub ; ent:backed id:s-{at} ; {since} .
            id:row-{of} a ent:Disagreement ; ent:disagreeing {ends} ; {since} .
            id:work-{of} a ent:Cooperation ; ent:cooperating {ends} ; {since} .
            id:talks-{of} a ent:Meeting ; ent:participant {ends} ; ent:date "{2000 + each}"^^xsd:gYear .
            }}"""
        )
    article = tmp_path / "graph" / "kg" / "articles" / "2020-03-dense"
    article.mkdir(parents=True)
    (article / "article.txt").write_text("\n".join(lines), "utf-8", newline="\n")
    (article / "facts.trig").write_text("\n".join(facts), "utf-8", newline="\n")
    renderer = Renderer(Graph(GraphFolder(str(tmp_path / "graph"))), static=True)
    pages = dict(renderer.with_further("/things/hub/"))
    first, *others = pages
    html = pages[first].body.decode()
    assert len(html.encode()) > 100_000
    assert 'class="kg-picture neighbourhood"' in html
    assert 'class="facts leading"' in html
    assert html.count('<li class="fact') > 4
    assert others
    assert {path: len(page.body) for path, page in pages.items() if len(page.body) >= 150_000} == {}
