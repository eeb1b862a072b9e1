"""Computed labels (rule `label`): noun phrases for what nothing labels, told apart where several things have the same.

“Cooperation of Lorvia and Sudmark” becomes “cooperation of Lorvia and Sudmark, “good partners””, by what else is told
of each: its date, else its wording, purpose, content or condition. Where nothing else is, they stay the same.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kg.dataset.stated import DATES, value
from kg.rdf.namespaces import ENT, RDF, RDFS_LABEL
from kg.text import phrases

if TYPE_CHECKING:
    from kg.dataset.naming import Naming

LABEL = NamedNode(ENT + "computedLabel")
Alike = dict[str, list[str]]  # by noun phrase, the IRIs of the things that share it; at least two
_LANGUAGE = "en"
_TELLING = ("wording", "purpose", "content", "condition")


def labels(said: "Naming", things: Iterable[Any]) -> tuple[list[Triple], Alike]:
    """The labels of the things that have none and whose classes have a noun phrase, and which of these are alike."""
    called = noun_phrases(said, things)
    by_phrase: dict[str, list[str]] = {}
    for thing, phrase in called.items():
        by_phrase.setdefault(phrase, []).append(thing.value)
    found = [label(said, thing, phrase, len(by_phrase[phrase]) > 1) for thing, phrase in called.items()]
    return found, {phrase: sorted(iris) for phrase, iris in by_phrase.items() if len(iris) > 1}


def noun_phrases(said: "Naming", things: Iterable[Any]) -> dict[NamedNode, str]:
    """What those of some things are called that have no label and whose classes have a noun phrase."""
    return {thing: phrase for thing in things if (phrase := _phrase(said, thing))}


def premises(said: "Naming", label: Triple) -> list[Triple]:
    """The statements from which a computed label follows."""
    phrase = said.noun_phrase(label.subject)
    apart = set() if phrase.text == value(label.object) else _told_besides(said, label.subject)[1]
    return sorted({*phrase.premises, *apart}, key=str)


def _phrase(said: "Naming", thing: Any) -> str:
    return "" if not isinstance(thing, NamedNode) or said.is_labelled(thing) else said.noun_phrase(thing).text


def label(said: "Naming", thing: NamedNode, phrase: str, is_shared: bool) -> Triple:
    """The label of a thing with that noun phrase, by which others may be called as well (`is_shared`)."""
    return plain_label(thing, phrases.told_apart(phrase, _told_besides(said, thing)[0]) if is_shared else phrase)


def plain_label(thing: NamedNode, text: str) -> Triple:
    """The statement that a thing has this computed label."""
    return Triple(thing, LABEL, Literal(text, language=_LANGUAGE))


def _told_besides(said: "Naming", thing: Any) -> tuple[str, set[Triple]]:
    """What tells a thing from others of the same phrase, by the facts or the first speaker, and the statements."""
    voices = [said] if said.known.says_what(thing) else [said.said_by([x]) for x in said.known.speakers(thing)]
    for voice in voices:
        for iri in DATES:
            if found := voice.known.dates(thing, iri):
                text = (
                    phrases.on_date(found[0])
                    if iri == DATES[0]
                    else f"{iri.removeprefix(ENT)} {phrases.date(found[0])}"
                )
                return text, _stated(voice, thing, iri)
        for name in _TELLING:
            if words := voice.known.values(thing, ENT + name):
                return f"“{min(map(value, words))}”", _stated(voice, thing, ENT + name)
    return "", set()


def _stated(said: "Naming", thing: Any, iri: str) -> set[Triple]:
    found = set(said.known.premises(thing, iri))
    claims = found & said.known.claims(thing).keys() if said.known.voice else set()
    return (found - claims) | said.known.premises_of_claims(claims)


class Relabelling:
    """Finds the labels that an edit changes: of what it is about, and of what is called by its name, or the same."""

    def __init__(self, store: Store, edited: list[Quad], alike: Alike) -> None:
        """Remember the names that things have before an edit of these quads, and which phrases are shared."""
        self._store = store
        self._groups = {phrase: set(iris) for phrase, iris in alike.items()}
        self._shared = {iri: phrase for phrase, iris in alike.items() for iri in iris}
        passages: set[Any] = {q.subject for q in edited if q.predicate.value == ENT + "quote"}
        stated = {q for q in edited if isinstance(q.graph_name, NamedNode)}
        self._things: set[Any] = {x for q in stated for x in (q.subject, q.object) if isinstance(x, NamedNode)}
        self._things |= {q.object for q in edited if q.predicate.value == RDF + "subject"}
        self._staged = {q.subject for q in stated if q.predicate.value in (ENT + "stage", ENT + "status")}
        for passage in passages:  # by its words a name has an article, or none
            named = self._store.quads_for_pattern(None, NamedNode(RDFS_LABEL), None, passage)
            self._things |= {q.subject for q in named}
        self._before = self._names()

    @property
    def alike(self) -> Alike:
        """The phrases that several things share now, as for `labels`."""
        return {phrase: sorted(iris) for phrase, iris in self._groups.items() if len(iris) > 1}

    def changes(self, touched: set[Any]) -> Iterator[tuple[set[Triple], set[Triple]]]:
        """After the edit, what there is and what is to be of each label that changes; `touched` have changed.

        What is given is written before the next is asked for.
        """
        now = self._names()
        changed = {x for x in self._things if now[x] != self._before[x]} | self._staged
        changed |= {x for x in touched if isinstance(x, NamedNode)}
        waiting = self._things | touched | self._around(changed)
        said = self._said()
        while waiting:
            changed, others = set(), set[Any]()
            for thing in waiting:
                has, phrase = self._has(thing), _phrase(said, thing)
                others |= self._move(thing, min((value(t.object) for t in has), default=""), phrase)
                is_shared = len(self._groups.get(phrase, ())) > 1
                due = {label(said, thing, phrase, is_shared)} if phrase else set()
                if has != due:
                    changed.add(thing)
                    yield has, due
            waiting = self._around(changed) | others

    def _has(self, thing: Any) -> set[Triple]:
        found = self._store.quads_for_pattern(thing, LABEL, None, None) if isinstance(thing, NamedNode) else ()
        return {q.triple for q in found}

    def _move(self, thing: Any, label: str, phrase: str) -> set[NamedNode]:
        """Note by which phrase a thing is called now; the others whose labels change by that."""
        iri = getattr(thing, "value", "")
        before = self._shared.get(iri, label)
        if before == phrase:
            return set()
        left, joined = self._called(before) - {iri}, self._called(phrase) - {iri}
        if before:
            self._groups[before] = left
        if phrase:
            self._groups[phrase] = {*joined, iri}
        self._shared.pop(iri, None)
        for group, name in ((left, before), ({*joined, iri}, phrase)):
            for member in group if name else ():
                if len(group) > 1:
                    self._shared[member] = name
                else:
                    self._shared.pop(member, None)
        return {NamedNode(x) for group in (left, joined) if len(group) == 1 for x in group}

    def _called(self, phrase: str) -> set[str]:
        """The IRIs of the things with a phrase."""
        if not phrase:
            return set()
        if phrase not in self._groups:
            found = self._store.quads_for_pattern(None, LABEL, Literal(phrase, language=_LANGUAGE), None)
            self._groups[phrase] = {q.subject.value for q in found}  # type: ignore[union-attr]
        return self._groups[phrase]

    def _said(self) -> "Naming":
        from kg.dataset.naming import Naming

        return Naming.of_store(self._store, anew=True)

    def _names(self) -> dict[Any, str]:
        said = self._said()
        return {thing: said.name(thing) for thing in self._things}

    def _around(self, things: set[Any]) -> set[Any]:
        """What is stated or claimed to be in a relation with one of these, in either direction."""
        find, found = self._store.quads_for_pattern, set[Any]()
        for thing in things:
            found |= {q.subject for q in find(None, None, thing, None)} | {
                q.object for q in find(thing, None, None, None)
            }
        nodes = {x for x in found if isinstance(x, NamedNode)}
        claimed = {q.object for c in nodes for q in find(c, NamedNode(RDF + "subject"), None, None)}
        return (nodes | claimed) - things
