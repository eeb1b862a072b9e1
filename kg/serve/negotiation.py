"""Content negotiation (RFC 9110 §12.5.1): which of the media types on offer an Accept header likes best."""

from collections.abc import Sequence

# Media types of rows and of graphs, in our order of preference, each with the format that `Answer.write` and
# `kg.export` know. The first of a format is the one that is sent; the others are names that clients ask for.
ROWS = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/markdown": "md",
}
GRAPHS = {
    "text/turtle": "turtle",
    "application/x-turtle": "turtle",
    "application/n-triples": "ntriples",
    "text/plain": "ntriples",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "application/xml": "rdfxml",
}
DATASETS = {**GRAPHS, "application/trig": "trig", "application/n-quads": "nquads"}
HTML = "text/html"
ENDINGS = {  # of addresses
    "json": "json",
    "xml": "xml",
    "csv": "csv",
    "tsv": "tsv",
    "md": "md",
    "ttl": "turtle",
    "nt": "ntriples",
    "jsonld": "jsonld",
    "rdf": "rdfxml",
    "trig": "trig",
    "nq": "nquads",
}
_MOST = 200  # media ranges; more are not looked at


def media_type(written: str) -> str:
    """The Content-Type of a format: UTF-8 where the type has a charset."""
    known = next(name for name, value in [*ROWS.items(), *DATASETS.items()] if value == written)
    return f"{known}; charset=utf-8" if known.startswith("text/") else known


def preferred(accept: str | None, offered: Sequence[str]) -> str | None:
    """The media type on offer that an Accept header likes best; None where it takes none of them.

    Without a header, or among equals, a type that is named comes before one that only `*` allows, then the one that is
    offered first. A range that is malformed is left out; parameters other than `q` are not looked at.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = [found for part in accept.split(",")[:_MOST] if (found := _range(part))]
    best, chosen = (0.0, 0), None
    for name in offered:
        main = name.partition("/")[0]
        fitting = [(rank, q) for range_, q in ranges if (rank := _rank(range_, name, main))]
        if fitting:
            specificity = max(rank for rank, _ in fitting)
            quality = max(q for rank, q in fitting if rank == specificity)
            if quality and (quality, specificity) > best:
                best, chosen = (quality, specificity), name
    return chosen


def _rank(range_: str, name: str, main: str) -> int:
    return 3 if range_ == name else 2 if range_ == f"{main}/*" else 1 if range_ == "*/*" else 0


def _range(part: str) -> tuple[str, float] | None:
    """A media range with its quality, 0 to 1; None where it is malformed."""
    name, *parameters = (x.strip() for x in part.lower().split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            value = value.strip()
            if not (value.replace(".", "", 1).isdigit() and value.isascii() and len(value) <= 5 and float(value) <= 1):
                return None
            quality = float(value)
    return (name, quality) if name.count("/") == 1 and all(name.split("/")) else None
