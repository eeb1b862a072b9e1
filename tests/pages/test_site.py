"""Static pages: whole, linked with each other, without anything from elsewhere; and nothing of others is touched."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from folders import FIRST
from pyoxigraph import NamedNode
from running import Run
from webpages import Read, broken_links, site

from bench import corpus
from bench.site import sizes
from kg.errors import InputError
from kg.graph import Graph
from kg.pages import templating, write_site
from kg.pages.renderer import Renderer
from kg.pages.site import MANIFEST
from kg.rdf.namespaces import ENT, ID, RDF_TYPE
from kg.source.layout import GraphFolder

ARTICLE = f"articles/{FIRST}/index.html"


@pytest.fixture(scope="module")
def folder(shipped: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "out"
    write_site(shipped, str(folder))
    return folder


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Read]:
    return site(folder)


def test_each_page_is_sound(pages: dict[str, Read]) -> None:
    assert len(pages) > 80
    assert {path: page.faults for path, page in pages.items() if page.faults} == {}


def test_each_link_leads_to_a_file_and_a_place_in_it(folder: Path, pages: dict[str, Read]) -> None:
    assert list(broken_links(folder, pages)) == []


def test_each_page_is_reached_from_the_first_one(folder: Path, pages: dict[str, Read]) -> None:
    import posixpath

    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        path = waiting.pop()
        for address in pages[path].addresses if path in pages else ():
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), address.split("#")[0].split("?")[0]))
            if target in pages and target not in reached:
                reached.add(target)
                waiting.append(target)
    assert pages.keys() - reached == set()


def test_pages_need_nothing_from_elsewhere_and_no_inline_script_or_style(pages: dict[str, Read]) -> None:
    for path, page in pages.items():
        for tag, values in page.elements:
            assert "style" not in values, path
            assert not [name for name in values if name.startswith("on")], path
            if tag in ("script", "link", "img"):
                assert "://" not in values.get("src", values.get("href", "")), path
            assert tag != "style", path
            assert tag != "script" or values.get("src"), path


def test_pages_and_what_they_load_are_small(folder: Path) -> None:
    import gzip

    own = [(folder / name).read_bytes() for name in ("index.html", "static/style.css", "static/script.js")]
    assert sum(len(gzip.compress(data)) for data in own) < 100_000
    assert all(len(data) < 20_000 for data in own[1:])
    scripts = [path.stat().st_size for path in (Path(templating.FOLDER) / "static").glob("*.js")]
    assert len(scripts) == 3  # those that complete queries and review proposals are for servers
    assert sum(scripts) < 20_000
    assert not (folder / "static" / "query.js").exists()
    others = {p.name: p.stat().st_size for p in folder.rglob("*") if p.is_file() and "articles" not in p.parts}
    assert {name: size for name, size in others.items() if size > 150_000} == {}


def test_the_article_page_has_its_text_as_printed(folder: Path, shipped: Graph) -> None:
    import re
    from html import unescape

    html = (folder / ARTICLE).read_text("utf-8")
    body = re.sub(r'(?s)<div class="(?:notes|article-head)".*?\n</div>', "", html[html.index("<article") :])
    body = unescape(re.sub(r"<[^>]*>", "", body[: body.index("</article>") if "</article>" in body else None]))
    printed = (Path(shipped.graph_folder.articles) / FIRST / "article.txt").read_text("utf-8")
    assert body.split() == printed.split()


def test_each_passage_is_marked_and_has_a_place(folder: Path, pages: dict[str, Read], shipped: Graph) -> None:
    marked = {values["id"]: values for tag, values in pages[ARTICLE].elements if tag == "mark" and "id" in values}
    stated = shipped.query("SELECT ?p { ?p a <https://w3id.org/entente/ontology#Passage> }")
    assert marked.keys() == {row[0].value.partition("#")[2] for row in stated}
    assert len(marked) == shipped.counts["passages"]
    reported = {name for name, values in marked.items() if "reported" in values["class"].split()}
    assert len(reported) == 4


def test_facts_stand_beside_their_sentence_and_name_their_passages(folder: Path) -> None:
    html = (folder / ARTICLE).read_text("utf-8")
    backs = html.index("Turkey</a> backs the ")
    place = html[html.rindex('id="facts.', 0, backs) + 10 :].partition('"')[0]
    sentence = html[html.index(f'id="{place}"') :].partition("</span> </div>")[0]
    assert "opposition Free Syrian Army" in sentence
    assert f'href="#facts.{place}"' in sentence
    assert ">Mitat Celikpala</a>:</span>" in html


def test_background_is_named_by_the_title_of_its_source(folder: Path) -> None:
    html = (folder / "things" / "turkey" / "index.html").read_text("utf-8")
    address = "https://unstats.un.org/unsd/methodology/m49/overview/"
    name = "United Nations Statistics Division: standard country or area codes for statistical use (M49)"
    assert f'from <a href="{address}">{name}</a>' in html
    assert f">{address}<" not in html


def test_quotes_only_leaves_out_what_no_passage_quotes(tiny: GraphFolder, tmp_path: Path) -> None:
    article = next(Path(tiny.articles).iterdir())
    with (article / "article.txt").open("a", encoding="utf-8", newline="\n") as file:
        file.write("\n\nNobody has quoted the zebra.\n")
    graph = Graph(tiny)
    write_site(graph, str(tmp_path / "full"))
    write_site(graph, str(tmp_path / "quotes"), text="quotes")
    full, quotes = (
        (tmp_path / name / "articles" / article.name / "index.html").read_text("utf-8") for name in ("full", "quotes")
    )
    assert "zebra" in full
    assert 'class="unread"' in full
    assert "zebra" not in quotes
    assert "[…]" in quotes


# The folder


def test_a_second_run_writes_the_same_and_removes_what_is_no_longer_there(small: Graph, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = write_site(small, str(out))
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    manifest = json.loads((out / MANIFEST).read_text("utf-8"))
    stale = out / "things" / "gone" / "index.html"
    stale.parent.mkdir()
    stale.write_text("old", "utf-8")
    (out / "CNAME").write_text("of the user", "utf-8")
    (out / MANIFEST).write_text(
        json.dumps({**manifest, "files": [*manifest["files"], "things/gone/index.html"]}), "utf-8"
    )
    second = write_site(small, str(out))
    assert (second.files, second.size, second.removed) == (first.files, first.size, 1)
    assert not stale.parent.exists()
    assert (out / "CNAME").read_text("utf-8") == "of the user"
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file() and p.name != "CNAME"} == before


def test_several_processes_write_the_same_as_one(small: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    write_site(small, str(one))
    monkeypatch.setattr("kg.pages.site.FEW", 0)
    monkeypatch.setattr("kg.pages.site.PER_PART", 3)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    steps: list[str] = []
    write_site(small, str(many), progress=steps.append)
    files = {p.relative_to(one).as_posix(): p.read_bytes() for p in one.rglob("*") if p.is_file()}
    assert {p.relative_to(many).as_posix(): p.read_bytes() for p in many.rglob("*") if p.is_file()} == files
    assert len(steps) > 2


def test_of_many_things_those_with_names_have_pages(
    small: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.pages.renderer.MOST_THINGS", 2)
    write_site(small, str(tmp_path / "out"))
    pages = site(tmp_path / "out")
    assert "things/norland/index.html" in pages
    assert "things/backing-of-sudland/index.html" not in pages
    assert list(broken_links(tmp_path / "out", pages)) == []


def test_of_many_things_those_have_pages_that_are_looked_up_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.generate(3, tmp_path / "graph")
    graph = Graph(GraphFolder(str(tmp_path / "graph")))
    rows = graph.store.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(ENT + "Quantity"), None)
    quantities = {q.subject.value.removeprefix(ID) for q in rows if isinstance(q.subject, NamedNode)}
    every, common = {*Renderer(graph, static=True).things}, {"akkuyu-ground-breaking"}  # “breaking ground ceremony”
    assert quantities
    assert quantities | common <= every
    monkeypatch.setattr("kg.pages.renderer.MOST_THINGS", 2)
    named = {*Renderer(graph, static=True).things}
    assert {"turkey", "vladimir-putin", "akkuyu-plant"} <= named < every
    assert named.isdisjoint(quantities | common)
    assert every <= {*Renderer(graph).things}  # a server has them all
    write_site(graph, str(tmp_path / "out"))
    pages = site(tmp_path / "out")
    assert list(broken_links(tmp_path / "out", pages)) == []
    assert not [path for path in pages if 'href=""' in (tmp_path / "out" / path).read_text("utf-8")]


@pytest.mark.parametrize("name", ["../outside.txt", "a/../../outside.txt", "/outside.txt", "..\\outside.txt", "", "."])
def test_a_manifest_leads_to_no_file_elsewhere(small: Graph, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    write_site(small, str(out))
    (tmp_path / "outside.txt").write_text("of the user", "utf-8")
    (out / MANIFEST).write_text(json.dumps({"generator": "kg site", "files": [name]}), "utf-8")
    assert write_site(small, str(out)).removed == 0
    assert (tmp_path / "outside.txt").read_text("utf-8") == "of the user"


def test_a_link_to_a_folder_outside_is_refused(small: Graph, tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    write_site(small, str(out))
    shutil.rmtree(out / "things")
    other.mkdir()
    try:
        (out / "things").symlink_to(other, target_is_directory=True)
    except OSError:
        pytest.skip("links are not allowed here")
    with pytest.raises(InputError, match="link to a place outside"):
        write_site(small, str(out))
    assert list(other.iterdir()) == []


@pytest.mark.parametrize("content", [None, "{}", "[", '{"generator": "kg site", "files": [1]}', "[" * 100_000])
def test_a_folder_with_files_of_others_is_refused(small: Graph, tmp_path: Path, content: str | None) -> None:
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    if content is not None:
        (tmp_path / MANIFEST).write_text(content, "utf-8")
    with pytest.raises(InputError, match="files that are not ours"):
        write_site(small, str(tmp_path))
    assert (tmp_path / "thesis.txt").read_text("utf-8") == "mine"


def test_the_command_writes_pages(kg: Run, shipped_folder: Path, tmp_path: Path) -> None:
    done = kg("-C", str(shipped_folder), "site", str(tmp_path / "out"), "--text", "quotes")
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_file()
    again = kg("-C", str(shipped_folder), "site", str(shipped_folder))
    assert again.returncode == 3
    assert "files that are not ours" in again.stderr


def test_without_its_extra_the_command_says_how_to_install_it(
    small: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templating.environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(InputError, match="pages need Jinja2") as caught:
        write_site(small, str(tmp_path / "out"))
    assert 'pip install "entente-kg[serve]"' in caught.value.hint
    assert not (tmp_path / "out").exists()


@pytest.mark.long
def test_pages_of_many_articles_are_small(tmp_path: Path) -> None:
    corpus.generate(30, tmp_path / "graph")
    write_site(Graph(GraphFolder(str(tmp_path / "graph"))), str(tmp_path / "out"))
    largest = {pages.kind: pages.largest for pages in sizes(tmp_path / "out")}
    opened = {kind: size for kind, size in largest.items() if kind.endswith((".html", ".js"))}
    assert {"articles .html", "articles/… .html", "things/… .html", "queries/… .html", "search .js"} <= opened.keys()
    assert opened.pop("articles/… .html") < 500_000
    assert {kind: size for kind, size in opened.items() if size > 150_000} == {}
