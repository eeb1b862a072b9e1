"""The CSV of facts: each row with its status and receipt, and safe to open in a spreadsheet."""

import csv
import io

import pytest
from pyoxigraph import NamedNode

from kg.export.rows import guarded
from kg.graph import Graph
from kg.provenance.receipts import ASSERTED, BACKED, COMPUTED, INFERRED, REPORTED


def rows(graph: Graph, *, asserted_only: bool = False) -> list[dict[str, str]]:
    text = graph.export("csv", asserted_only=asserted_only).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_it_begins_with_a_byte_order_mark_and_its_lines_end_in_lf(graph: Graph) -> None:
    data = graph.export("csv")
    assert data.startswith(b"\xef\xbb\xbfsubject,predicate,object,status,speaker,quote,article,start,end,read_with,")
    assert b"\r" not in data
    assert data.endswith(b"\n")


def test_each_row_that_an_article_tells_has_its_quote_and_place(graph: Graph) -> None:
    texts = {e.iri: e.article.text for e in graph.build.evidence}
    told = [r for r in rows(graph) if r["status"] in (ASSERTED, REPORTED)]
    for row in told:
        assert texts[row["article_iri"]][int(row["start"]) : int(row["end"])] == row["quote"]
        assert row["passage_iri"].startswith(row["article_iri"] + "#")
        assert bool(row["speaker"]) == (row["status"] == REPORTED)
    passages = [p for e in graph.build.evidence for p in e.passages]
    assert len(told) == sum(len(p.triples) for p in passages)
    with_companions = {r["passage_iri"] for r in told if r["read_with"]}
    assert with_companions == {p.iri for p in passages if p.read_with}


def test_the_rows_are_all_facts_and_each_tells_where_it_comes_from(graph: Graph) -> None:
    found = rows(graph)
    counts = {status: sum(r["status"] == status for r in found) for status in (BACKED, COMPUTED, INFERRED)}
    background = [q for q in graph.build.background if isinstance(q.graph_name, NamedNode)]
    assert counts == {
        BACKED: len(background),
        COMPUTED: len(set(graph.build.bounds) - graph.build.asserted.keys() - {q.triple for q in background})
        + len(set(graph.build.computed())),
        INFERRED: len(graph.build.inferred),
    }
    for row in found:
        assert sum(bool(row[name]) for name in ("quote", "source", "rule")) == 1
        assert row["subject"] and row["predicate"] and row["subject_iri"] and row["predicate_iri"]  # noqa: PT018


def test_a_row_reads_as_a_sentence_with_its_speaker(graph: Graph) -> None:
    found = [r for r in rows(graph) if r["object_iri"].endswith("#Cooperation") and r["status"] == REPORTED]
    assert {(r["predicate"], r["object"], r["speaker"]) for r in found} == {("is a", "cooperation", "Mitat Celikpala")}
    assert {r["reading_date"] for r in found} == {"2018-04-03"}


def test_asserted_only_leaves_out_what_was_inferred(graph: Graph) -> None:
    assert {r["status"] for r in rows(graph, asserted_only=True)} == {ASSERTED, REPORTED, BACKED, COMPUTED}


def test_text_that_looks_like_a_formula_is_disarmed_and_numbers_stay(odd: Graph) -> None:
    found = rows(odd)
    assert {r["subject"] for r in found if r["subject_iri"].endswith("odd-plant")} == {"'=SUM(A1)"}
    numbers = [(r["object"], r["object_datatype"]) for r in found if r["predicate"] == "number"]
    assert {("01", "xsd:integer"), ("+1", "xsd:integer"), ("-7", "xsd:integer")} <= set(numbers)
    assert {r["quote"] for r in found if r["status"] == REPORTED} == {"'+1 is no number here, said Ann."}
    assert {r["object"] for r in found if r["predicate"] == "wording"} >= {"'-- x", "cr\rtab\tline\nend"}


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(1)", "\tx", "\rx"])
def test_what_begins_a_formula_is_guarded(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Turkey", "-7", "+1.5", "a=b", "’tis"])
def test_other_text_stays(text: str) -> None:
    assert guarded(text) == text
