"""Who is tied to whom: the ties between actors and works that a compiled dataset states, with their words and evidence.

A tie is a statement between two things (“Putin leads Russia”), or a pair of those that stand in the roles of a third,
such as a support, a deal or a meeting. Its words and its direction are those of the sentence that the lexicon has for
it (`kg.dataset.sentences`): who stands first acts on who stands later, and those in one role stand to each other.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Triple

from kg.dataset.naming import CLAUSE
from kg.dataset.sentences import Clause
from kg.pictures import wording
from kg.pictures.families import ASSERTED, BACKED, INFERRED, KINDS, REPORTED, Families
from kg.provenance.context import Context
from kg.rdf.namespaces import (
    ALT_LABEL,
    BACKGROUND,
    DEFAULT_GRAPH,
    ENT,
    ID,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    RDF,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS,
)
from kg.rdf.terms import Term
from kg.text.verbs import NOT_YET

if TYPE_CHECKING:
    from kg.dataset.sentences import Sentences

_ENDS = tuple(ENT + name for name in ("Actor", "InfrastructureProject"))
_THINGS = (*_ENDS, *(ENT + name for name in ("Place", "WeaponsSystem", "Commodity", "Programme")))
_TYPE, _GOVERNMENT_OF = NamedNode(RDF_TYPE), NamedNode(ENT + "governmentOf")
_ON_SIDE, _SIDE, _OPPOSES = (NamedNode(ENT + name) for name in ("onSide", "side", "opposes"))
_SUBJECT, _OBJECT = NamedNode(RDF + "subject"), NamedNode(RDF + "object")
_NO_TIE = frozenset(
    {
        RDF_TYPE,
        RDFS_LABEL,
        ALT_LABEL,
        *(ENT + x for x in ("directType", "onSide", "side", "origin", "ranked", "rankedIn")),
    }
)
_ENDS_OF_THINGS = f"""
    SELECT ?thing ?end (SUM(IF(?graph = <{INFERRED_GRAPH}>, 0, 1)) AS ?count) WHERE {{
        {{ SELECT DISTINCT ?end WHERE {{ VALUES ?kind {{ {" ".join(f"<{kind}>" for kind in _ENDS)} }} ?end a ?kind }} }}
        GRAPH ?graph {{ ?thing ?has ?end }}
        FILTER (?graph NOT IN (<{ONTOLOGY_GRAPH}>, <{DEFAULT_GRAPH}>) && STRSTARTS(STR(?thing), "{ID}"))
        FILTER (?has NOT IN ({", ".join(f"<{iri}>" for iri in sorted(_NO_TIE))}))
    }} GROUP BY ?thing ?end"""
_SHARE = 5  # of the things of a picture, one that is on a side makes sides of it
MOST_NEAR = 400  # things in whose roles one stands that are looked at for its ties
_MOST_IN_ROLE = 6  # who meet, say; of more, not each is tied to each


class Thing(NamedTuple):
    """What a picture has a mark for: IRI, name, kind (`state`, `person`, …, `thing`), classes, and whether planned."""

    iri: str
    name: str
    kind: str
    classes: str
    planned: bool = False


class Tie(NamedTuple):
    """One tie of two things, by IRI.

    `words` stand between their names, as in the sentence; `about` is what it is called alone. `form` is `asserted`,
    `reported` (with a speaker), `background` or `inferred`; `passages` how many state it; `days` the first and the last
    day on which it can have been, empty where nothing tells.
    """

    source: str
    target: str
    directed: bool
    family: str
    words: str
    about: str
    sentence: str
    form: str
    planned: bool
    speaker: str
    passages: int
    days: tuple[str, str]
    stated_by: str


class Ties:
    """The ties of a compiled dataset, each found when it is first asked for."""

    def __init__(self, context: Context) -> None:
        self._context, self.sentences = context, context.sentences
        self.known = self.sentences.known
        self._families = Families(self.known)
        self._found: dict[NamedNode, list[Tie]] = {}
        self._of_iri: dict[str, Thing] = {}
        self._clauses: dict[NamedNode, Clause | None] = {}
        self._around: tuple[str, int, tuple[list[Tie], bool]] | None = None  # what was found last

    # Things

    def thing(self, iri: str) -> Thing:
        """A thing, as it is drawn."""
        if iri not in self._of_iri:
            node = NamedNode(iri)
            above = self.known.all_kinds(node)
            kind = next((name for local, name in KINDS.items() if ENT + local in above), "thing")
            classes = ", ".join(self._context.things.kinds(node, self.known.kinds(node)))
            planned = kind in ("project", "thing") and self.known.tense(node)[0] in NOT_YET
            self._of_iri[iri] = Thing(iri, self._context.things.label(node), kind, classes, planned)
        return self._of_iri[iri]

    def is_end(self, thing: Term, kinds: Iterable[str] = _ENDS) -> bool:
        """Whether a thing is of a kind between which ties are drawn: an actor or a work."""
        return not self.known.all_kinds(thing).isdisjoint(kinds)

    @cached_property
    def rough(self) -> dict[str, dict[str, int]]:
        """By thing that has or states ties, the actors and works in its roles, each with how often that is stated.

        This is quickly found, without any words, to see which ties are the strongest.
        """
        found: dict[str, dict[str, int]] = {}
        rows = self._context.store.query(_ENDS_OF_THINGS)
        for thing, end, count in rows:
            if not end.value.startswith(ID):
                continue
            found.setdefault(thing.value, {})[end.value] = int(count.value)
        for claim in self.find(None, _SUBJECT, None):
            for value in self.find(claim.subject, _OBJECT, None):
                if isinstance(value.object, NamedNode) and self.is_end(value.object):
                    counts = found.setdefault(claim.object.value, {})
                    counts[value.object.value] = counts.get(value.object.value, 0) + 1
        return found

    # Ties

    def find(self, subject: Term | None, predicate: Term | None, value: Term | None) -> list[Any]:
        """The quads of the default graph with a subject, a predicate, an object; None for any."""
        return [q for q in self.known.match(subject, predicate, value) if isinstance(q.graph_name, DefaultGraph)]

    def among(self, things: Iterable[str], pairs: int = 0, each: int = 0) -> tuple[list[Tie], int]:
        """The ties between actors and works among these things, in a fixed order, and how many pairs of them are tied.

        Of many, those of the strongest `pairs`, and of `each` pair those of which most is said.
        """
        chosen, found = set(things), dict[Tie, None]()
        joined = self._joined_pairs(chosen)
        strongest = sorted(joined, key=lambda pair: (-sum(joined[pair].values()), pair))
        wanted: dict[str, None] = {}
        for pair in strongest[: pairs or None]:
            stating = joined[pair]
            wanted |= dict.fromkeys(sorted(stating, key=lambda iri: (-stating[iri], iri))[: each or None])
        for iri in sorted(wanted):
            ties = (t for t in self._lifted(self.stated_by(NamedNode(iri))) if {t.source, t.target} <= chosen)
            found.update(dict.fromkeys(ties))
        return _without_shortcuts(found), len(joined)

    def _joined_pairs(self, chosen: set[str]) -> dict[tuple[str, str], dict[str, int]]:
        """By pair of these things, what may tie them, each with how often that is stated."""
        found: dict[tuple[str, str], dict[str, int]] = {}
        for iri, ends in self.rough.items():
            lifted: dict[str, int] = {}
            for end, count in (ends | {iri: max(ends.values(), default=0)}).items():
                state = self._state_of(end) if end not in chosen else end
                if state in chosen:
                    lifted[state] = max(lifted.get(state, 0), count)
            for one, other in combinations(sorted(lifted), 2):
                found.setdefault((one, other), {})[iri] = 1 + min(lifted[one], lifted[other])
        return found

    def of(self, iri: str) -> list[Tie]:
        """The ties of one thing of any kind to others, in a fixed order: see `around`."""
        return self.around(iri)[0]

    def around(self, iri: str, most: int = MOST_NEAR) -> tuple[list[Tie], bool]:
        """The ties of one thing of any kind to others, and whether these are all.

        Of a thing in the roles of more than `most` others, those that these state of which most is said.
        """
        if self._around is None or self._around[:2] != (iri, most):
            self._around = iri, most, self._find_around(iri, most)
        return self._around[2]

    def _find_around(self, iri: str, most: int) -> tuple[list[Tie], bool]:
        node, found = NamedNode(iri), dict[Tie, None]()
        find = self.find
        near = {q.subject for q in find(None, None, node) if q.predicate.value not in _NO_TIE}
        claims = (q.subject for q in find(None, _OBJECT, node))
        near |= {q.object for claim in claims for q in find(claim, _SUBJECT, None)}
        others = sorted((x for x in near if isinstance(x, NamedNode) and _is_thing(x) and x != node), key=str)
        if len(others) > most:
            graphs = {x: len({q.graph_name for q in self.known.match(x, None, None)}) for x in others}
            others.sort(key=lambda x: (-graphs[x], x.value))
        for stated in (self._own(node, self._roles(node)), *map(self.stated_by, others[:most])):
            found.update(dict.fromkeys(t for t in stated if iri in (t.source, t.target)))
        return _without_shortcuts(found), len(others) <= most

    def stated_by(self, thing: NamedNode) -> list[Tie]:
        """The ties that the statements about a thing make: its own, or those of who stands in its roles."""
        if thing not in self._found:
            roles = self._roles(thing)
            ends = {x for values in roles.values() for x in values if self.is_end(x)}
            joins = len(ends) > 1 and not self.is_end(thing, _THINGS) and self._can_join(thing)
            self._found[thing] = [
                *(self._joined(thing, roles) if joins else self._own(thing, self._with_claims(thing, roles)))
            ]
        return self._found[thing]

    def _can_join(self, thing: NamedNode) -> bool:
        """Whether a sentence says what those in the roles of a thing do; without any in an ontology, all may."""
        return not self._has_sentences or self._clause(thing) is not None

    def _clause(self, thing: NamedNode) -> Clause | None:
        if thing not in self._clauses:
            self._clauses[thing] = self.said(thing).clause(thing)
        return self._clauses[thing]

    def said(self, thing: NamedNode) -> "Sentences":
        """What tells of a thing: the facts; or, of one that is only reported, the first of those who speak of it."""
        speakers = [] if self.sentences.known.says_what(thing) else self.known.speakers(thing)
        return self.sentences.said_by(speakers[:1])

    @cached_property
    def _has_sentences(self) -> bool:
        return any(True for _ in self.known.match(None, NamedNode(CLAUSE), None))

    def _roles(self, thing: NamedNode) -> dict[str, list[NamedNode]]:
        """By property, the things to which it leads, as they are told."""
        known = self.said(thing).known
        rows = (q.triple for q in self.find(thing, None, None))
        triples = [*rows, *known.claims(thing)]
        names = {t.predicate.value for t in triples if _is_thing(t.object) and t.predicate.value not in _NO_TIE}
        found = {
            name: [x for x in known.values(thing, name) if isinstance(x, NamedNode) and _is_thing(x) and x != thing]
            for name in sorted(names)
            if not name.startswith(SKOS)
        }
        return {name: values for name, values in found.items() if values}

    def _with_claims(self, thing: NamedNode, roles: dict[str, list[NamedNode]]) -> dict[str, list[NamedNode]]:
        """What a thing leads to, with that to which it does so by claims alone."""
        found = {name: {*values} for name, values in roles.items()}
        for t in self.known.claims(thing):
            name, value = t.predicate.value, t.object
            is_tie = name not in _NO_TIE and not name.startswith(SKOS) and _is_thing(value) and value != thing
            if is_tie and isinstance(value, NamedNode):
                found.setdefault(name, set()).add(value)
        return {name: sorted(values, key=str) for name, values in sorted(found.items())}

    def _joined(self, thing: NamedNode, roles: dict[str, list[NamedNode]]) -> Iterator[Tie]:
        """The ties between those in the roles of a thing."""
        said = self.said(thing)
        clause, about = self._clause(thing), self._about(thing)
        text, tense = clause.text if clause else "", said.known.tense(thing)[0]
        told = wording.untimed(text, said.known.when(thing, tense)[0])
        at = {x: wording.place(told, self._name(x)) for values in roles.values() for x in values}
        named = wording.named(roles, at, told)
        order = sorted(named, key=lambda n: (min((at[x] for x in named[n] if at[x] >= 0), default=len(told)), n))
        sentence = text or f"{about}: {', '.join(map(self._context.things.label, at))}"
        pairs = self._pairs(told, [(name, named[name]) for name in order])
        form, speaker, passages = self.evidence(thing)
        days = self._days(thing)
        for one, other, name, words in pairs:
            only_inferred = form == ASSERTED and not self._is_stated(thing, name, other)
            yield Tie(
                one.value,
                other.value,
                directed=bool(words) and name != order[0],
                family=self.family(thing, one, other),
                words="" if wording.is_cut(words, [self._name(x) for x in at if x not in (one, other)]) else words,
                about=about,
                sentence=sentence,
                form=INFERRED if only_inferred else form,
                planned=tense in NOT_YET,
                speaker=speaker,
                passages=passages,
                days=days,
                stated_by=thing.value,
            )

    def _pairs(
        self, told: str, roles: list[tuple[str, list[NamedNode]]]
    ) -> Iterator[tuple[NamedNode, NamedNode, str, str]]:
        """Who is tied to whom by the roles in the order of a sentence, by which role, and the words between them."""
        first = sorted(roles[0][1], key=lambda x: x.value)[:_MOST_IN_ROLE]
        names = list(map(self._name, first))
        for one, other in combinations(first, 2):
            yield one, other, roles[0][0], wording.rest(told, names)
        seen = set(first)
        for name, other in ((name, x) for name, values in roles[1:] for x in values):
            if other not in seen:
                seen.add(other)
                for agent in first:
                    yield agent, other, name, wording.between(told, names, self._name(other))

    def _is_stated(self, thing: NamedNode, role: str, value: NamedNode) -> bool:
        return any(q.object == value for q in self.known.asserted(thing, NamedNode(role)))

    def _name(self, thing: NamedNode) -> str:
        return self.sentences.name(thing)

    def _own(self, thing: NamedNode, roles: dict[str, list[NamedNode]]) -> Iterator[Tie]:
        """The ties of a thing to what its own statements lead to."""
        for predicate, values in roles.items():
            for value in values:
                triple = Triple(thing, NamedNode(predicate), value)
                fact = self._context.receipts.fact(triple)
                asserted = fact.status == "asserted"
                form = (
                    REPORTED if self._claimed(triple) else ASSERTED if asserted else BACKED if fact.source else INFERRED
                )
                text = self.sentences.said_by(self._claimed(triple)).fact(triple)
                ends, names = (thing, value), (self._name(thing), self._name(value))
                words = wording.between(text, [names[0]], names[1])
                if not words and (reverse := wording.between(text, [names[1]], names[0])):
                    ends, words = (value, thing), reverse
                about = self._context.things.label(triple.predicate)
                work = self._is_work(thing)
                family = self._families.of_property(predicate) or ("project" if work else "other")
                speaker = "; ".join(sorted({self._context.things.label(NamedNode(s)) for s in self._claimed(triple)}))
                yield Tie(
                    ends[0].value,
                    ends[1].value,
                    directed=True,
                    family=family,
                    words=words,
                    about=about,
                    sentence=text,
                    form=form,
                    planned=self.known.tense(thing)[0] in NOT_YET,
                    speaker=speaker,
                    passages=len(fact.passages),
                    days=("", ""),
                    stated_by=thing.value,
                )

    def _claimed(self, triple: Triple) -> set[str]:
        """Who claims a triple that nobody asserts, by IRI."""
        find = self.find
        if any(True for _ in self.known.match(*triple)):
            return set()
        claims = (q.subject for q in find(None, _SUBJECT, triple.subject))
        said = (c for c in claims if any(True for _ in find(c, _OBJECT, triple.object)))
        by = (q.object for c in said for q in find(c, NamedNode(ENT + "claimedBy"), None))
        return {getattr(x, "value", "") for x in by}

    def _lifted(self, ties: list[Tie]) -> Iterator[Tie]:
        """Ties of a government that stands only where its state stands as well, by inference, as those of its state."""
        for tie in ties:
            source, target = self._state_of(tie.source), self._state_of(tie.target)
            if source == target:
                continue
            if (source, target) != (tie.source, tie.target):
                form = INFERRED if tie.form == ASSERTED else tie.form
                by = {tie.source: source, tie.target: target}.get(tie.stated_by, tie.stated_by)
                tie = tie._replace(source=source, target=target, form=form, stated_by=by)
            yield tie

    def _state_of(self, iri: str) -> str:
        """The state of a government, where the dataset has the state in each role in which the government is."""
        if iri not in self._states:
            find, node = self.find, NamedNode(iri)
            states = sorted({q.object.value for q in find(node, _GOVERNMENT_OF, None)})
            self._states[iri] = iri
            if len(states) == 1:
                state = NamedNode(states[0])
                roles = [q for q in find(None, None, node) if _is_thing(q.subject)]
                if all(any(True for _ in find(q.subject, q.predicate, state)) for q in roles):
                    self._states[iri] = state.value
        return self._states[iri]

    @cached_property
    def _states(self) -> dict[str, str]:
        return {}

    def _about(self, thing: NamedNode) -> str:
        kinds = self._context.things.kinds(thing, self.known.kinds(thing))
        return kinds[0] if kinds else self._context.things.label(thing)

    def family(self, thing: NamedNode, *ends: NamedNode) -> str:
        """The family of what a thing states between two ends: a key of FAMILIES."""
        given = next(filter(None, map(self._families.of_class, self.known.kinds(thing))), "")
        return given or ("project" if any(map(self._is_work, ends)) else "other")

    def _is_work(self, thing: NamedNode) -> bool:
        return self.is_end(thing, (ENT + "InfrastructureProject",))

    def _days(self, thing: NamedNode) -> tuple[str, str]:
        find = self.find
        found = []
        for name in ("firstDay", "lastDay"):
            days = sorted(q.object.value for q in find(thing, NamedNode(ENT + name), None))
            found.append(days[0] if days else "")
        return found[0], found[1]

    def evidence(self, thing: NamedNode) -> tuple[str, str, int]:
        """How a thing is known, by whom if it is only reported, and how many passages say so."""
        graphs = {str(getattr(q.graph_name, "value", "")) for q in self.known.asserted(thing, _TYPE)}
        if graphs:
            background = {g for g in graphs if g.startswith(BACKGROUND)}
            return BACKED if graphs == background else ASSERTED, "", len(graphs - background)
        find = self.find
        claims = [q.subject for q in find(None, _SUBJECT, thing)]
        by = {q.object for c in claims for q in find(c, NamedNode(ENT + "claimedBy"), None)}
        said = {q.object for c in claims for q in find(c, NamedNode(ENT + "passage"), None)}
        if claims:
            return REPORTED, ", ".join(sorted(map(self._context.things.label, by))), len(said)
        return INFERRED, "", 0

    # Sides

    def sides(self, things: Iterable[str]) -> dict[str, dict[str, list[str]]]:
        """By opposing side (IRI) of the conflict with the most of these things in it: its own, and who backs it.

        Empty, or two sides with at least one thing each, none on both, that are no small part of all.
        """
        chosen, members = set(things), dict[str, set[str]]()
        find = self.find
        for q in find(None, _ON_SIDE, None):
            if q.subject.value in chosen:
                members.setdefault(q.object.value, set()).add(q.subject.value)
        near = {iri: sum(ends.values()) for iri, ends in self.rough.items() if not chosen.isdisjoint(ends)}
        backing = sorted((q for q in find(None, _SIDE, None) if q.subject.value in near), key=lambda q: str(q.subject))
        backing.sort(key=lambda q: -near[q.subject.value])  # of many, those of which most is said
        for q in backing[:MOST_NEAR]:
            ties = self._lifted(self.stated_by(q.subject))
            members.setdefault(q.object.value, set()).update(t.source for t in ties if t.directed)
        pairs = {tuple(sorted((q.subject.value, q.object.value))) for q in find(None, _OPPOSES, None)}
        best: tuple[int, tuple[str, ...]] = (0, ())
        for pair in sorted(pairs):
            groups = [members.get(side, set()) & chosen for side in pair]
            size = len(set().union(*groups))
            if len(pair) == 2 and all(groups) and size > best[0] and size * _SHARE >= len(chosen):
                best = size, pair
        found = {side: members[side] & chosen for side in best[1]}
        both = set.intersection(*found.values()) if found else set()
        return {side: {"members": sorted(group - both)} for side, group in found.items()}


def _is_thing(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(ID)


def _without_shortcuts(ties: Iterable[Tie]) -> list[Tie]:
    """Ties without those that are inferred from another of the same two, as “backs” is from a support."""
    ties = list(ties)
    joined = {(t.source, t.target) for t in ties if t.form != INFERRED or t.stated_by not in (t.source, t.target)}
    joined |= {(target, source) for source, target in joined}
    kept = [
        t
        for t in ties
        if t.form != INFERRED or t.stated_by not in (t.source, t.target) or (t.source, t.target) not in joined
    ]
    return sorted(kept, key=lambda t: (t.source, t.target, t.family, t.stated_by, t.words))
