"""Reads the World Factbook and the Unicode CLDR: states and other countries, their capitals, and their people."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Of names that the two sources give, those that English news uses. The others become other names.
_USUAL = {
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "GM": "Gambia",
    "HK": "Hong Kong",
    "MM": "Myanmar",
    "MO": "Macau",
    "PS": "Palestine",
    "TR": "Turkey",
    "VA": "Vatican City",
}
# Names that news uses and neither source has.
_MORE_NAMES = {
    "CD": ["DR Congo", "Congo"],
    "CG": ["Congo-Brazzaville", "Congo"],
    "GB": ["Britain", "Great Britain"],
    "PS": ["Palestinian territories"],
    "US": ["America"],
    "VA": ["Vatican"],
}
_MORE_PEOPLE = {
    "AR": ["Argentinian"],
    "CI": ["Ivorian"],
    "KZ": ["Kazakh"],
    "KG": ["Kyrgyz"],
    "NZ": ["New Zealander"],
    "PS": ["Palestinian"],
    "RS": ["Serbian"],
    "SZ": ["Swazi"],
    "TJ": ["Tajik"],
    "TW": ["Taiwanese"],
    "UZ": ["Uzbek"],
}
# Codes of the Factbook that the CLDR does not have.
_MORE_CODES = {"KV": "XK", "OD": "SS", "RI": "RS"}
# Accents that the sources leave out.
_ACCENTS = {"Lome": "Lomé", "Male": "Malé", "Sao Tome": "São Tomé", "Yaounde": "Yaoundé", "Torshavn": "Tórshavn"}
# Other names of capitals in news.
OTHER_NAMES = {
    "Kyiv": ("Kiev",),
    "Nay Pyi Taw": ("Naypyidaw", "Naypyitaw"),
    "Rangoon": ("Yangon",),
    "Ulaanbaatar": ("Ulan Bator",),
    "Washington, D.C.": ("Washington", "Washington DC", "Washington, DC"),
}
_CONTESTED_CAPITALS = frozenset({"Jerusalem"})
_NOTE = re.compile(r";? ?note\b.*", re.DOTALL)
_BRACKETS = re.compile(r"\s*(?:\((?:[^()])*\)|\[[^\]]*\])")
_NOUN = re.compile(r"(?P<one>[^,;/()]+?)\((?P<end>s|men|women)\)")
_SEPARATOR = re.compile(r",? or |[,;/]")
_NAMELESS = frozenset({"", "none", "NA", "N/A"})
# No countries, countries without inhabitants, and codes that mean another country in the Factbook.
_LEFT_OUT = frozenset({"AQ", "AX", "BQ", "BV", "EU", "EZ", "HM", "TF", "UM", "UN", "QO", "XA", "XB", "ZZ"})


@dataclass(frozen=True)
class Country:
    """A state, or another country or territory; `code` is that of ISO 3166-1, of two letters."""

    code: str
    alpha3: str
    name: str
    other_names: tuple[str, ...]
    people: tuple[str, ...]
    capitals: tuple[str, ...]
    is_state: bool

    @property
    def names(self) -> tuple[str, ...]:
        """All names."""
        return self.name, *self.other_names

    @property
    def capital(self) -> str:
        """Its capital; empty where there are several, or where it is contested."""
        return self.capitals[0] if len(self.capitals) == 1 and self.capitals[0] not in _CONTESTED_CAPITALS else ""


def countries(factbook: Path, cldr: Path) -> list[Country]:
    """The countries with an entry in the Factbook and a code in ISO 3166-1, in the order of their codes.

    States are those that the CLDR has among the members of the United Nations.
    """
    names = _names(cldr)
    containment = _supplemental(cldr, "territoryContainment")["territoryContainment"]
    members = frozenset(containment["UN"]["_contains"])
    mappings = _supplemental(cldr, "codeMappings")["codeMappings"]
    by_gec = {row["_fips10"]: code for code, row in mappings.items() if "_fips10" in row} | _MORE_CODES
    by_gec |= {code: code for code in names if code not in by_gec and "_fips10" not in mappings.get(code, {})}
    found = {}
    for gec, entry in _entries(factbook):
        code = by_gec.get(gec.upper(), "")
        if code in names and code not in _LEFT_OUT:
            found[code] = _country(code, mappings[code].get("_alpha3", ""), entry, names[code], code in members)
    if missing := sorted(members - found.keys()):
        raise SystemExit(f"the Factbook has no entry for {', '.join(missing)}")
    return [found[code] for code in sorted(found)]


def memberships(factbook: Path) -> set[str]:
    """What the Factbook calls the organisations in which states take part: “NATO”."""
    found = set[str]()
    for _, entry in _entries(factbook):
        words = _text(entry, "Government", "International organization participation")
        found |= {part.strip() for part in re.split("[,;]", _BRACKETS.sub("", words))}
    return found


def _entries(factbook: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(factbook.glob("*/*.json")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


def _supplemental(cldr: Path, name: str) -> dict[str, Any]:
    path = cldr / "cldr-core" / "supplemental" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["supplemental"]
    return found


def _names(cldr: Path) -> dict[str, list[str]]:
    """By code of two letters the names of territories in English, the usual one first."""
    path = cldr / "cldr-localenames-full" / "main" / "en" / "territories.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["main"]["en"]["localeDisplayNames"]["territories"]
    found: dict[str, list[str]] = {}
    for key, name in rows.items():
        if re.fullmatch("[A-Z]{2}(-alt-.*)?", key):
            found.setdefault(key[:2], []).append(name)
    return found


def _text(entry: dict[str, Any], *path: str) -> str:
    found: Any = entry
    for name in (*path, "text"):
        found = found.get(name, {}) if isinstance(found, dict) else {}
    words = html.unescape(re.sub("<[^>]*>", "", found)) if isinstance(found, str) else ""
    return " ".join(words.split()).replace("'", "’")


def _country(code: str, alpha3: str, entry: dict[str, Any], names: list[str], is_state: bool) -> Country:
    own = ("Government", "Country name")
    short, long, initials = (
        _text(entry, *own, part) for part in ("conventional short form", "conventional long form", "abbreviation")
    )
    given = [*names, *(_BRACKETS.sub("", _NOTE.sub("", name)).strip() for name in (short, long))]
    given += [part for part in re.split(r"[() ]*\bor |[() ]+$", initials) if re.fullmatch("[A-Z][A-Za-z]{2,4}", part)]
    given = [name.removeprefix("The ").replace(" & ", " and ") for name in given if _is_name(name)]
    people = _people(code, entry, {*given, *_MORE_NAMES.get(code, [])})
    name = _USUAL.get(code) or given[0]
    others = [*(other for other in given if other not in people), *_MORE_NAMES.get(code, [])]
    others += [".".join(word) + "." for word in others if re.fullmatch("[A-Z]{2}", word)]  # U.S.
    others = [other for other in dict.fromkeys(others) if other != name]
    depends = _text(entry, "Government", "Dependency status") != ""
    capitals = () if depends else tuple(_capitals(entry))
    return Country(code, alpha3, name, tuple(others), people, capitals, is_state)


def _is_name(name: str) -> bool:
    return name not in _NAMELESS and not re.search(r"[(),;/]| - ", name)


def _people(code: str, entry: dict[str, Any], names: set[str]) -> tuple[str, ...]:
    """The adjectives and what the people are called, in the singular or, as with “men”, both."""
    own = ("People and Society", "Nationality")
    found: list[str] = []
    for part in ("adjective", "noun"):
        words = _NOTE.sub("", _text(entry, *own, part)).replace("liSwati", "").replace("emaSwati", "")
        for noun in _NOUN.finditer(words):
            end = noun["end"]
            found += [noun["one"].strip()] * (end == "s") + _of_men(noun["one"].strip(), end) * (end != "s")
        found += [word.strip() for word in _SEPARATOR.split(_BRACKETS.sub("", _NOUN.sub("", words)))]
    found += _MORE_PEOPLE.get(code, [])
    return tuple(word for word in dict.fromkeys(found) if _is_of_people(word, names))


def _is_of_people(word: str, names: set[str]) -> bool:
    return (
        word[:1].isupper()
        and word not in names - {"Dominican"}
        and word not in _NAMELESS
        and not word.endswith("Islanders")
    )


def _of_men(one: str, end: str) -> list[str]:
    return [one, one.removesuffix("man").removesuffix("wo") + end]


def _capitals(entry: dict[str, Any]) -> Iterator[str]:
    words = _text(entry, "Government", "Capital", "name")
    while _BRACKETS.search(words):
        words = _BRACKETS.sub("", words)
    for part in re.split("[;,](?! D)", _NOTE.sub("", words)):
        city = re.sub(" (?:in Romanian|is the) .*", "", f"{part.strip()} ").strip()
        if city[:1].isupper():
            yield _ACCENTS.get(city, city)
