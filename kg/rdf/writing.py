"""Writes statements as Turtle in house style, and adds statements to a TriG document without touching the rest of it.

What is added goes where an author would put it: into the statement that is there about the same subject, beside the
objects of the same predicate. Comments and line breaks of the document stay.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.rdf.namespaces import RDF_TYPE, XSD
from kg.rdf.style import INDENT, tidy
from kg.rdf.terms import Term
from kg.rdf.tokens import Token, tokenize

_LINE = 120  # columns
_BARE = {XSD + name for name in ("boolean", "decimal", "integer")}  # written without quotation marks
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u00a0": "\\u00A0", "\u202f": "\\u202F"}


def term(value: Term, prefixes: Mapping[str, str]) -> str:
    """A term as Turtle has it; `prefixes` are namespaces by prefix. No-break spaces are escapes: so one sees them."""
    if isinstance(value, NamedNode):
        return _name(value.value, prefixes)
    if not isinstance(value, Literal):
        return str(value)
    text = f'"{"".join(_ESCAPES.get(c, c) for c in value.value)}"'
    if value.language:
        return f"{text}@{value.language}"
    kind = value.datatype.value
    if kind == XSD + "string":
        return text
    if kind in _BARE and _is_bare(value):
        return value.value
    return f"{text}^^{_name(kind, prefixes)}"


def _is_bare(value: Literal) -> bool:
    """Whether a literal without quotation marks is read as the same literal."""
    try:
        read = [quad.object for quad in parse(f"<x:s> <x:p> {value.value} .", format=RdfFormat.TURTLE)]
    except SyntaxError:
        return False
    return read == [value]


def _name(iri: str, prefixes: Mapping[str, str]) -> str:
    for prefix, namespace in sorted(prefixes.items(), key=lambda item: -len(item[1])):
        local = iri[len(namespace) :]
        if iri.startswith(namespace) and local and not set(local) - _LOCAL and local[0] != "-" != local[-1:]:
            return f"{prefix}:{local}"
    return f"<{iri}>"


_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def predicates(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> list[str]:
    """What triples say of their one subject, a line for each predicate: `ent:party id:a , id:b`; its class first."""
    rows: dict[str, list[str]] = {}
    for t in sorted(triples, key=lambda t: t.predicate.value != RDF_TYPE):
        verb = "a" if t.predicate.value == RDF_TYPE else _name(t.predicate.value, prefixes)
        rows.setdefault(verb, []).append(term(t.object, prefixes))
    return [f"{verb} {' , '.join(dict.fromkeys(objects))}" for verb, objects in rows.items()]


def statements(triples: Iterable[Triple], prefixes: Mapping[str, str], indent: str = "") -> list[str]:
    """Triples as Turtle statements, one for each subject in order: on one line where that is short, else on several."""
    written = []
    for found in _by_subject(triples).values():
        rows = predicates(found, prefixes)
        head = f"{indent}{term(found[0].subject, prefixes)} "
        line = f"{head}{' ; '.join(rows)} ."
        if len(rows) > 3 or len(line) > _LINE:
            line = f"{head}{f' ;{chr(10)}{indent}{INDENT}'.join(rows)} ."
        written.append(line)
    return written


def _by_subject(triples: Iterable[Triple]) -> dict[str, list[Triple]]:
    groups: dict[str, list[Triple]] = {}
    for t in triples:
        groups.setdefault(getattr(t.subject, "value", str(t.subject)), []).append(t)
    return groups


class _Statement(NamedTuple):
    """A statement of a document: by predicate (IRI) the end of its last object, and where its parts stand.

    It begins at `start`, what it says at `said`, and its last object ends at `last`.
    """

    subject: str
    objects: dict[str, int]
    start: int
    said: int
    last: int


class _Graph(NamedTuple):
    """A named graph of a document: its statements, and where its name and its closing bracket stand."""

    statements: dict[str, _Statement]
    start: int
    end: int


class Additions:
    """A TriG document to which statements are added."""

    def __init__(self, text: str) -> None:
        """Take a valid document (TriG 1.1) without anonymous nodes as subjects. Raises SyntaxError for none."""
        reader = parse(text, format=RdfFormat.TRIG)
        list(reader)
        self._text, self._prefixes = text, dict(reader.prefixes)
        self._graphs: dict[str, _Graph] = {}
        self._default: dict[str, _Statement] = {}
        self._read([t for t in tokenize(text) if t.kind not in ("space", "comment")])

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The namespaces by prefix."""
        return self._prefixes

    def with_added(
        self, described: Iterable[Triple], stated: Mapping[str, Iterable[Triple]], before: Mapping[str, str]
    ) -> str:
        """The document with more statements, in house style.

        `described` goes into its default graph, `stated` into graphs, by name. A new subject of the default graph
        stands after the one that `before` names for it, and its graph after itself.
        """
        inserted: list[tuple[int, int, str]] = []  # where, in which order, what
        places = {subject: self._end_of(statement) for subject, statement in self._default.items()}
        for subject, triples in _by_subject(described).items():
            if subject in self._default:
                inserted += ((at, 0, words) for at, words in self._into(self._default[subject], triples))
                continue
            anchor = self._after(before.get(subject, ""), graph=subject in stated)
            gap = "\n\n" if subject in stated else "\n"
            inserted.append((anchor, 1, gap + "\n".join(statements(triples, self._prefixes))))
            places[subject] = anchor
        for name, found in stated.items():
            inserted += ((at, order, words) for at, order, words in self._stated(name, list(found), places))
        text, end = [], len(self._text)
        for at, _, words in sorted(inserted, key=lambda row: row[:2], reverse=True):
            text += [self._text[at:end], words]
            end = at
        return tidy("".join([self._text[:end], *reversed(text)]), RdfFormat.TRIG)

    def with_changed(self, subject: str, triples: Iterable[Triple], *, keeps_graph: bool = False) -> str:
        """The document with other statements about a subject of its default graph, and without the graph of its name.

        With `keeps_graph` that stays; else comments in it go with it. Raises KeyError where the document says nothing
        of the subject.
        """
        statement, graph = self._default[subject], self._graphs.get(subject)
        end = self._end_of(statement)
        new = "\n".join(statements(triples, self._prefixes))
        text = f"{self._text[: statement.start]}{new}{self._text[end:]}"
        if graph and not keeps_graph:
            moved = len(text) - len(self._text) if graph.start > statement.start else 0
            before, after = text[: graph.start + moved], text[graph.end + moved + 1 :]
            text = f"{before.rstrip()}\n{after.lstrip(' ')}"
        return tidy(text, RdfFormat.TRIG)

    def _stated(self, name: str, triples: list[Triple], places: Mapping[str, int]) -> Iterator[tuple[int, int, str]]:
        """What is to be inserted for the statements of a graph."""
        graph = self._graphs.get(name)
        if graph is None:
            at = places.get(name, len(self._text.rstrip()))
            inner = "\n".join(statements(triples, self._prefixes, INDENT))
            yield at, 2, f"\n{_name(name, self._prefixes)} {{\n{inner}\n}}"
            return
        new: list[Triple] = []
        for subject, found in _by_subject(triples).items():
            if subject in graph.statements:
                yield from ((at, 0, words) for at, words in self._into(graph.statements[subject], found))
            else:
                new += found
        if new:
            inner = "\n".join(statements(new, self._prefixes, INDENT))
            begins_line = self._text[: graph.end].rstrip(" ").endswith("\n")
            yield graph.end, 1, f"{inner}\n" if begins_line else f"\n{inner}\n"

    def _into(self, statement: _Statement, triples: list[Triple]) -> Iterator[tuple[int, str]]:
        """What is to be inserted into a statement that is there."""
        rows: list[Triple] = []
        for t in triples:
            if t.predicate.value in statement.objects:
                yield statement.objects[t.predicate.value], f" , {term(t.object, self._prefixes)}"
            elif t.predicate.value == RDF_TYPE:
                yield statement.said, f" a {term(t.object, self._prefixes)} ;"
            else:
                rows.append(t)
        written = self._text[statement.start : statement.last]
        line = self._text[self._text.rfind("\n", 0, statement.start) + 1 : statement.last]
        lines = predicates(rows, self._prefixes)
        is_short = "\n" not in written and len(line) + sum(len(row) + 3 for row in lines) < _LINE
        if lines:
            yield statement.last, "".join(f" ;{' ' if is_short else chr(10)}{row}" for row in lines)

    def _after(self, subject: str, *, graph: bool) -> int:
        """Where something stands that comes after what is said of a subject, or after its graph; for none, the end."""
        if graph and subject in self._graphs:
            return self._graphs[subject].end + 1
        statement = self._default.get(subject)
        return self._end_of(statement) if statement else len(self._text.rstrip())

    def _end_of(self, statement: _Statement) -> int:
        dot = self._text.find(".", statement.last)
        return dot + 1 if dot >= 0 else len(self._text)

    # Reading

    def _read(self, tokens: list[Token]) -> None:
        at, opened, start = 0, "", 0
        found: dict[str, _Statement] = self._default
        while at < len(tokens):
            token = tokens[at]
            following = tokens[at + 1].text if at + 1 < len(tokens) else ""
            if token.kind == "directive" or token.text.upper() in ("PREFIX", "BASE"):
                at = self._after_directive(tokens, at)
            elif token.text == "}":
                if opened:
                    known = self._graphs.get(opened)
                    both = {**found, **(known.statements if known else {})}
                    self._graphs[opened] = _Graph(both, start, token.start)
                found, opened = self._default, ""
                at += 1
            elif token.text == "{" or token.text.upper() == "GRAPH":
                at += 1
            elif following == "{":
                opened, found, start = self._iri(token), {}, token.start
                at += 2
            else:
                statement, at = self._statement(tokens, at)
                found.setdefault(statement.subject, statement)

    def _after_directive(self, tokens: list[Token], at: int) -> int:
        while tokens[at].kind != "iri":
            at += 1
        return at + 2 if at + 1 < len(tokens) and tokens[at + 1].text == "." else at + 1

    def _statement(self, tokens: list[Token], at: int) -> tuple[_Statement, int]:
        """The statement that begins at a token, and the token after it; brackets within it count as objects."""
        subject, first = self._iri(tokens[at]), tokens[at]
        objects: dict[str, int] = {}
        verb, depth, at = "", 0, at + 1
        last = first.start + len(first.text)
        while at < len(tokens):
            token = tokens[at]
            if depth == 0 and token.text in (".", "}"):
                break
            depth += (token.text in "([") - (token.text in ")]") if token.kind == "punct" else 0
            if depth == 0 and token.text == ";":
                verb = ""
            elif depth == 0 and not verb:
                verb = RDF_TYPE if token.text == "a" else self._iri(token)
                last = token.start + len(token.text)
            else:
                last = token.start + len(token.text)
                if token.text != ",":
                    objects[verb] = last
            at += 1
        after = at + 1 if at < len(tokens) and tokens[at].text == "." else at
        return _Statement(subject, objects, first.start, first.start + len(first.text), last), after

    def _iri(self, token: Token) -> str:
        """The IRI that a token names; its text for what is none."""
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, colon, local = token.text.partition(":")
        if token.kind == "name" and colon and prefix in self._prefixes:
            return self._prefixes[prefix] + local.replace("\\", "")
        return token.text
