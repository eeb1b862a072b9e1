"""N-Triples and N-Quads: one statement per line, sorted, for tools that stream, compare and merge."""

from collections.abc import Iterable

from pyoxigraph import Quad, RdfFormat, Triple, serialize


def write(triples: Iterable[Triple], named: Iterable[Quad] | None = None) -> bytes:
    """The triples in N-Triples; with the quads of named graphs, in N-Quads."""
    if named is None:
        return serialize(sorted(set(triples), key=str), format=RdfFormat.N_TRIPLES) or b""
    quads = {*(Quad(t.subject, t.predicate, t.object) for t in triples), *named}
    return serialize(sorted(quads, key=str), format=RdfFormat.N_QUADS) or b""
