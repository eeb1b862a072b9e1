"""Writes kg/text/currencies.py: names of currencies in English, and the adjectives by which they are a state's."""

import json
import re
import textwrap
from pathlib import Path
from typing import Any

from kg.text.forms import flat
from tools.gazetteer.reading import Country

# Codes of the last years, and that of the special drawing rights.
_OLDER = "BGN SVC VED XDR ZWL"
_MORE = {"SZL": "emalangeni", "LSL": "maloti", "CRC": "colones", "GTQ": "quetzales", "MKD": "denars", "ALL": "leke"}
# Nouns that mean something else as well: they need an adjective before them, or a million.
_AMBIGUOUS = frozenset({"colón", "dram", "gold", "guilder", "lek", "mark", "pound", "real", "sol", "som", "won"})
_STATE = re.compile(r"(?:(?:[A-Z][a-z]+ ){0,2}[A-Z][a-z]+(?<!men)(?<!man)(?<!Republic)|U\.S\.|U\.K\.|US|UK|UAE)")
_HEAD = '''"""Names of currencies in English, and the adjectives by which they are those of a state.

Written by tools/gazetteer from the Unicode CLDR and the World Factbook; not to be edited by hand.
"""

'''


def written(cldr: Path, countries: list[Country]) -> str:
    """The module, from the CLDR and from what countries and their people are called."""
    path = cldr / "cldr-core" / "supplemental" / "currencyData.json"
    regions = json.loads(path.read_text(encoding="utf-8"))["supplemental"]["currencyData"]["region"]
    path = cldr / "cldr-numbers-full" / "main" / "en" / "currencies.json"
    names = json.loads(path.read_text(encoding="utf-8"))["main"]["en"]["numbers"]["currencies"]
    codes = sorted({code for rows in regions.values() for row in rows for code in _tender(row)})
    states: dict[str, set[str]] = {}
    nouns: dict[str, set[str]] = {}
    for code in codes:
        one, many = (names[code][f"displayName-count-{count}"] for count in ("one", "other"))
        adjective, _, noun = one.rpartition(" ")
        states.setdefault(adjective, set()).add(code[:2])
        plural = many.rpartition(" ")[2].lower()
        for word in {_pattern(noun.lower(), plural), *([_MORE[code]] if code in _MORE else [])}:
            nouns.setdefault(word, set()).add(code)
    own = {code[:2] for code in codes}  # the others have the money of several states
    for country in countries:
        for word in (*country.people, *country.names) if country.code in own else ():
            states.setdefault(word, set()).add(country.code)
    shown = {word: found for word, found in states.items() if len(found) == 1 and _STATE.fullmatch(word)}
    return _HEAD + "\n".join(
        [
            _constant("CODES", " ".join(sorted({*codes, *_OLDER.split()})), "Of ISO 4217: those in use."),
            _constant("NOUNS", _rows(nouns, ambiguous=False), "Patterns of nouns, with the codes that they may have."),
            _constant("AMBIGUOUS", _rows(nouns, ambiguous=True), "Those of nouns that mean something else as well."),
            _constant(
                "STATES",
                ", ".join(f"{words} {min(found)}" for words, found in sorted(shown.items())),
                "Adjectives and names of states, with the first letters of the code.",
            ),
        ]
    )


def _tender(row: dict[str, Any]) -> list[str]:
    return [code for code, told in row.items() if "_to" not in told and told.get("_tender") != "false"]


def _pattern(one: str, many: str) -> str:
    spellings = [f"{one}s?" if many in (one, f"{one}s") else f"{one}s?|{many}"]
    spellings += [flat(word) for word in spellings if not word.isascii() and flat(word) != "colons?"]
    return "|".join(dict.fromkeys(spellings)).replace("ʻ", "[’ʻ']?")


def _rows(nouns: dict[str, set[str]], *, ambiguous: bool) -> str:
    rows = sorted(nouns.items())
    chosen = ((word, codes) for word, codes in rows if (word.split("s?")[0] in _AMBIGUOUS) is ambiguous)
    return ", ".join(f"{word}: {' '.join(sorted(codes))}" for word, codes in chosen)


def _constant(name: str, value: str, comment: str) -> str:
    whole = value.replace(" ", "\0").replace(",\0", ", ") if "," in value else value  # entries stay on a line
    lines = textwrap.wrap(whole, 114, break_long_words=False, break_on_hyphens=False)
    body = "\n".join(f"    {line}" for line in lines).replace("\0", " ")
    return f'# {comment}\n{name} = """\n{body}\n"""\n'
