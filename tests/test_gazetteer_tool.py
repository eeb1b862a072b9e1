"""The generator of the gazetteer, on sources of a few made-up entries."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.gazetteer import __main__ as tool
from tools.gazetteer import currencies
from tools.gazetteer.reading import countries


def written(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


def entry(names: dict[str, str], capital: str, people: dict[str, str], **more: dict[str, str]) -> dict[str, Any]:
    def texts(rows: dict[str, str]) -> dict[str, dict[str, str]]:
        return {key: {"text": value} for key, value in rows.items()}

    government = {"Country name": texts(names), "Capital": texts({"name": capital}), **more}
    return {"Government": government, "People and Society": {"Nationality": texts(people)}}


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path]:
    """A Factbook of four countries, and a CLDR that has their codes."""
    factbook, cldr = tmp_path / "factbook", tmp_path / "cldr"
    lorvia = {
        "conventional long form": "The Republic of Lorvia (official); note - since 1990",
        "conventional short form": "Lorvia",
        "abbreviation": "ROL",
    }
    people = {"noun": "Lorvian(s), Lorman(men)", "adjective": "Lorvian; note - formerly Lorvish"}
    told = {"International organization participation": {"text": "ZAP (observer), ZIP; ZUP<br>"}}
    written(factbook / "a" / "lo.json", entry(lorvia, "Lor (Lohr)", people, **told))
    belmar = {"conventional short form": "none", "conventional long form": "C&ocirc;te d'Belmar"}
    belmar_people = {"noun": "Belmari (singular and plural)", "adjective": "Belmari or Lorvian"}
    capitals = "Bel [east (old)] (seat of government); Mar (legislative [lower house] capital)"
    written(factbook / "a" / "be.json", entry(belmar, capitals, belmar_people))
    isle = {"conventional short form": "Isle", "conventional long form": "none"}
    depends = {"Dependency status": {"text": "territory of Lorvia"}}
    written(factbook / "b" / "ii.json", entry(isle, "Port", {"noun": "none", "adjective": "Lorvian"}, **depends))
    city = {"conventional short form": "Cité", "conventional long form": "none"}
    written(factbook / "b" / "cc.json", entry(city, "Cité", {"noun": "Citizen(s)", "adjective": "Cité"}))
    territories = {"LO": "Lorvia", "BE": "Belmar & Coast", "BE-alt-variant": "Belmar", "II": "Isle", "CY": "Cité"}
    names = {"main": {"en": {"localeDisplayNames": {"territories": {"001": "world", **territories}}}}}
    written(cldr / "cldr-localenames-full" / "main" / "en" / "territories.json", names)
    codes = {"LO": {"_alpha3": "LOR"}, "BE": {"_alpha3": "BEL"}, "II": {}, "CY": {"_alpha3": "CIT", "_fips10": "CC"}}
    supplemental = cldr / "cldr-core" / "supplemental"
    written(supplemental / "codeMappings.json", {"supplemental": {"codeMappings": codes}})
    containment = {"UN": {"_contains": ["LO", "BE", "CY"]}}
    written(supplemental / "territoryContainment.json", {"supplemental": {"territoryContainment": containment}})
    tender: dict[str, Any] = {
        "LO": [{"LOD": {}, "LOX": {"_to": "1999"}}, {"LOE": {"_tender": "false"}}],
        "BE": [{"BEM": {}}],
        "X": [{"ZZR": {}}],
    }
    written(supplemental / "currencyData.json", {"supplemental": {"currencyData": {"region": tender}}})
    spelled = {"LOD": ("Lorvian dáler", "Lorvian dálers"), "BEM": ("Bel mark", "Bel marks"), "ZZR": ("rix", "rixen")}
    rows = {
        code: {"displayName-count-one": one, "displayName-count-other": many} for code, (one, many) in spelled.items()
    }
    path = cldr / "cldr-numbers-full" / "main" / "en" / "currencies.json"
    written(path, {"main": {"en": {"numbers": {"currencies": rows}}}})
    return factbook, cldr


def test_countries_capitals_and_people_are_read(
    sources: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisations = tmp_path / "organisations.tsv"
    organisations.write_text("# head\nZAP\tAlliance\tZap Pact\tZAP|Zap\nZIP\tAlliance\tZip\n", "utf-8")
    monkeypatch.setattr(tool, "ORGANISATIONS", organisations)
    monkeypatch.setattr(tool, "TARGET", tmp_path / "gazetteer.tsv")
    monkeypatch.setattr(tool, "CURRENCIES", tmp_path / "currencies.py")
    monkeypatch.setattr("sys.argv", ["gazetteer", *map(str, sources)])
    tool.main()
    lines = (tmp_path / "gazetteer.tsv").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        "State\tbelmar-and-coast\tBelmar and Coast\tBelmar|Côte d’Belmar\tBelmari|Lorvian\t\t\tBEL",
        "City\tbel\tBel\t\t\tbelmar-and-coast",
        "City\tmar\tMar\t\t\tbelmar-and-coast",
        "State\tcite\tCité\t\tCitizen\t\t\tCIT",
        "Place\tisle\tIsle",
        "State\tlorvia\tLorvia\tRepublic of Lorvia|ROL\tLorvian|Lorman|Lormen\t\t\tLOR",
        "City\tlor\tLor\t\t\tlorvia\tlorvia",
        "Alliance\tzap\tZap Pact\tZAP|Zap",
        "Alliance\tzip\tZip",
    ]


def test_currencies_are_read(sources: tuple[Path, Path]) -> None:
    made: dict[str, Any] = {}
    exec(currencies.written(sources[1], countries(*sources)), made)
    found = {name: made[name].split() for name in ("CODES", "NOUNS", "AMBIGUOUS", "STATES")}
    assert found["CODES"] == ["BEM", "BGN", "LOD", "SVC", "VED", "XDR", "ZWL", "ZZR"]
    assert " ".join(found["NOUNS"]) == "dálers?|dalers?: LOD, rixs?|rixen: ZZR"
    assert " ".join(found["AMBIGUOUS"]) == "marks?: BEM"
    # Lorvian is also what people of Belmar are called, and Lormen are no adjective.
    assert " ".join(found["STATES"]) == "Bel BE, Belmar BE, Belmari BE, Lorvia LO"


def test_an_organisation_that_the_factbook_does_not_name_is_refused(
    sources: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisations = tmp_path / "organisations.tsv"
    organisations.write_text("ZOP\tAlliance\tZop\n", "utf-8")
    monkeypatch.setattr(tool, "ORGANISATIONS", organisations)
    monkeypatch.setattr("sys.argv", ["gazetteer", *map(str, sources)])
    with pytest.raises(SystemExit, match="no entry of the Factbook has ZOP"):
        tool.main()


def test_a_member_of_the_united_nations_without_an_entry_is_refused(sources: tuple[Path, Path]) -> None:
    (sources[0] / "b" / "cc.json").unlink()
    with pytest.raises(SystemExit, match="the Factbook has no entry for CY"):
        countries(*sources)
