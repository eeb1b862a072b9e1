"""A naive reasoner: it knows the rule table alone, applies each row to all that is known, and starts again."""

import rule_checker
from pyoxigraph import BlankNode, Triple
from rule_checker import Statement

from kg.reasoning.rules import rules

_ROUNDS = 6  # more than any step that is told as one takes


def statement(t: Triple) -> Statement:
    """A triple in N-Triples, term by term."""
    return str(t.subject), str(t.predicate), str(t.object)


def described(axioms: tuple[Triple, ...], ontology: list[Triple]) -> set[Triple]:
    """Axioms, and what the ontology says of the unnamed classes, relations and lists in them."""
    found, waiting = set(axioms), [x for a in axioms for x in (a.subject, a.object)]
    by_subject: dict[object, list[Triple]] = {}
    for t in ontology:
        by_subject.setdefault(t.subject, []).append(t)
    while waiting:
        if isinstance(node := waiting.pop(), BlankNode):
            new = [t for t in by_subject.get(node, ()) if t not in found]
            found.update(new)
            waiting += [t.object for t in new]
    return found


def follows(conclusion: Triple, taken: set[Triple]) -> bool:
    """Whether a triple follows from just these, by the rule table."""
    wanted, known = statement(conclusion), {statement(t) for t in taken}
    for _ in range(_ROUNDS):
        new = {head for row in rules() if row.head for head in rule_checker._heads(row, known, known) if head}
        if wanted in new:
            return True
        if new <= known:
            return False
        known |= new
    return False
