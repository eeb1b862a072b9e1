"""A lexicon of one's own: what docs/add-an-article.md says to add takes an honest finding away, and nothing else."""

import re
from pathlib import Path

import pytest
from articles import PREFIXES, document
from running import ROOT

import kg
from kg.dataset.lexicon import Lexicon
from kg.drafting import new
from kg.findings import Finding
from kg.rdf.namespaces import ENT
from kg.source import documents
from kg.source.layout import GraphFolder
from kg.validation.ontology import Axioms, check_lexicon

PAGE = (ROOT / "docs" / "add-an-article.md").read_text("utf-8").split("## Words of your own")[1]
SENTENCE, SHOWN = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LINES, OWN_CLASS = re.findall(r"^```turtle\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FACTS = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ent:     <https://w3id.org/entente/ontology#> .
@prefix id:      <https://w3id.org/entente/id/> .
@prefix p:       <https://w3id.org/entente/article/canal#> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/entente/article/canal> a ent:Article ;
    dcterms:title "Canal"@en ;
    dcterms:language "en" ;
    ent:readingDate "2019-06-13"^^xsd:date ;
    ent:basis "Invented."@en ;
    ent:basisSource <https://w3id.org/entente/article/canal> .

p:launch a ent:Passage ;
    ent:quote "{quote}" ;
    ent:dateWords "in May 2019" .
p:launch {
    {facts}
    id:talvia a ent:State ; rdfs:label "Talvia"@en .
    id:belmar a ent:State ; rdfs:label "Belmar"@en .
}
"""
CANAL = (
    'id:halm-canal a ent:Canal ;\n        rdfs:label "Halm Canal"@en ;\n        ent:stage ent:underWay ;\n'
    '        ent:start "2019-05"^^xsd:gYearMonth .'
)
BOYCOTT = (
    "id:talvia-shuns-belmar a ent:Boycott ;\n        ent:boycotter id:{0} ;\n        ent:boycotted id:{1} ;\n"
    '        ent:start "2019-05"^^xsd:gYearMonth .'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new.init_graph(str(tmp_path / "own"))
    (tmp_path / "own" / "kg" / "articles" / "canal").mkdir()
    return tmp_path / "own"


def found(folder: Path, quote: str, facts: str, words: str = "") -> list[Finding]:
    """The findings on an article of one sentence, and on a file of words beside the lexicon."""
    if words:
        (folder / "ontology" / "my-words.ttl").write_text(words, "utf-8", newline="\n")
    article = folder / "kg" / "articles" / "canal"
    (article / "article.txt").write_text(f"{quote}\n", "utf-8", newline="\n")
    told = FACTS.replace("{quote}", quote).replace("{facts}", facts)
    if "Belmar" not in quote:
        told = told.replace('    id:belmar a ent:State ; rdfs:label "Belmar"@en .\n', "")
    (article / "facts.trig").write_text(told, "utf-8", newline="\n")
    lint = check_lexicon(Axioms(documents.load_sources(GraphFolder(str(folder))).ontology))
    return [f for f in (*kg.open(str(folder)).validate(), *lint) if f.severity != "info"]


def test_the_finding_shows_the_lines_that_answer_it(folder: Path) -> None:
    (finding,) = found(folder, SENTENCE.strip(), CANAL)
    assert f"{finding.severity}: {finding.message} [{finding.rule}]" == SHOWN.splitlines()[0]
    assert finding.hint.splitlines() == [line.removeprefix("  ") for line in SHOWN.splitlines()[1:]]
    assert LINES.endswith("\n".join(finding.hint.splitlines()[1:]) + "\n")
    assert found(folder, SENTENCE.strip(), CANAL, LINES) == []


def test_other_words_of_a_status_answer_it_too(folder: Path) -> None:
    for words in ('ent:cue "*launch"@en', 'ent:tense "past"@en'):
        assert found(folder, SENTENCE.strip(), CANAL, f"{LINES.splitlines()[0]}\nent:underWay {words} .\n") == []


def test_a_class_of_ones_own_is_judged_as_others_are(folder: Path) -> None:
    quote = "In May 2019 Talvia shunned Belmar."
    (finding,) = found(folder, quote.replace("In", "in"), BOYCOTT.format("belmar", "talvia"), OWN_CLASS)[:1]
    assert finding.rule == "role-words"
    assert found(folder, quote.replace("In", "in"), BOYCOTT.format("talvia", "belmar"), OWN_CLASS) == []


def test_what_the_table_adds_can_be_read() -> None:
    rows = "".join(line.replace("\\|", "|") for line in PAGE.splitlines(keepends=True) if line.startswith("|"))
    whole = [line.rstrip(" ;.") for line in re.findall(r"`(ent:[^`]* ent:[^`]*)`", rows)]
    parts = [f"ent:held {line}" for line in re.findall(r"`(ent:(?:cue|pattern|tense) [^`]*)`", rows)]
    assert len(whole) > 2
    assert len(parts) > 2
    words = "".join(f"{line} .\n" for line in (*whole, *parts))
    terms = "".join(f"ent:{name} a owl:ObjectProperty .\n" for name in ("backer", "backed"))
    rules = [f.rule for f in check_lexicon(Axioms([document("ontology/w.ttl", PREFIXES + terms + words)]))]
    assert rules == ["pattern-usage"]  # of the pattern whose usage the table leaves out


def test_tenses_in_several_files_add_up() -> None:
    words = document("w.ttl", PREFIXES + 'ent:held ent:tense "past"@en . ent:held ent:tense "present perfect"@en .')
    assert Lexicon(words.triples).tenses("en") == {ENT + "held": frozenset(("past", "present", "perfect"))}
