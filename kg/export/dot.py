r"""DOT for Graphviz: things as nodes by their kind, what holds between them as edges, inferred ones dashed.

Nodes and edges are those of GraphML, and an edge is as thick as passages state it. The quotes of an edge are its
tooltip, which `dot -Tsvg` keeps. Text is written in quotation marks, with what DOT would read as an escape sequence
(`\N`, `\G`) doubled, so that no label names or calls anything.
"""

import re

from kg.errors import clean, xml
from kg.export import graphml
from kg.export.rows import SEPARATOR
from kg.provenance.context import Context
from kg.rdf.namespaces import ENT

_SHAPES = {"Person": "ellipse", "State": "circle", "Organisation": "box", "InfrastructureProject": "diamond"}
_STYLES = {"inferred": "dashed", "background": "solid", "computed": "dashed"}
_WIDE = 24  # characters after which a label goes on in a new line
_MOST_QUOTED = 500  # characters of a tooltip


def write(context: Context, *, asserted_only: bool = False) -> bytes:
    """The things of a graph and what holds between them, in the DOT language, in UTF-8."""
    drawing = graphml.drawing(context, asserted_only=asserted_only)
    lines = ["digraph entente {", '  graph [overlap=false, splines=true, charset="UTF-8"];']
    lines += ['  node [fontname="Helvetica", fontsize=11];', '  edge [fontname="Helvetica", fontsize=9];']
    for iri, data in drawing.nodes():
        values = {"label": _label(data["label"]), "tooltip": text(data.get("kind", "")), "shape": _shape(context, iri)}
        if iri.startswith(("http://", "https://")):
            values["URL"] = text(iri)
        lines.append(f"  {text(graphml.identifier(iri))} [{_attributes(values)}];")
    for source, target, data in drawing.edges():
        values = {"label": _label(data["label"]), "tooltip": text(_quoted(data)), "class": text(data["status"])}
        values["penwidth"] = f"{min(float(data['weight']), 5) * 0.6 + 0.4:.1f}"
        values["style"] = _STYLES.get(data["status"], "solid")
        if data["status"] == "background":
            values["color"] = "gray60"
        ends = f"{text(graphml.identifier(source))} -> {text(graphml.identifier(target))}"
        lines.append(f"  {ends} [{_attributes(values)}];")
    return ("\n".join([*lines, "}"]) + "\n").encode()


def text(words: str) -> str:
    r"""A text as a quoted string of DOT, on one line, read as it stands.

    >>> print(text('a "quote" and \\N'))
    "a \"quote\" and \\N"
    """
    return '"' + xml(clean(words)).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _label(words: str) -> str:
    """A text in lines of about 24 characters."""
    lines = [""]
    for word in xml(clean(words)).split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= _WIDE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return '"' + "\\n".join(text(line)[1:-1] for line in lines) + '"'


def _quoted(data: dict[str, str]) -> str:
    """The quotes of an edge, or the rule or the source on which it rests."""
    quotes = re.sub(re.escape(SEPARATOR), "” “", data["quote"])
    told = f"“{quotes}”" if quotes else data["rule"] or data["background"]
    return told if len(told) <= _MOST_QUOTED else f"{told[:_MOST_QUOTED]} …"


def _shape(context: Context, iri: str) -> str:
    from pyoxigraph import NamedNode

    above = context.sentences.known.all_kinds(NamedNode(iri))
    return next((shape for name, shape in _SHAPES.items() if ENT + name in above), "plaintext")


def _attributes(values: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())
