"""What is refused before a parser reads it, and what honest files have."""

import json
from pathlib import Path
from typing import Any

import pytest

from kg import limits
from kg.errors import KgError
from kg.findings import Finding
from kg.source import documents

_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = f'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:" xmlns:owl="{_OWL}"'


def _xml(declarations: str, value: str = "x", inner: str = "") -> str:
    thing = f'<rdf:Description rdf:about="urn:a"><e:p>{value}</e:p>{inner}</rdf:Description>'
    return f'<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [{declarations}]>\n<rdf:RDF {_RDF}>{thing}</rdf:RDF>'


def _read(folder: Path, name: str, text: str) -> set[str]:
    (folder / name).write_text(text)
    return {quad.object.value for quad in documents.parse_file(str(folder / name))}  # type: ignore[union-attr]


def _refused(folder: Path, name: str, text: str) -> KgError:
    with pytest.raises(KgError) as refused:
        _read(folder, name, text)
    return refused.value


def test_entities_that_are_plain_text_are_read(tmp_path: Path) -> None:
    declarations = f'<!-- names --> <!ENTITY owl "{_OWL}"> <!ENTITY a "B&amp;&#67;">'
    found = _read(tmp_path, "x.rdf", _xml(declarations, "&a;", '<rdf:type rdf:resource="&owl;Class"/>'))
    assert found == {"B&C", f"{_OWL}Class"}


@pytest.mark.parametrize(
    ("declarations", "code", "rule"),
    {
        "nested": ('<!ENTITY a "x"><!ENTITY b "&a;&a;">', 4, "too-deep"),
        "nested by a reference to a character": ('<!ENTITY a "x"><!ENTITY b "&#38;a;">', 4, "too-deep"),
        "markup": ('<!ENTITY a "<e:q/>">', 4, "too-deep"),
        "parameter": ('<!ENTITY % a "x">', 3, "syntax"),
        "external": ('<!ENTITY a SYSTEM "file:///etc/hostname">', 3, "syntax"),
        "in a comment": ('<!-- <!ENTITY a "&b;"> --><!ENTITY c "x">', 3, "syntax"),
        "twice": ('<!ENTITY a "x"><!ENTITY a "y">', 3, "syntax"),
    }.values(),
)
def test_other_entities_are_refused_where_they_stand(declarations: str, code: int, rule: str, tmp_path: Path) -> None:
    error = _refused(tmp_path, "x.rdf", _xml(declarations))
    assert (error.exit_code, error.rule) == (code, rule)
    assert error.where.startswith(f"{tmp_path / 'x.rdf'}:2:")


def test_the_number_of_entities_is_bounded(tmp_path: Path) -> None:
    nested = '<!ENTITY e0 "x">' + "".join(f'<!ENTITY e{i} "&e{i - 1};">' for i in range(1, 200_000))
    assert _refused(tmp_path, "x.rdf", _xml(nested, "&e199999;")).rule == "too-large"


def test_what_entities_stand_for_is_bounded(tmp_path: Path) -> None:
    entity, most = f'<!ENTITY a "{"x" * 100_000}">', limits.MAX_EXPANDED // 100_000
    assert _read(tmp_path, "x.rdf", _xml(entity, "&a;" * 10)) == {"x" * 1_000_000}
    assert _refused(tmp_path, "x.rdf", _xml(entity, "&a;" * (most + 1))).rule == "too-large"


@pytest.mark.parametrize("tag", ["e:a", "e:a e:b='>'", "e:a e:b='/'"])
def test_elements_are_counted(tag: str, tmp_path: Path) -> None:
    error = _refused(tmp_path, "x.rdf", _xml("", f"<{tag}>" * 2_000 + "</e:a>" * 2_000))
    assert error.rule == "too-deep"


@pytest.mark.parametrize("tag", ["e:a!", "e:a '", "e:a/ "])
def test_xml_that_is_ill_formed_is_not_read(tag: str, tmp_path: Path) -> None:
    error = _refused(tmp_path, "x.rdf", _xml("", f"\n<{tag}>" * 2_000 + "</e:a!>" * 2_000))
    assert error.rule == "syntax"
    assert ":4:" in error.where


def _chain(terms: int) -> dict[str, Any]:
    return {f"t{i}": f"t{i + 1}:x" for i in range(1, terms)} | {f"t{terms}": "urn:x:"}


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda context: {"@context": context},
        lambda context: [{"@context": ["urn:x", context]}],
        lambda context: {"@context": {"q": {"@id": "urn:q", "@context": context}}},
        lambda context: {"@context": {t: {"@id": i} for t, i in context.items()}},
    ],
)
def test_terms_defined_by_one_another_are_refused(wrapped, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    text = json.dumps(wrapped(_chain(limits.MAX_CHAIN + 1)))
    error = _refused(tmp_path, "x.jsonld", text.replace("@context", "\\u0040context"))
    assert error.rule == "too-deep"


def test_terms_of_honest_contexts_are_read(tmp_path: Path) -> None:
    context = {f"p{i}": {"@id": f"e:p{i}", "@type": "@id"} for i in range(1_000)} | {"e": "urn:e:", "c": {"@id": "c"}}
    document = {"@context": [{"@vocab": "urn:v:"}, context | _chain(limits.MAX_CHAIN)], "@id": "urn:a"}
    assert _read(tmp_path, "x.jsonld", json.dumps(document | {"p7": "urn:b", "t1": "x"})) == {"urn:b", "x"}


def test_contexts_that_are_copied_too_often_are_refused(tmp_path: Path) -> None:
    terms = {f"t{i}": f"urn:t:{i}" for i in range(4_000)}
    scoped = {"S": {"@id": "urn:S", "@context": terms}}
    for document in (
        {"@context": terms, "@graph": [{"@context": {}, "@id": f"urn:{i}"} for i in range(4_000)]},
        {"@context": scoped, "@graph": [{"@id": f"urn:{i}", "@type": "S"} for i in range(4_000)]},
        {"@context": scoped, "@graph": [{"@id": f"urn:{i}", "S": {}} for i in range(4_000)]},
    ):
        assert _refused(tmp_path, "x.jsonld", json.dumps(document)).rule == "too-large"
    records = [{"@context": {"p": "urn:p"}, "@id": f"urn:{i}", "p": "x"} for i in range(4_000)]
    assert _read(tmp_path, "x.jsonld", json.dumps(records)) == {"x"}


def test_long_namespaces_are_not_repeated_without_end(tmp_path: Path) -> None:
    long = "urn:" + "x" * 1_000_000
    few, many = " , ".join(f"p:{i}" for i in range(10)), " , ".join(f"p:{i}" for i in range(100))
    assert len(_read(tmp_path, "x.ttl", f"@prefix p: <{long}> . <urn:a> <urn:b> {few} .")) == 10
    assert _refused(tmp_path, "x.ttl", f"@prefix p: <{long}> . <urn:a> <urn:b> {many} .").rule == "too-large"
    findings = list[Finding]()
    assert documents.parse_text("x.ttl", f"@prefix p: <{long}> . <urn:a> <urn:b> {many} .", findings) is None
    assert [finding.rule for finding in findings] == ["too-large"]
    context = {"@context": {"p": f"{long}:"}, "@id": "urn:a", "p:x": "x"}
    assert _refused(tmp_path, "x.jsonld", json.dumps(context)).rule == "too-large"
