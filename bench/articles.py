"""One invented article of a corpus: its text, and its facts with a passage for each sentence.

Both come from `scenes/*.trig.in`: facts as a contributor would write them, with names left open. The lines
`#=` of a scene are its paragraphs of text, as names of passages whose quotes make them up.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from string import Template

from bench.world import COLOURS, FIELDS, STAGES, WAR_STATES, World, slug

_SCENES = Path(__file__).parent / "scenes"
_FIRST_DAY = datetime.date(2016, 1, 4)
_DAYS = 3200
_FIXED, _OPTIONAL = (
    ("lead", "project"),
    ("loan", "relations", "arms", "incident", "alliance", "summit", "predecessor", "island"),
)
_QUOTE = re.compile(r'^p:(\S+) a ent:\w+ ;(?:\n    ent:spe\w+ \S+ ;)*\n    ent:quote "(.*)" [;.]$', re.MULTILINE)

Names = dict[str, str]

_HEAD = """# $a and $b hold talks on $project. $outlet, $reading_words. An invented article: nothing in it exists.
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ent:     <https://w3id.org/entente/ontology#> .
@prefix id:      <https://w3id.org/entente/id/> .
@prefix p:       <https://w3id.org/entente/article/$article#> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/entente/article/$article> a ent:Article ;
    dcterms:title "$a and $b hold talks on $project"@en ;
    dcterms:language "en" ;
    ent:readingDate "$reading"^^xsd:date ;
    ent:basis "The dateline gives it: “$dateline”."@en ;
    ent:basisSource <https://w3id.org/entente/article/$article> ;
    dcterms:source <https://$outlet_id.example/$article> .
"""


@dataclass(frozen=True)
class Written:
    """An article as it goes to disk, and the ranks of the states that it speaks of."""

    name: str
    text: str
    facts: str
    states: tuple[int, ...]


def write(world: World, number: int) -> Written:
    """The article of this number in the world's news, from 1 on."""
    random = world.random("article", number)
    names, ranks = _names(world, number, random)
    middle = ["war", "row", *random.sample(_OPTIONAL, 5)]
    random.shuffle(middle)
    scenes = [_filled(scene, names) for scene in (*_FIXED, *middle, "statements")]
    text = "\n\n".join(paragraph for scene in scenes for paragraph in _paragraphs(scene)) + "\n"
    bodies = [re.sub(r"^#= .*\n", "", scene, flags=re.MULTILINE) for scene in scenes]
    return Written(names["article"], text, "\n".join([Template(_HEAD).substitute(names), *bodies]), ranks)


@cache
def _scene(name: str) -> Template:
    return Template((_SCENES / f"{name}.trig.in").read_text(encoding="utf-8"))


def _filled(scene: str, names: Names) -> str:
    return _scene(scene).substitute(names)


def _paragraphs(scene: str) -> Iterator[str]:
    quotes = dict(_QUOTE.findall(scene))
    for line in re.findall(r"^#= (.*)$", scene, re.MULTILINE):
        yield " ".join(quotes.get(word, word) for word in line.split())


# What the scenes leave open


def _names(world: World, number: int, random: Random) -> tuple[Names, tuple[int, ...]]:
    new = number if number < 4 or random.random() < 0.8 else random.randrange(1, number)
    project = world.project(new)
    third = world.pick(random, 1, exclude=project.states)[0]
    ranks = (*project.states, third)
    names: Names = {}
    for role, rank in zip("abc", ranks, strict=True):
        _state(names, world, role, rank)
    names |= {f"project_{key}": value for key, value in _project(world, new, random).items()}
    names |= {
        "project": project.name,
        "adjective": world.random("jet", project.states[0]).choice(("old", "armed", "ageing")),
    }
    war_rank = _war(names, world, ranks, random)
    _pairs(names, world)
    _dates(names, world, new, random)
    _others(names, world, ranks, random)
    names["article"] = f"{names['reading'][:7]}-{slug(names['a'])}-{slug(names['b'])}-{number}"
    return _with_ids(names), (*ranks, war_rank)


def _state(names: Names, world: World, role: str, rank: int) -> None:
    state = world.states[rank]
    names[role], names[role + "_adj"] = state.name, state.adjective
    for key, value in [("capital", state.capital), ("port", state.port), ("pres", state.president)]:
        names[f"{role}_{key}"] = value
    names[f"{role}_pres_last"] = state.president.split()[-1]
    names[f"{role}_former"], names[f"{role}_minister"] = state.former, state.minister
    names[f"{role}_change"] = str(world.number(2008, 2014, "change", rank))


def _project(world: World, number: int, random: Random) -> Names:
    """What there is to say of a work: always the same, but for how far it has come."""
    project, stage = world.project(number), random.choice(STAGES)
    cost, share = world.number(11, 99, "cost", number), world.number(2, 9, "share", number) * 10
    return {
        "class": project.kind,
        "noun": project.noun,
        "town": project.town,
        "company": project.company,
        "stage": stage[0],
        "stage_words": stage[1],
        "years": f"{world.number(3, 20, 'years', number)} years",
        "cost_words": f"{cost / 10:g} billion US dollars",
        "cost": str(cost * 10**8),
        "share_words": f"{share} per cent",
        "share": str(share),
        "start": str(world.number(2012, 2015, "start", number)),
    }


def _war(names: Names, world: World, ranks: tuple[int, ...], random: Random) -> int:
    """A war in which two of the states are on opposing sides, always the same ones."""
    first, other = ranks[0], ranks[2]
    wars = [d for d in WAR_STATES if _loyal(world, first, d) != _loyal(world, other, d)] or list(WAR_STATES)
    rank = random.choice(wars)
    _state(names, world, "d", rank)
    loyal, disloyal = (first, other) if _loyal(world, first, rank) else (other, first)
    names |= {"loyal": world.states[loyal].name, "disloyal": world.states[disloyal].name}
    names["war_start"] = str(world.number(2009, 2012, "war", rank))
    names["support_start"] = str(world.number(2013, 2015, "support", disloyal, rank))
    names["rebels"] = f"{names['d_adj']} {('Northern', 'Southern', 'Popular')[rank % 3]} Front"
    names["rebel_leader"] = world.person(900 + rank)
    names["war_id"] = f"war-in-{names['d'].lower()}"
    return rank


def _loyal(world: World, rank: int, war: int) -> bool:
    return world.number(0, 1, "loyal", rank, war) == 1


def _pairs(names: Names, world: World) -> None:
    for pair in ("ab", "ac"):
        names[f"{pair}_id"] = "-".join(sorted((slug(names[pair[0]]), slug(names[pair[1]]))))
    names["row_ab_year"] = str(world.number(2003, 2008, "row", names["ab_id"]))
    names["field"] = world.random("field", names["ab_id"]).choice(FIELDS)
    names["coop_ab_year"] = str(world.number(2009, 2014, "cooperation", names["ab_id"]))
    names["island"] = world.stem(world.number(700, 740, "island", names["ac_id"])) + "ey"


def _dates(names: Names, world: World, project: int, random: Random) -> None:
    reading = _FIRST_DAY + datetime.timedelta(random.randrange(_DAYS))
    visit, earlier, late = (
        reading - datetime.timedelta(random.randint(*span)) for span in ((1, 6), (40, 200), (8, 30))
    )
    row = datetime.date(world.number(2013, 2015, "row", project), world.number(1, 12, "row month", project), 1)
    deal, downing = (_months(reading, -random.randint(1, 10)) for _ in range(2))
    summit = _months(reading, random.randint(1, 8))
    names |= {"reading": str(reading), "reading_words": _day(reading), "day": str(visit), "on_day": f"on {visit:%A}"}
    names |= {"earlier_day": str(earlier), "on_earlier_day": "on " + _day(earlier)}
    names |= {"late_day": str(late), "on_late_day": f"on {late.day} {late:%B}"}
    names |= {"row_month": f"{row:%B %Y}", "row_start": f"{row:%Y-%m}"}
    names |= {"deal_month": f"{deal:%B}", "deal_ym": f"{deal:%Y-%m}"}
    names |= {"downing_month": f"{downing:%B}", "downing_ym": f"{downing:%Y-%m}"}
    names |= {"summit_month": f"{summit:%B}", "summit_ym": f"{summit:%Y-%m}"}
    names["dateline"] = f"{names['a_capital'].upper()}, {_day(reading)}"
    _years(names, world, project, reading.year, random)


def _years(names: Names, world: World, project: int, year: int, random: Random) -> None:
    ago, words = random.choice(((2, "Two"), (3, "Three"), (4, "Four")))
    loan = world.number(11, 99, "loan", project, year - ago)
    names |= {"loan_when_capital": f"{words} years ago", "loan_year": str(year - ago)}
    names |= {"loan_words": f"{loan / 10:g} billion dollars", "loan": str(loan * 10**8)}
    names |= {
        "drones_year": str(world.number(2010, 2015, "drones", names["a"], names["c"])),
        "compare_year": str(year - random.randint(2, 5)),
    }
    names["contract_year"] = str(world.number(2010, 2015, "contract", project))


def _months(day: datetime.date, by: int) -> datetime.date:
    months = day.year * 12 + day.month - 1 + by
    return datetime.date(months // 12, months % 12 + 1, 1)


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _others(names: Names, world: World, ranks: tuple[int, ...], random: Random) -> None:
    """Who reports and judges; organisations, arms, islands and seas."""
    outlet, expert = random.randrange(8), random.randrange(60)
    names |= {
        "outlet": f"{world.stem(750 + outlet)} Courier",
        "reporter": world.person(600 + outlet * 5 + random.randrange(5)),
    }
    names |= {"expert": world.person(700 + expert), "university_city": world.states[expert].capital}
    names["expert_last"] = names["expert"].split()[-1]
    third, bank, alliance = ranks[2], ranks[0] % 10, random.randrange(10)
    names |= {
        "bank": f"{COLOURS[bank]} Development Bank",
        "bank_join": str(world.number(1990, 2009, "bank", bank, third)),
    }
    names |= {"alliance": f"{COLOURS[alliance]} Pact", "secretary": world.person(800 + alliance)}
    names["alliance_end"] = str(world.number(2005, 2015, "alliance", alliance, third))
    names["weapon"] = f"{names['c'][:2].upper()}-{third + 1}{random.choice('05')}"
    names |= {"isle": world.stem(760 + third) + "ay", "annexation_year": str(world.number(1970, 2014, "isle", third))}
    names["sea"] = f"{COLOURS[third % 10]} Sea"


_PLAIN = re.compile("_id$|_last$|_adj$|_words$|_month$|_start$|_year$|_ym$|day$|^reading|^dateline$|^article$")


def _with_ids(names: Names) -> Names:
    """The names, and `NAME_id` as the last part of an IRI for each of what has a name."""
    return {f"{key}_id": slug(value) for key, value in names.items() if not _PLAIN.search(key)} | names
