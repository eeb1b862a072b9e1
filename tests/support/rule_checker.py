"""An independent check of single proof steps: it knows the rule table and nothing of how the chainer works.

A step is right if its conclusion is among the heads that the named row of `kg.reasoning.rules` gives when its body is
matched, pattern by pattern, against the premises, the axioms and the lists of the graph.
"""

import itertools
from collections.abc import Iterable, Iterator

from kg.rdf.namespaces import RDF
from kg.reasoning.rules import Pattern, Rule, rules, unrolled

Statement = tuple[str, str, str]
Binding = dict[str, str]


def follows(name: str, conclusion: Statement | None, taken: Iterable[Statement], graph: set[Statement]) -> bool:
    """Whether a rule of that name gives the conclusion (None: a contradiction) from just these statements."""
    known = set(taken)
    rows = [rule for rule in rules() if rule.name == name]
    assert rows, f"there is no rule {name}"
    return any(head == conclusion for row in rows for head in _heads(row, known, graph))


def _heads(rule: Rule, known: set[Statement], graph: set[Statement]) -> Iterator[Statement | None]:
    """What a row gives: it matches lists first, since the other patterns may speak of their members."""
    lists = [p for p in rule.body if p[2].startswith("(")]
    plain = [p for p in rule.body if not p[2].startswith("(")]
    for binding, length in _lists(lists, known, graph):
        body = [p for pattern in plain for p in unrolled(pattern, length)]
        for found in _matched(body, binding, known):
            if rule.head is None:
                yield None
            else:
                s, p, o = unrolled(rule.head, length)[0]
                yield found.get(s, s), found.get(p, p), found.get(o, o)


def _lists(patterns: list[Pattern], known: set[Statement], graph: set[Statement]) -> Iterator[tuple[Binding, int]]:
    if not patterns:
        yield {}, 0
        return
    (subject, verb, brackets) = patterns[0]
    names = brackets.strip("()").split()
    for s, p, o in known:
        if p == verb:
            for members in _members(o, graph):
                yield from _chosen(names, members, {subject: s})


def _chosen(names: list[str], members: list[str], binding: Binding) -> Iterator[tuple[Binding, int]]:
    if names == [names[0].replace("[k]", "") + "[k]"]:
        each = {names[0].replace("[k]", f"[{k}]"): m for k, m in enumerate(members, 1)}
        yield {**binding, **each}, len(members)
    else:
        for chosen in itertools.combinations(members, len(names)):
            yield {**binding, **dict(zip(names, chosen, strict=True))}, 0


def _members(head: str, graph: set[Statement], above: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """The members of a list: each way to read it, since a cell has several where equality made it so."""
    firsts = [o for s, p, o in graph if s == head and p == f"<{RDF}first>"]
    rests = [o for s, p, o in graph if s == head and p == f"<{RDF}rest>"]
    if head in above or not firsts:
        yield []
    for first in [] if head in above else firsts:
        for rest in rests or [f"<{RDF}nil>"]:
            yield from ([first, *others] for others in _members(rest, graph, (*above, head)))


def _matched(body: list[Pattern], binding: Binding, known: set[Statement]) -> Iterator[Binding]:
    if not body:
        yield binding
        return
    for statement in known:
        found: Binding | None = binding
        for term, value in zip(body[0], statement, strict=True):
            found = _bound(found, term, value)
        if found is not None:
            yield from _matched(body[1:], found, known)


def _bound(binding: Binding | None, term: str, value: str) -> Binding | None:
    if binding is None:
        return None
    if term.startswith("?"):
        return {**binding, term: value} if binding.get(term, value) == value else None
    if term.isdigit():
        return binding if value.startswith(f'"{term}"') else None
    return binding if term == value else None
