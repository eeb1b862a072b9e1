"""What the datatype rules of OWL 2 RL conclude of the literals in a graph: dt-type2, dt-eq and dt-diff.

Of every literal they say much (W3C OWL 2 Profiles §4.3, table 8), and nearly all of it leads to nothing. So a
conclusion is drawn where it can lead on: that a literal belongs to a datatype, where a rule asks who does; that two
have the same value, where a rule compares values; all of it of a literal that is the same as a thing.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations

from kg.rdf import values
from kg.rdf.namespaces import OWL
from kg.reasoning.grounding import SAME, GroundRule
from kg.reasoning.index import MASK, SHIFT, Relation, TripleIndex

RULES = ("dt-type2", "dt-eq", "dt-diff")
# The rules in which a literal that stands at two places has to be the same.
_COMPARING = frozenset({"prp-fp", "prp-ifp", "prp-key", "prp-pdw", "prp-adp", "prp-npa2", "cls-hv1", "cls-hv2"})
_COMPARING |= frozenset({"cls-maxc2", "cls-maxqc3", "cls-maxqc4", "cls-oo"})

Told = tuple[str, Relation, int]  # the rule, and the fact that it gives


class Datatypes:
    """The literals of a graph, and what has been said of them."""

    def __init__(self, facts: TripleIndex) -> None:
        self._facts = facts
        self._same = facts.property(facts.id(SAME))
        self._different = facts.property(facts.id(f"<{OWL}differentFrom>"))
        self._asked: dict[int, Relation] = {}
        self._named: dict[int, None] = {}
        self._read = 0
        self._compares = False
        self._compared = 0

    @property
    def used(self) -> bool:
        """Whether a rule asks which literals belong to a datatype."""
        return bool(self._asked)

    def told(self, rules: Sequence[GroundRule], names: Iterable[str] = ()) -> Iterator[Told]:
        """What can lead on and was not said before; `rules` only grows, and `names` are of rules not among them."""
        new = rules[self._read :]
        self._read = len(rules)
        self._compares = self._compares or any(name in _COMPARING for name in (*names, *(s.rule for s in new)))
        yield from self._members(new)
        yield from self._equal()
        yield from self._of_things()

    def _members(self, rules: Iterable[GroundRule]) -> Iterator[Told]:
        """Rule dt-type2, for the datatypes that stand in bodies of rules."""
        for relation in (atom.relation for special in rules for atom in special.atoms if atom.relation.unary):
            datatype = self._facts.texts[relation.term].strip("<>")
            if relation.term not in self._asked and datatype in values.DATATYPES:
                self._asked[relation.term] = relation
                for literal, text in enumerate(self._facts.texts):
                    if text[0] == '"' and values.belongs(text, datatype):
                        yield "dt-type2", relation, literal

    def _equal(self) -> Iterator[Told]:
        """Rule dt-eq."""
        if self._compares and self._compared < len(self._facts.texts):
            self._compared = len(self._facts.texts)
            for group in values.equal(self._facts.texts):
                yield from (("dt-eq", self._same, a << SHIFT | b) for a, b in permutations(group, 2))

    def _of_things(self) -> Iterator[Told]:
        """All three rules, of literals that are the same as a thing."""
        facts = self._facts
        pairs = ((pair >> SHIFT, pair & MASK) for pair in self._same.fresh)
        new = {one for one, other in pairs if facts.is_literal(one) and not facts.is_literal(other)}
        for literal in sorted(new - self._named.keys()):
            text = facts.texts[literal]
            for datatype in sorted(values.DATATYPES):
                if values.belongs(text, datatype):
                    yield "dt-type2", facts.members(facts.id(f"<{datatype}>")), literal
            for other in self._named:
                if (value := values.value(text)) and (twin := values.value(facts.texts[other])):
                    rule, relation = ("dt-eq", self._same) if value == twin else ("dt-diff", self._different)
                    yield from ((rule, relation, a << SHIFT | b) for a, b in permutations((literal, other)))
            self._named[literal] = None
