"""A review: the proposals of an article one after the other, each as a sentence, and what a person decides of them.

The command and the page are two faces of this. Every decision is written at once; nothing is decided by a machine.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kg.dataset import build
from kg.dataset.computed import broader
from kg.dataset.sentences import Sentences
from kg.drafting import shown, when, worded
from kg.drafting.acceptance import EDITED, Desk
from kg.drafting.judging import Judge
from kg.drafting.propose import IN_WORDS, Told, absorbed, is_same_speaker, speakers_of, undone, with_speaker
from kg.drafting.shown import needs, shortened
from kg.drafting.speakers import introductions
from kg.errors import InputError, UsageError
from kg.findings import Finding
from kg.rdf import writing
from kg.rdf.namespaces import ENT, PREFIXES, short
from kg.rdf.terms import iri
from kg.source import documents
from kg.source.article import Evidence, Passage
from kg.source.layout import GraphFolder
from kg.source.proposals import Proposal, Proposed, free_name
from kg.validation import doubts
from kg.validation.doubts import Doubt
from kg.validation.entities import UNKNOWN_THING
from kg.validation.facts import idle_date_words
from kg.validation.speech import NO_SPEAKER

if TYPE_CHECKING:
    from kg.drafting.saying import Sayings
    from kg.drafting.spoken import Said


class Review:
    """The review of one article by one person."""

    def __init__(self, graph_folder: GraphFolder, article: str, by: str) -> None:
        """Read the graph, the article and its proposals. Raises InputError where one of them cannot be read."""
        self.desk, self.by = Desk(graph_folder, article), by
        sources = documents.load_sources(graph_folder)
        if not sources.complete:
            raise InputError("the graph cannot be read whole", findings=sources.findings[:3], rule="file")
        self._judge = Judge(build.read_sources(sources), self.desk.article)
        self._read: tuple[Judge, build.Build] | None = None
        self._past: list[tuple[Proposed, str, dict[tuple[str, str], str]]] = []
        self.kept: dict[tuple[str, str], str] = {}  # by passage (IRI) and sentence, why it waits
        self.along: list[Proposal] = []  # what was last accepted along with a proposal
        self.done: list[str] = []  # names of the proposals that it made idle
        self._passed: set[str] = set()  # names of what was left for later in this session

    # What there is

    def next(self) -> Proposal | None:
        """The next proposal in the order of the text, after those on which it rests.

        What was left for later in an earlier review comes last.
        """
        waiting = [p for p in self.desk.proposed.awaiting if p.name not in self._passed]
        rows = sorted(waiting, key=lambda p: (bool(p.postponed), self._place(p)))
        ready = [p for p in rows if self._is_ready(p)]
        unspoken = {p.passage: p for p in rows if _says_who(p)}  # whether its words may be said hangs on who says them
        needed = {other.name for p in unspoken.values() for other, _ in self.needs(p)}
        for p in ready:
            if _says_who(p) or p.passage not in unspoken or p.name in needed:
                return p
        return next(iter(ready), next(iter(rows), None))

    def _is_ready(self, proposal: Proposal) -> bool:
        """Whether nothing on which a proposal rests awaits a decision in this session."""
        return all(not other.awaits or other.name in self._passed for other, _ in self.needs(proposal))

    @property
    def left(self) -> int:
        """How many proposals await a decision in this session."""
        return sum(p.name not in self._passed for p in self.desk.proposed.awaiting)

    def _place(self, proposal: Proposal) -> tuple[int, int, bool]:
        passage = self.passage(proposal)
        return (passage.start, -passage.end, not _says_who(proposal)) if passage else (1 << 30, 0, True)

    def passage(self, proposal: Proposal) -> Passage | None:
        """The passage of a proposal, one that it brings along included; None where there is none."""
        return self._passages.get(proposal.passage)

    @cached_property
    def _passages(self) -> dict[str, Passage]:
        return {p.iri: p for p in self._evidence(self._overlay).passages}

    def _evidence(self, made: build.Build) -> Evidence:
        """The article in a graph."""
        return next(e for e in made.evidence if e.article.name == self.desk.name)

    @cached_property
    def _overlay(self) -> build.Build:
        return self._judge.overlay(self.desk.proposed.awaiting)

    @cached_property
    def _store(self) -> Store:
        return _stored(self._overlay)

    @cached_property
    def _sentences(self) -> Sentences:
        return Sentences.of_store(self._store, anew=True)

    def sentences(self, proposal: Proposal) -> list[str]:
        """What a proposal says: first the sentence of the thing that it is about, then what that one leaves out."""
        passage = self.passage(proposal)
        return shown.sentences(proposal, passage.speakers if passage else (), self._sentences, self._passages)

    def needs(self, proposal: Proposal) -> list[tuple[Proposal, str]]:
        """The proposals without which this one cannot stand, each with what it brings: a thing or a passage (IRI)."""
        return needs(proposal, self.desk.proposed, self._bare)

    @property
    def _bare(self) -> build.Build:
        """The graph with the article as it is now, and nothing proposed."""
        if self._read is None or self._read[0] is not self._judge:
            self._read = self._judge, self._judge.overlay([])
        return self._read[1]

    def times(self, proposal: Proposal) -> list[str]:
        """The words of its sentence that say when, each with the date as which it is clearly read, for an edit."""
        passage = self.passage(proposal)
        evidence = self._evidence(self._overlay)
        if passage is None or not evidence.reading_date:
            return []
        found = when.clear(passage.quote, (0, len(passage.quote)), evidence.reading_date)
        return [f'“{words}” = "{lexical}"^^xsd:{datatype}' for words, lexical, datatype in found]

    def doubts(self, proposal: Proposal) -> list[Doubt]:
        """What second readers doubt of what a proposal says: hearsay, which decides nothing."""
        about = dict.fromkeys((proposal.passage, iri(t.subject)) for t in proposal.stated)
        return [d for place in about for d in self._doubts.get(place, ())]

    @cached_property
    def _doubts(self) -> dict[tuple[str, str], list[Doubt]]:
        """The doubts about what the article states or may state, by passage and thing (IRIs)."""
        rows = doubts.read(self.desk.graph_folder, self.desk.name)
        evidence = self._evidence(self._overlay)
        found: dict[tuple[str, str], list[Doubt]] = {}
        for reading in doubts.Readings(self._overlay).of(evidence) if rows else ():
            found.setdefault((reading.passage, reading.thing), []).extend(d for d in rows if d.fits(reading))
        return found

    def turtle(self, proposal: Proposal) -> str:
        """The statements of a proposal as the facts file would have them."""
        return "\n".join(writing.statements(proposal.triples, self._prefixes))

    @property
    def _prefixes(self) -> dict[str, str]:
        return {"p": f"{self.desk.proposed.article}#"} | dict(PREFIXES)

    # What is decided

    def findings(self, proposal: Proposal) -> list[Finding]:
        """What the checks find if this one is accepted, on the facts as they are now."""
        return self._judged(proposal)[0]

    def _judged(self, proposal: Proposal) -> tuple[list[Finding], list[Proposal]]:
        """What the checks find on a proposal, and what has to go along with it.

        That is the class and the name of things that the article knows, once it is accepted, by somebody's words alone.
        """
        found = self._judge.findings_on(proposal)
        unknown = {x for f in found if f.rule == UNKNOWN_THING.id for x in (f.focus, f.value)}
        made = self._judge.overlay([proposal]) if unknown else self._bare
        along = [replace(p, by=proposal.by) for p in introductions(self._evidence(made), unknown)]
        found = self._judge.findings_on(proposal, along) if along else found
        return [self._in_words(f) for f in found], along

    def _in_words(self, finding: Finding) -> Finding:
        """A finding with what to type, where a sentence mends it."""
        if finding.rule == NO_SPEAKER.id:
            return replace(finding, hint="type “X says this”, with who says it, and accept this again")
        things = [x for x in (finding.value, finding.focus) if f"what {short(x)} is" in finding.message]
        if finding.rule == UNKNOWN_THING.id and things:
            name = self._sentences.name(NamedNode(things[0]))
            return replace(finding, hint=f"type “{name} is a …” of a sentence that has the name, and accept this again")
        return finding

    def accept(self, proposal: Proposal) -> list[Finding]:
        """Make facts of a proposal, unless a check finds something: then nothing is written, and that is the result.

        Raises InputError where the text or the facts have changed meanwhile.
        """
        self.desk.refuse_changed()
        found, along = self._judged(proposal)
        self.along, self.done = [] if found else along, []
        if not found:
            before = self._state
            self.desk.accept(proposal, self.by, along)
            self._past.append(before)
            self._judge = self._judge.over(self.desk.article.facts, proposal)
            if _says_who(proposal):
                self.desk.set(with_speaker(self._judge, self.desk.proposed, proposal.passage))
                self._forget()
            self.done = self._take_done(proposal)
        return found

    def _take_done(self, accepted: Proposal) -> list[str]:
        """Take away the proposals that say no more than what is stated by now; the result is their names."""
        proposed = self.desk.proposed
        told = Told(self._evidence(self._bare), broader(self._bare.ontology))
        left = {p.name: p for p in undone(told, proposed.awaiting) if not is_same_speaker(p, accepted)}
        rows = tuple(left.get(p.name, p) for p in proposed.proposals if p.name in left or not p.awaits)
        if rows != proposed.proposals:
            self.desk.set(replace(proposed, proposals=rows))
            self._forget()
        return [p.name for p in proposed.awaiting if p.name not in left]

    def refuse(self, proposal: Proposal) -> None:
        """Keep a proposal as refused, so that it is not proposed again; of who speaks, in whatever form."""
        before = self._state
        same = [p for p in self.desk.proposed.awaiting if p.name == proposal.name or is_same_speaker(p, proposal)]
        self._refuse_all(same)
        self._past.append(before)

    def _refuse_all(self, proposals: Sequence[Proposal]) -> None:
        proposed = self.desk.proposed
        for proposal in proposals:
            proposed = proposed.replaced(proposal, replace(proposal, refused=self.by, postponed=""))
        if proposals:
            self.desk.set(proposed)

    def postpone(self, proposal: Proposal) -> None:
        """Leave a proposal for a later review."""
        self._change(proposal, replace(proposal, postponed=self.by))
        self._passed.add(proposal.name)

    def edit(self, proposal: Proposal, turtle: str) -> tuple[Proposal, list[Finding]]:
        """Put other statements in the place of those of a proposal: the new one, and what the checks find on it.

        Raises InputError for what is no Turtle, or has nothing.
        """
        head = "".join(f"@prefix {key}: <{value}> .\n" for key, value in self._prefixes.items())
        try:
            triples = tuple(q.triple for q in parse(head + turtle, format=RdfFormat.TURTLE))
        except SyntaxError as error:
            line = (error.lineno or len(self._prefixes) + 1) - len(self._prefixes)
            raise InputError(f"line {line} is no Turtle: {error.msg}", rule="syntax") from error
        if not triples or any(not iri(t.subject) for t in triples):
            raise InputError("there is nothing to accept", hint="refuse the proposal instead", rule="empty")
        by = proposal.by.removesuffix(EDITED) + EDITED
        edited = replace(proposal, triples=tuple(dict.fromkeys(triples)), by=by)
        if edited.key != proposal.key:
            self._change(proposal, edited, self._original(proposal))
        else:
            edited = proposal
        self._forget()
        return edited, self.findings(edited)

    def _forget(self) -> None:
        """Read the article anew, with what is proposed now."""
        for name in ("_overlay", "_store", "_sentences", "_passages", "_doubts"):
            self.__dict__.pop(name, None)

    def say(self, passage: Passage, words: str) -> "Said":
        """Propose for a passage what a person says of it in words, in one sentence or several, to be looked at next.

        A sentence with a name of which nothing says yet what it is, is kept, and read as soon as something does.
        Raises UsageError where none of the sentences can be read as facts; of several, those that cannot be are named.
        """
        from kg.drafting.spoken import Said, sentences_of

        self._forget()  # what was accepted, refused or taken back since
        before = self._state
        found, left_out = list[Proposal](), list[str]()
        problems: dict[str, str] = {}
        first: UsageError | None = None
        sentences = sentences_of(words)
        for sentence in sentences:
            said, error = self._read_or_kept(passage, sentence, len(found))
            if error or not said:
                first = first or error
                problems[sentence] = f"“{shortened(sentence)}”: {error.message if error else ''}"
                continue
            found += said.proposals
            if said.left_out and len(sentences) > 1:
                problems[sentence] = f"“{shortened(sentence)}”: {said.problem}"
            else:
                left_out += said.left_out
        again = self._read_again(found, problems) if found else []
        if found or self._state != before:
            self._past.append(before)
        if first and not found and (len(sentences) == 1 or self.kept == before[2]):
            raise first
        found = [p for p in found if p in self.desk.proposed.proposals]  # and not in another one by now
        return Said(found, left_out, [*problems.values()], [x for x in again if x not in sentences])

    def _read_or_kept(
        self, passage: Passage, sentence: str, before: int
    ) -> "tuple[Said, None] | tuple[None, UsageError]":
        """What is said in a sentence, or why it is not read; it is kept where it may be later."""
        from kg.drafting.spoken import NotYetError

        place = passage.iri, sentence
        try:
            said = self._said(passage, sentence, before)
        except NotYetError as error:
            self.kept = {**self.kept, place: error.message}
            return None, UsageError(
                f"{error.message} (the sentence is kept until then)", hint=error.hint, rule=error.rule
            )
        except UsageError as error:
            self.kept = {k: why for k, why in self.kept.items() if k != place}
            return None, error
        self.kept = {k: why for k, why in self.kept.items() if k != place}
        self._forget()
        return said, None

    def _read_again(self, found: list[Proposal], problems: dict[str, str]) -> list[str]:
        """Propose what kept sentences say that can be read now; the result is which can, and has no problem."""
        again: list[str] = []
        left: list[tuple[str, str]] = []
        while left != [*self.kept]:  # what one says may be what another waits for
            left = [*self.kept]
            for place, sentence in ((x, said) for x, said in left if x in self._passages):
                ahead = sum(p.passage == place for p in found)
                said, error = self._read_or_kept(self._passages[place], sentence, ahead)
                if said:
                    found += said.proposals
                    again.append(sentence)
                    problems.pop(sentence, None)
                    if said.left_out:
                        problems[sentence] = f"“{shortened(sentence)}”: {said.problem}"
                elif error and (place, sentence) not in self.kept:
                    problems[sentence] = f"“{sentence}”: {error.message}"
        return again

    def _said(self, passage: Passage, words: str, before: int = 0) -> "Said":
        """What is said in one sentence, proposed after `before` others of the passage that were said with it."""
        start = self.desk.proposed
        reader = self._reader()
        amounts = [*reader.amounts(passage, words, self.by)]
        if self._put(passage, amounts, before):
            self._forget()
            reader = self._reader()
        try:
            said = reader.proposals(self._passages[passage.iri], words, self.by)
        finally:
            self.desk.set(start)
            self._forget()
        used = {iri(x) for p in said.proposals for t in p.triples for x in (t.subject, t.object)}
        kept = [p for p in amounts if any(iri(t.subject) in used for t in p.triples)]
        return said._replace(proposals=self._put(passage, [*kept, *said.proposals], before))

    def _reader(self) -> "Sayings":
        from kg.drafting.saying import Sayings
        from kg.drafting.spoken import called

        return Sayings(self._overlay, self.desk.name, lambda: called(self._passages.values(), self._sentences))

    def _put(self, passage: Passage, proposals: Sequence[Proposal], before: int) -> list[Proposal]:
        """Propose these next for a passage, after `before` others of it; with names that are free."""
        proposed, found = self.desk.proposed, list[Proposal]()
        names = {p.name for p in proposed.proposals}
        for each in proposals:
            proposal, idle = absorbed(each, proposed.awaiting)
            for other in idle:
                proposed = proposed.replaced(other, None)
            found.append(replace(proposal, name=free_name(proposal.name, names)))
            names.add(found[-1].name)
        rows = proposed.proposals
        at = next((i for i, p in enumerate(rows) if p.awaits and p.passage == passage.iri), len(rows)) + before
        if found:
            self.desk.set(replace(proposed, proposals=(*rows[:at], *found, *rows[at:])))
        return found

    def set_aside(self, passage: Passage, reason: str) -> None:
        """Say of a passage why it yields no fact; what rules or a model propose for it, or in it, is refused with it.

        Raises UsageError where it has facts, where what somebody said of it awaits, and where no reason is given,
        InputError where files have changed.
        """
        reason = " ".join(reason.split())
        if not reason:
            raise UsageError("an aside needs a reason", hint="say why the words yield no fact", rule="aside")
        now = next((p for p in self.passages() if p.iri == passage.iri and not p.reason), None)
        inside = [p for p in self.desk.proposed.awaiting if self.around(p) == now]
        said = ", ".join(p.name for p in inside if IN_WORDS in p.by)
        if now is None or now.triples or said:
            message = "the passage has facts, or something said of it awaits"
            raise UsageError(message, hint=f"decide first: {said}" if said else "it needs no reason", rule="aside")
        from kg.drafting.propose import language as language_of

        before = self._state
        self._refuse_all(inside)
        self.desk.set_aside(passage.iri, reason, language_of(self._evidence(self._bare)))
        self.kept = {place: why for place, why in self.kept.items() if place[0] != passage.iri}
        self._past.append(before)
        self._judge = self._judge.over(self.desk.article.facts)
        self._forget()

    def told(self, passage: Passage) -> list[str]:
        """What the facts state in a passage, as sentences."""
        if not passage.triples:
            return []
        stated = Proposal("", passage.iri, (), "", passage.triples)
        known = Sentences.of_store(_stored(self._bare), anew=True)  # without what is only proposed
        return shown.sentences(stated, passage.speakers, known, {})

    def suggested(self, passage: Passage) -> list[str]:
        """What can be said, in the words of a passage, of whom it states no relation or event: “Lorvia “closed it””."""
        return worded.for_passage(self._bare, self.desk.name, passage)

    def finish(self) -> None:
        """Take date words that date nothing out of the passages whose facts were accepted, and of which nothing awaits.

        Raises InputError where the facts have changed.
        """
        evidence = self._evidence(self._bare)
        accepted = {iri(q.subject) for q in self.desk.article.facts.quads if q.predicate.value == ENT + "acceptedBy"}
        accepted -= {p.passage for p in self.desk.proposed.awaiting}
        idle = {p.iri: idle_date_words(evidence, p) for p in evidence.passages if p.iri in accepted}
        self.desk.drop_date_words({passage: words for passage, words in idle.items() if words})

    def passages(self) -> list[Passage]:
        """The passages and asides of the article as it is now, without those within others, in the order of the text.

        An aside is one with a reason.
        """
        evidence = self._evidence(self._bare)
        found: list[Passage] = []
        for p in sorted([*evidence.passages, *evidence.asides], key=lambda p: (p.start, -p.end)):
            if not found or p.end > found[-1].end:
                found.append(p)
        return found

    def around(self, proposal: Proposal) -> Passage | None:
        """The passage of a proposal, or the one around that."""
        passage = self.passage(proposal)
        rows = self.passages() if passage else []
        return next((p for p in rows if passage and p.start <= passage.start and passage.end <= p.end), None)

    def named_passage(self, name: str) -> Passage | None:
        """The passage with an IRI or a local name, or that of a proposal with that name."""
        proposal = next((p for p in self.desk.proposed.awaiting if p.name == name), None)
        node = proposal.passage if proposal else name
        return self._passages.get(node) or self._passages.get(f"{self.desk.proposed.article}#{name}")

    def _original(self, proposal: Proposal) -> Proposal | None:
        """What was proposed before the first edit: kept as refused, so that it is not proposed again."""
        if proposal.by.endswith(EDITED):
            return None
        name = free_name(f"{proposal.name}-unedited", {p.name for p in self.desk.proposed.proposals})
        return replace(proposal, name=name, refused=self.by, postponed="")

    def _change(self, proposal: Proposal, other: Proposal, beside: Proposal | None = None) -> None:
        before, after = self._state, self.desk.proposed.replaced(proposal, other)
        self.desk.set(replace(after, proposals=(*after.proposals, beside)) if beside else after)
        self._past.append(before)

    @property
    def _state(self) -> tuple[Proposed, str, dict[tuple[str, str], str]]:
        """All that a decision may change."""
        return self.desk.proposed, self.desk.article.facts.text, self.kept

    def undo(self) -> bool:
        """Take back the last decision of this session; whether there was one.

        Raises InputError where the text or the facts have changed meanwhile.
        """
        if not self._past:
            return False
        proposed, facts, kept = self._past[-1]
        self.desk.undo(proposed, facts)
        self._past.pop()
        self.kept = kept
        self._passed -= {p.name for p in proposed.awaiting if not p.postponed}
        self._judge = self._judge.over(self.desk.article.facts)
        return True


def _says_who(proposal: Proposal) -> bool:
    """Whether a proposal says who speaks in its passage."""
    return bool(speakers_of(proposal))


def _stored(made: build.Build) -> Store:
    store = Store()
    store.extend(made.each_quad())
    return store
