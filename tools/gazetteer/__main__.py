"""Writes kg/background/gazetteer.tsv and kg/text/currencies.py: `python -m tools.gazetteer FACTBOOK CLDR`."""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.gazetteer import currencies
from tools.gazetteer.reading import OTHER_NAMES, Country, countries, memberships

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "kg" / "background" / "gazetteer.tsv"
CURRENCIES = ROOT / "kg" / "text" / "currencies.py"
ORGANISATIONS = Path(__file__).with_name("organisations.tsv")
_HEAD = """\
# The gazetteer: countries, capitals and international organisations, by which drafts know what a name means.
# Written by tools/gazetteer; not compiled: an entry that an article uses is stated in facts or background.
# Countries, people and capitals: The World Factbook, https://www.cia.gov/the-world-factbook/, in the public domain.
# Names of countries, members of the United Nations: Unicode CLDR 48.2, https://cldr.unicode.org/, Unicode-3.0.
# A capital contested between states, or one of several, is the capital of none here.
# class\tid\tname\tother names\tadjectives and people\tlocated in\tcapital of\tISO 3166-1
"""
Row = tuple[str, str, str, Iterable[str], Iterable[str], str, str, str]


def main() -> None:
    """Write the gazetteer."""
    factbook, cldr = map(Path, sys.argv[1:])
    found = countries(factbook, cldr)
    rows = [*_of_countries(found), *_of_organisations(memberships(factbook))]
    repeated = [name for name, count in Counter(row[1] for row in rows).items() if count > 1]
    if repeated:
        raise SystemExit(f"several things have the id {', '.join(repeated)}")
    lines = ("\t".join(_cells(row)).rstrip("\t") for row in rows)
    CURRENCIES.write_text(currencies.written(cldr, found), encoding="utf-8", newline="\n")
    TARGET.write_text(_HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def _of_countries(found: list[Country]) -> Iterator[Row]:
    of_states = {word for country in found if country.is_state for word in country.people}
    named = {name for country in found for name in (country.name, *country.other_names)}
    for country in found:
        own = named_as(country.name)
        people = [word for word in country.people if country.is_state or word not in of_states]
        kind = "State" if country.is_state else "Place"
        yield kind, own, country.name, country.other_names, people, "", "", country.alpha3
        for city in country.capitals:
            if city not in named:  # Singapore
                capital = own if city == country.capital and country.is_state else ""
                yield "City", named_as(city), city, OTHER_NAMES.get(city, ()), (), own, capital, ""


def _of_organisations(memberships: set[str]) -> Iterator[Row]:
    for line in ORGANISATIONS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            short, kind, name, *others = line.split("\t")
            if short not in memberships:
                raise SystemExit(f"{ORGANISATIONS.name}: no entry of the Factbook has {short}")
            names = others[0].split("|") if others else []
            usual = short if short in names and 2 < len(short) < 8 else name  # id:osce, but id:united-nations
            names += [".".join(word) + "." for word in names if re.fullmatch("[A-Z]{2}", word)]  # U.N.
            yield kind, named_as(usual), name, names, (), "", "", ""


def named_as(name: str) -> str:
    """The local name of a thing: lower-case ASCII with hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def _cells(row: Row) -> Iterator[str]:
    for cell in row:
        yield cell if isinstance(cell, str) else "|".join(dict.fromkeys(cell))


if __name__ == "__main__":
    main()
