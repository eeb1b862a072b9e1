"""Bundles: the ties of two things together, in strands of one family and one form, with their words and legend."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kg.pictures import legend, svg
from kg.pictures.families import ASSERTED, BACKED, FAMILIES, INFERRED, REPORTED
from kg.pictures.svg import Point
from kg.pictures.ties import Thing, Tie

RADIUS = {"state": 10.0, "organisation": 7.5, "person": 5.0, "project": 9.0, "thing": 5.0}  # of a mark, in pixels
_KINDS = {"state": "state", "organisation": "organisation", "person": "person", "project": "project", "thing": "other"}
_FORMS = (ASSERTED, REPORTED, BACKED, INFERRED, "")  # the last: that of a row of an answer
_FAMILIES = [*FAMILIES]
_MOST_STRANDS = 4  # of one bundle; in one with more, each family is one strand
_MOST_SENTENCES = 5  # shown of a strand while it is pointed at, and things named that state it
_Groups = dict[tuple[str, str, str, bool, str], list[Tie]]  # by family, form, speaker, whether planned, and direction
Link = Callable[[str], str]  # the address of the page of a thing, by its IRI


class Strand(NamedTuple):
    """The ties of two things that are of one family and one form, drawn as one line."""

    family: str
    form: str
    ties: tuple[Tie, ...]
    planned: bool
    speaker: str

    @property
    def passages(self) -> int:
        """How many passages state one of its ties."""
        return sum(tie.passages for tie in self.ties)


class Bundle(NamedTuple):
    """All that ties two things, by IRI."""

    first: str
    second: str
    strands: tuple[Strand, ...]

    @property
    def weight(self) -> int:
        """What it weighs against others: passages, and each tie once."""
        return sum(strand.passages + len(strand.ties) for strand in self.strands)


def bundled(ties: Iterable[Tie], *, compact: bool = False) -> list[Bundle]:
    """Ties by the two things that they tie, the strongest first; in `compact` bundles each family is one strand."""
    pairs: dict[tuple[str, str], _Groups] = {}
    for tie in ties:
        strands = pairs.setdefault((min(tie.source, tie.target), max(tie.source, tie.target)), {})
        way = f"{tie.about} {tie.source}" if tie.directed else ""
        strands.setdefault((tie.family, tie.form, tie.speaker, tie.planned, way), []).append(tie)
    found = []
    for pair, groups in pairs.items():
        kinds = _by_family(groups) if compact or len(groups) > _MOST_STRANDS else groups
        lines = [Strand(f, form, tuple(ties), planned, by) for (f, form, by, planned, _), ties in kinds.items()]
        lines.sort(key=lambda s: (_FAMILIES.index(s.family), _FORMS.index(s.form), s.planned, s.speaker))
        found.append(Bundle(*pair, tuple(lines)))
    return sorted(found, key=lambda b: (-b.weight, b.first, b.second))


def _by_family(groups: _Groups) -> _Groups:
    """Groups of ties by their family alone, each in the most certain of their forms."""
    families: dict[str, list[Tie]] = {}
    for (family, *_), ties in groups.items():
        families.setdefault(family, []).extend(ties)
    found = {}
    for family, ties in families.items():
        form = min((tie.form for tie in ties), key=_FORMS.index)
        speakers = ", ".join(sorted({tie.speaker for tie in ties})) if form == REPORTED else ""
        found[family, form, speakers, all(tie.planned for tie in ties), ""] = ties
    return found


def words(strand: Strand, *, compact: bool = False) -> str:
    """What a strand is called: the words of one tie, or what several are and how many; `compact`: in few words."""
    told = dict.fromkeys(tie.words or tie.about for tie in strand.ties)
    kinds = dict.fromkeys(tie.about for tie in strand.ties)
    quoted = sum(tie.form == REPORTED for tie in strand.ties)
    is_mixed = 0 < quoted < len(strand.ties)
    if len(kinds) == 1 and (compact or len(told) > 1):
        text = next(iter(kinds))
    elif len(told) == 1:
        text = next(iter(told))
    elif len(kinds) == 2 and not compact and not is_mixed:
        text = " and ".join(kinds)
    else:
        text = FAMILIES[strand.family].split(" or ")[0]
    said = f"{text} ×{len(strand.ties)}" if len(strand.ties) > 1 else text
    if is_mixed and not compact:
        said += f", {quoted} quoted"
    return f"{strand.speaker}: {said}" if strand.speaker and not compact else said


def line(strand: Strand, paths: Iterable[str]) -> list[str]:
    """The line of a strand in some parts, as thick as passages tell of it; a hollow one where it is planned."""
    thick, form, found = round(min(1.2 + 0.35 * math.sqrt(strand.passages), 2.8), 1), form_of(strand), list[str]()
    for path in paths:
        outer = thick + 1.8 if strand.planned else thick
        found.append(svg.element("path", d=path, class_=f"line {form}", stroke_width=outer))
        found += [svg.element("path", d=path, class_="line gap", stroke_width=thick)] * strand.planned
    return found


def form_of(strand: Strand) -> str:
    """The classes of the line and the arrows of a strand."""
    return f"{strand.family} {strand.form}"


def points_to(strand: Strand, iri: str) -> bool:
    """Whether a tie of a strand has its arrow at a thing."""
    return any(tie.directed and tie.target == iri for tie in strand.ties)


def thing(each: Thing, parts: Sequence[str], link: Link | None) -> str:
    """What is drawn of a thing, as a group that shows its classes while it is pointed at; a link to its page if any."""
    hover = svg.hover(f"{each.name} ({each.classes})" if each.classes else each.name)
    address = link(each.iri) if link else ""
    linked = svg.element("a", *parts, href=address) if address else "".join(parts)
    return svg.element("g", hover, linked, class_="thing", data_iri=each.iri, data_kind=each.kind)


def sentences(strand: Strand) -> str:
    """The ties of a strand in sentences, those of which most passages tell first."""
    told = [*dict.fromkeys(t.sentence for t in sorted(strand.ties, key=lambda t: (-t.passages, t.stated_by)))]
    more = [f"and {len(told) - _MOST_SENTENCES} more"] if len(told) > _MOST_SENTENCES else []
    return "\n".join([*told[:_MOST_SENTENCES], *more])


def data(strand: Strand, bundle: Bundle, kind: str) -> dict[str, object]:
    """The class and the data attributes of what is drawn of a strand, by which a page filters and follows it."""
    days = [day for tie in strand.ties for day in tie.days if day]
    return {
        "class_": kind,
        "data_family": strand.family,
        "data_form": strand.form,
        "data_planned": "planned" if strand.planned else None,
        "data_first": bundle.first,
        "data_second": bundle.second,
        "data_from": min(days, default=None),
        "data_to": max(days, default=None),
        "data_ties": " ".join([*dict.fromkeys(tie.stated_by for tie in strand.ties)][:_MOST_SENTENCES])
        if kind == "tie"
        else None,
    }


_FORM_WORDS = {
    ASSERTED: "an article says so",
    REPORTED: "somebody is quoted",
    BACKED: "background",
    INFERRED: "inferred",
}


def keys(bundles: Iterable[Bundle], things: Iterable[Thing]) -> list[list[legend.Entry]]:
    """The legend of what is drawn: kinds of things, families of ties, and how each is known."""
    kinds, strands = {thing.kind for thing in things}, [strand for bundle in bundles for strand in bundle.strands]
    families, forms = {strand.family for strand in strands}, {strand.form for strand in strands}
    marks = [
        legend.Entry(svg.mark(k, Point(7, 0), RADIUS[k] * 0.7, "solid"), _KINDS[k], {"data_kind": k}, 20)
        for k in RADIUS
        if k in kinds
    ]
    named = {} if families == {"other"} else {f: words for f, words in FAMILIES.items() if f in families}
    lines = [legend.Entry(legend.line(f), words, {"data_family": f}) for f, words in named.items()]
    certainty = [legend.Entry(legend.line(f), _FORM_WORDS[f], {"data_form": f}) for f in _FORMS if f and f in forms]
    if any(strand.planned for strand in strands):
        certainty.append(legend.Entry(legend.line("", planned=True), "planned", {"data_planned": "planned"}))
    return [marks, lines, certainty]
