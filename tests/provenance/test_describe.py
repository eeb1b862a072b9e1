"""What is known of a thing, as sentences with quotes."""

import json
import shutil
from pathlib import Path

import pytest
from markup import Markup
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

import kg
from kg.cli.main import main
from kg.errors import UsageError
from kg.graph import Graph
from kg.provenance.describe import Listing
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, RDFS_LABEL, compact
from kg.terminal import display_width

Captured = pytest.CaptureFixture[str]


def test_facts_are_sentences_with_their_quotes_beneath(small: Graph) -> None:
    lines = small.show("Norland").text(80).splitlines()
    assert lines[:2] == ["Norland  id:norland", "state"]
    at = lines.index("Norland: backs Sudland")
    below = lines[at + 1 :]
    assert "    “Norland has backed Sudland since 2015.”" in below
    assert "    — 2020-03-norland, characters 0 to 38" in below


def test_what_others_say_stands_apart_under_its_speaker(small: Graph) -> None:
    text = small.show("Norland").text(80)
    own, said = text.split("\nsaid by others\n")
    assert "opposes" not in own
    assert "Westland: opposes Norland" in said
    assert "— Ada Holm, 2020-03-norland, characters 39 to 81" in said


def test_background_names_its_source(small: Graph) -> None:
    before, known = small.show("Norland").text(80).split("\nfrom background sources\n")
    assert "NOR" in known
    assert "https://example.org/codes" in known
    assert "NOR\n" not in before


def test_what_follows_has_the_quotes_of_what_it_follows_from(shipped: Graph) -> None:
    shown = shipped.show("id:vladimir-putin")
    below = shown.text(200).split("\nfollows from these\n")[1].splitlines()
    at = below.index("Vladimir Putin holds a position in Russia")
    assert below[at + 1] == "    “Russia's President Vladimir Putin (L) and Turkey's President Recep Tayyip Erdogan”"
    follows = [f for f in shown.json() if f["status"] == "inferred"]
    assert follows
    assert all(f["receipts"] or f["source"] for f in follows)


def test_an_article_has_its_title_and_the_number_of_its_parts(shipped: Graph) -> None:
    shown = shipped.show("article:2018-04-turkey-russia")
    heading = shown.text(200).splitlines()
    assert heading[0] == "Turkey – Russia aim to strengthen relationship  article:2018-04-turkey-russia"
    assert heading[2].startswith("2 mentions, 39 passages, 24 units: ")
    assert "belongs to the article" not in shown.text(200)
    about = shown.text(200).split("\nabout the text\n")[1]
    assert "is known from “Trend News Agency, 31 March 2018: " in about


def test_aliases_are_named_in_the_heading(shipped: Graph) -> None:
    heading = shipped.show("id:turkey").text(80).splitlines()[:3]
    assert heading[0].startswith("Turkey  id:turkey")
    assert any(line.startswith("also: ") and "Türkiye" in line for line in heading)


def test_json_has_every_fact_with_its_receipts(small: Graph) -> None:
    facts = json.loads(json.dumps(small.show("Norland").json()))
    backs = next(f for f in facts if f["sentence"] == "Norland: backs Sudland")
    assert backs["status"] == "asserted"
    assert backs["triple"][0] == f"<{ID}norland>"
    assert backs["receipts"][0].keys() == {"text", "article", "passage", "start", "end", "speakers", "mentions"}
    assert {f["status"] for f in facts} == {"asserted", "background", "inferred", "reported"}


def test_a_name_may_not_drive_the_terminal(small: Graph) -> None:
    graph = small.over([])
    evil, x = Literal("Evil\x1b]0;title\x07"), NamedNode(ID + "x")
    for predicate in (RDFS_LABEL, ENT + "wording"):
        graph.store.add(Quad(x, NamedNode(predicate), evil))
    text = graph.show("id:x").text(80)
    assert text.count("Evil") == 2  # in the heading, and as words that name the thing
    assert "\x1b" not in text
    assert "\x1b[1m" in graph.show("id:x").text(80, color=True)


@pytest.mark.parametrize("width", [20, 40, 200])
def test_quotes_are_wrapped(width: int, shipped: Graph) -> None:
    quoted = [x for x in shipped.show("id:turkey").text(width).splitlines() if x.startswith("    ") and "—" not in x]
    assert all(len(line) <= max(width, 24) for line in quoted if "http" not in line)


def test_an_unknown_thing(small: Graph) -> None:
    with pytest.raises(UsageError, match="the graph knows no “Nowhere”"):
        small.show("Nowhere")


def test_a_quote_that_others_are_read_with_says_so_and_is_whole_once(shipped: Graph) -> None:
    narrow = shipped.show("id:syrian-war").text(60).splitlines()
    led = [x for x in narrow if x.startswith("    read with ")]
    whole = [x for x in led if not x.endswith(" …”")]
    assert len(led) > len(whole) == len(set(whole)) > 0
    assert max(map(len, led)) <= 60


def test_without_a_thing_all_things_are_listed(shipped: Graph, shipped_folder: Path, capsys: Captured) -> None:
    assert main(["-C", str(shipped_folder), "show", "-f", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {"label": "Turkey", "name": "id:turkey", "kinds": ["state"]} in listed
    things = {q.subject for q in shipped.quads if q.predicate.value == RDF_TYPE and ID in str(q.subject)}
    assert {x["name"] for x in listed if x["kinds"][-1] != "said by others"} == {compact(t.value) for t in things}
    assert main(["-C", str(shipped_folder), "show"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(listed)
    named = "relations between Russia and Turkey, “managed to compartmentalise issues”, according to Mitat Celikpala"
    named += " (state of relations, said by others)"
    assert f"id:turkey-russia-compartments             {named}" in lines


def test_a_notebook_shows_each_fact_with_the_numbers_of_its_passages(small: Graph) -> None:
    shown = small.show("Norland")
    page = Markup(shown._repr_html_())
    assert page.texts[0] == "Norland"
    quote = "“Norland has backed Sudland since 2015.” (2020-03-norland, characters 0–38)"
    assert page.texts[page.texts.index(quote) - 1] == "[1]"
    assert repr(shown) == shown.text(100)


def test_what_is_inferred_reported_and_from_elsewhere_has_its_form(shipped: Graph) -> None:
    page = shipped.show("id:turkey")._repr_html_()
    titles = Markup(page).titles
    assert any(title.startswith('graph.why("id:turkey", "ent:backs"') for title in titles)
    assert '<span class="said">Mitat Celikpala: ' in page
    assert '<span class="small quiet"> from https://unstats.un.org' in page
    assert not any("rdf:subject" in text for text in Markup(page).texts)


def test_names_in_any_script_are_aligned(small: Graph) -> None:
    graph = small.over([])
    names = ("中国", "e\u0301tat", "x")
    for name in names:
        graph.store.add(Quad(NamedNode(ID + name), NamedNode(RDF_TYPE), NamedNode(ENT + "State"), DefaultGraph()))
    lines = Listing(graph.context).text(80).splitlines()
    labels = [next(line for line in lines if name in line).rpartition(name)[0] for name in names]
    assert [display_width(before) for before in labels] == [9, 9, 9]


SUMMIT = "Vladimir Putin, Recep Tayyip Erdogan and Hassan Rouhani are to hold a summit"


@pytest.mark.parametrize(
    ("thing", "sentence", "quote"),
    [
        ("id:ankara-summit-april-2018", SUMMIT, "“On W"),
        ("id:ankara", SUMMIT, "“On Wednesday, Putin,"),
        ("id:turkey-russia-rapprochement", "Relations between Turkey and Russia are improving", "“Despite their"),
        ("id:putin-as-president", "Vladimir Putin is the President of Russia", "“Russian President"),
    ],
)
def test_the_first_quote_is_the_one_that_states_it_best(shipped: Graph, thing: str, sentence: str, quote: str) -> None:
    lines = shipped.show(thing).text(200).splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(sentence))
    assert next(line for line in lines[at + 1 :] if line.startswith("    “")).strip().startswith(quote)


def test_a_speaker_has_what_he_says_and_where_his_office_is(shipped: Graph) -> None:
    own, says = shipped.show("Mitat Celikpala").text(200).split("\nsays\n")
    assert "is a professor of international relations at Kadir Has University" in own
    assert "Russia and Turkey disagree over the island of Cyprus and the annexation of Crimea" in says
    assert "said by others" not in says
    assert "\nsays\n" not in shipped.show("Turkey").text(200)


def _quotes_under(text: str, sentence: str) -> str:
    """What stands below a sentence, up to the next one."""
    below = text.partition(f"\n{sentence}")[2].splitlines()[1:]
    return "\n".join(below[: next((n for n, line in enumerate(below) if line[:1].strip()), len(below))])


def test_a_quote_of_what_is_less_is_none_of_the_sentence(shipped: Graph) -> None:
    text = shipped.show("Russia").text(200)
    improving = next(line for line in text.splitlines() if line.startswith("Relations between Turkey and Russia are "))
    assert "forging closer ties" in _quotes_under(text, improving)
    assert "aim to strengthen" not in _quotes_under(text, improving)
    assert "aim to strengthen" in _quotes_under(text, "Turkey and Russia aim “to strengthen relationship”")


def test_a_quote_that_gives_only_a_name_says_so_and_comes_last(shipped_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(shipped_folder, tmp_path / "graph")
    (facts,) = (folder / "kg" / "articles").glob("*/facts.trig")
    text, twice = facts.read_text("utf-8"), 'rdfs:label "Moscow"@en ; ent:governmentOf id:russia .'
    first = text.index(twice) + len(twice)  # from here on, whose government Moscow is is left to the first passage
    text = text[:first] + text[first:].replace(twice, 'rdfs:label "Moscow"@en .')
    facts.write_text(text, "utf-8", newline="\n")
    below = _quotes_under(kg.open(str(folder)).show("Assad").text(200), "Russia backs Bashar al Assad").splitlines()
    assert below[0].startswith("    “The co-operation comes despite")
    assert next(line for line in below if "In December, Ankara" in line).startswith("    named in “")


def test_what_background_gives_of_a_sentence_is_named(shipped: Graph) -> None:
    text = shipped.show("breaking ground ceremony").text(200)
    assert "    date from https://" in _quotes_under(text, "Ground is to be broken")
    assert "\n    https://" not in text.partition("\nfrom background sources\n")[0].partition("\ncomputed\n")[0]


def test_the_name_of_a_class_shows_its_only_thing_or_its_things(shipped: Graph) -> None:
    assert shipped.show("summit").thing.value == ID + "ankara-summit-april-2018"
    lines = shipped.show("state").text(200).splitlines()
    assert lines[1].startswith("term of the ontology: An actor and a place")
    assert lines[lines.index("its things") + 1 :] == [
        f"{x} (state)  id:{x.lower()}" for x in ("Iran", "Russia", "Syria", "Turkey")
    ]
    assert shipped.show("ent:Summit").thing.value == ENT + "Summit"
