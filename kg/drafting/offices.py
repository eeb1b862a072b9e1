"""Who holds which office, by titles that stand beside a person and a state or an organisation.

“Talvia’s President Amara Velindi”, “President Teyo of Ilvara”, “Ruth Sabel, the chair of the Chamber”, “its foreign
minister, Leila Anwar”. A title without either is nobody's office.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.drafting.kinds import HEADED, HEADS, TITLES
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, RDFS_LABEL, local_name
from kg.rdf.terms import typed

TITLE = re.compile(rf"(?<![\w-])(?ai:{TITLES})(?![\w-])")
_LEADING = re.compile(r"(?:prime minister|premier|chancellor|king|queen|emir|sultan)\Z")  # of a state
_HEADS = re.compile(r"(?:governor|mayor|chairman|chairwoman|chair|secretary[- ]general|director|leader|head)\Z")
_OWNING = re.compile(r"(?:[’']s?)? ?")
_MINISTER = re.compile(r"\bminister\Z")
_ITS = re.compile(r"\b(?:its|their)\s\Z")
_ITS_FIRST = re.compile(r"Its\s")
_AND = re.compile(r", (?:and|but|while) (?:its|their) \Z")
_OF_STATES = re.compile(r"\b(?:minister|president|premier|chancellor|king|queen|emir|sultan|ambassador)\Z")
_FORMER = re.compile(r"\b(?:former|then)[ -]\Z", re.IGNORECASE)
_EMPLOYED = re.compile(r"(?:analyst|researcher|hydrologist|economist|professor)\Z")  # who work for the body
_WHOSE_COUNTERPART = re.compile(r"\b(?:his|her|their|the) ")
_COUNTERPARTS = re.compile(r" counterpart(?:, |\b)")
_LED = re.compile(rf"(?:,? (?:which|that|who) (?:is|has been))?,? (?:{HEADED})(?: since \d{{4}})? by ")
_LEADS = re.compile(rf",? who (?:{HEADS}) (?:the )?")
_BY_ITS = re.compile(r",? (?:(?:represented|led|headed) by|through) its ")
_WHOSE = re.compile(r",? whose ")
_STANDS = re.compile(r"[,.;:)]|\Z")  # after what is said of somebody beside a name
_OF = re.compile(r"(?: of [a-z][a-z ]+?)?,? (?:of|at|for|in|with)(?: the)? (?:[A-Z]\w+[’']s )?")
_FIELD = re.compile(r" of [a-z][a-z ]+?(?= (?:at|in|with) )")
_APPOSITION = re.compile(r"(?: \([^)]*\))?,(?: (?:a|an|the|its))? ")
# Of a whole sentence: “Ada Holm is the chair of the Chamber”, “leads the Chamber”, “the Chamber is headed by Ada Holm”.
_HOLDS = re.compile(r"(?P<name>.+?) (?:is|was) (?:(?:an?|the) )?(?P<rest>.+)")
_TITLED = re.compile(rf"(?i:(?:[\w-]+ ){{0,3}}(?:{TITLES})(?: of [a-z][a-z ]+)?)")
_LINK = re.compile(r" (?:of|at|in|for) (?:the )?")
_OWNER = re.compile(r"(?:[’']s|(?<=s)[’'])? ")
_AT_HEAD = re.compile(rf"(?P<name>.+?) (?:(?:has )?(?:{HEADED})|{HEADS}|is (?:at )?the head of) (?P<body>.+)")
_HAS_HEAD = re.compile(rf"(?P<body>.+?) (?:is|was|has been) (?:{HEADED}) by (?P<name>.+)")
_GOVERNS = (
    re.compile(r"(?P<name>.+?) (?:is|was) (?:the )?(?:government|regime) of (?P<state>.+)"),
    re.compile(r"(?P<name>.+?) (?:is|was) (?:the )?(?P<state>[A-Z].*?)(?:[’']s?)? (?:government|regime)"),
)
GOVERNMENT_IN = re.compile(r"\A(?:[Tt]he )?(?:(?:government|regime) (?:in|of) (?:the )?(?=[A-Z]))?")


class Name(NamedTuple):
    """Words of a quote, from `start` to `end`, that name a thing."""

    start: int
    end: int
    thing: str
    rules: bool = False  # a state or a government


class Office(NamedTuple):
    """An office that a quote says a person to hold: its title, the body that it heads or belongs to, and its words.

    Who only heads something, “led by Ada Holm”, has no title.
    """

    title: str
    holder: Name
    body: Name
    start: int
    end: int

    @property
    def heads(self) -> bool:
        """Whether who holds it is at the head of the body."""
        return not self.title or _HEADS.search(self.title) is not None

    @property
    def leads(self) -> bool:
        """Whether who holds it is among those who lead a state."""
        return _LEADING.search(self.title) is not None or (self.title == "president" and not self.body.rules)


def offices(quote: str, persons: Sequence[Name], bodies: Sequence[Name], before: str = "") -> Iterator[Office]:
    """The offices that a quote gives to persons, without those that they have held before.

    `before` is the body of which the sentence before tells: “Its foreign minister, Pavel Ruzin”. Its name has no place.
    """
    for match in TITLE.finditer(quote):
        if not _FORMER.search(quote[: match.start()]) and (found := _office(quote, match, persons, bodies, before)):
            yield found
    yield from _counterparts(quote, persons, bodies)
    for body in (b for b in bodies if not b.rules):
        yield from (Office("", p, body, body.end, p.start) for p in persons if _LED.fullmatch(quote, body.end, p.start))
        yield from (
            Office("", p, body, p.end, body.start) for p in persons if _LEADS.fullmatch(quote, p.end, body.start)
        )


def _counterparts(quote: str, persons: Sequence[Name], bodies: Sequence[Name]) -> Iterator[Office]:
    """Who holds the office of one who is named before: “President Velindi and her Lorvian counterpart, Ada Holm”."""
    for body in bodies:
        noun = _COUNTERPARTS.match(quote, body.end)
        own = [m for m in _WHOSE_COUNTERPART.finditer(quote, 0, body.start) if m.end() == body.start]
        titles = [m for m in TITLE.finditer(quote, 0, body.start) if not _FORMER.search(quote[: m.start()])]
        one = next((p for p in reversed(persons) if own and p.end <= own[0].start()), None)
        beside = titles and one and titles[-1].end() + 1 == one.start
        if noun is None or not own or not (beside or len({m[0].lower() for m in titles}) == 1):
            continue
        after = [p for p in persons if p.start in (noun.end(), noun.end() + 1)]
        before = [p for p in persons if quote[p.end : own[0].start()] == ", "]
        for person in after or before:
            title = titles[-1]
            yield Office(title[0].lower(), person, body, *title.span())


def governed(sentence: str) -> Iterator[tuple[str, str]]:
    """What governs something, and that: “Velmar is the government of Talvia”, “is Talvia's government”."""
    yield from ((m["name"], m["state"]) for pattern in _GOVERNS if (m := pattern.fullmatch(sentence)))


def said(sentence: str) -> Iterator[tuple[str, str, str]]:
    """Who holds an office, its title and what it is in, in each way to divide a sentence into them.

    “Ada Holm is the chair of the Chamber”, “is the Sorvian energy minister”, “is Sorvia's energy minister”; who is only
    at the head of something has no title: “Ada Holm leads the Chamber”.
    """
    for match in filter(None, (_HAS_HEAD.fullmatch(sentence), _AT_HEAD.fullmatch(sentence))):
        yield match["name"], "", match["body"]
    if held := _HOLDS.fullmatch(sentence):
        rest = held["rest"]
        rows = [(rest[: m.start()], rest[m.end() :]) for m in reversed([*_LINK.finditer(rest)])]
        rows += [(rest[m.end() :], rest[: m.start()]) for m in _OWNER.finditer(rest)]
        yield from ((held["name"], title, body) for title, body in rows if _TITLED.fullmatch(title))


def statements(
    office: Office, words: str, known: Mapping[str, str], language: str, there: str = ""
) -> tuple[str, list[Triple]]:
    """The IRI of a tenure, and the statements that somebody has it.

    `words` name the office, and `known` are the classes of offices (IRIs) whose title says which it is, by title; of an
    office (IRI) that is `there` already nothing more is said.
    """
    found = known.get(office.title, "")
    if found == ENT + "Presidency" and not office.body.rules:
        found = ""  # of a bank
    slug = re.sub(r"[^a-z0-9]+", "-", office.title).strip("-") or "head"
    node = NamedNode(there or f"{ID}{slug}-of-{local_name(office.body.thing)}")
    tenure = NamedNode(f"{ID}{local_name(office.holder.thing).rsplit('-', 1)[-1]}-as-{slug}")
    kind = found or ENT + ("LeadingOffice" if office.leads else "Office")
    heads = ENT + ("heads" if office.heads else "officeOf")
    works = [Triple(NamedNode(office.holder.thing), NamedNode(ENT + "worksFor"), NamedNode(office.body.thing))]
    label = [Triple(node, NamedNode(ALT_LABEL if found else RDFS_LABEL), Literal(words, language=language))]
    of_office = [
        typed(node.value, kind),
        *(label if office.title else ()),
        Triple(node, NamedNode(heads), NamedNode(office.body.thing)),
    ]
    return tenure.value, [
        typed(tenure.value, ENT + "Tenure"),
        Triple(tenure, NamedNode(ENT + "holder"), NamedNode(office.holder.thing)),
        Triple(tenure, NamedNode(ENT + "office"), node),
        *(() if there else of_office),
        *(works if _EMPLOYED.search(office.title) else ()),
    ]


def _owner(before: str, bodies: Sequence[Name], title: str) -> Name | None:
    """Whose office an “its” before a title means, after `bodies`: ministers are those of states.

    It is the nearest of them or, in a clause of its own, the subject of the one before: “Lorvia will borrow from
    Sudmark, and its finance minister, …”.
    """
    fit = [b for b in bodies if b.rules] if _OF_STATES.search(title) else [*bodies]
    return next(iter(fit if _AND.search(before) else reversed(fit)), None)


def _office(
    quote: str, match: re.Match[str], persons: Sequence[Name], bodies: Sequence[Name], outside: str
) -> Office | None:
    start, end, title = match.start(), match.end(), match[0].lower()
    before = next((b for b in reversed(bodies) if b.end <= start), None)
    owner, first = None, start
    if before and _OWNING.fullmatch(quote, before.end, start):
        owner, first = before, before.start
    elif before and _BY_ITS.fullmatch(quote, before.end, start) and (before.rules or not _MINISTER.search(title)):
        owner = before
    elif before and _WHOSE.fullmatch(quote, before.end, start):
        held = (p for p in persons if quote[end : p.start] == " is ")
        return next((Office(title, p, before, start, end) for p in held), None)
    elif before and _ITS.search(quote[:start]):
        owner = _owner(quote[:start], [b for b in bodies if b.end <= start], title)
    elif outside and _ITS_FIRST.fullmatch(quote[:start]):
        owner = Name(0, 0, outside)
    person = next((p for p in persons if p.start >= end), None)
    if person and re.fullmatch(r",? ", quote[end : person.start]):
        after = next((b for b in bodies if b.start >= person.end), None)
        if owner is None and after and re.fullmatch(r",? of (?:the )?", quote[person.end : after.start]):
            owner = after
        return Office(title, person, owner, first, end) if owner else None
    body, last = owner, end
    if body is None:
        body = next((b for b in bodies if b.start >= end and _OF.fullmatch(quote, end, b.start)), None)
        field = _FIELD.match(quote, end)
        last = field.end() if body and field else end
    apposed = body and next((p for p in persons if quote[body.end : p.start] == ", "), None)
    if body and apposed and owner is None and _STANDS.match(quote, apposed.end):
        return Office(title, apposed, body, start, end)  # “the minister of transport of Lorvia, Ada Holm,”
    holder = next((p for p in reversed(persons) if p.end <= first), None)
    if body and holder and _APPOSITION.fullmatch(quote, holder.end, first):
        return Office(title, holder, body, first, last)
    return None
