"""Pictures on pages: who is tied to whom, and what came when, with each thing in them a link to its page."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import UsageError
from kg.pages.links import Links

if TYPE_CHECKING:
    from markupsafe import Markup

    from kg.pictures import Ties

_SVG = "http://www.w3.org/2000/svg"


class Drawn(NamedTuple):
    """A picture as markup, empty where it cannot be drawn, and then why."""

    svg: "Markup"
    problem: str = ""


def network(ties: "Ties", at: Links) -> Drawn:
    """Who is tied to whom in the whole graph."""
    from kg import pictures

    return _drawn(lambda: pictures.network(ties, standalone=False), at)


def timeline(ties: "Ties", at: Links, iri: str = "") -> Drawn:
    """What is dated in the graph, or of what a thing has a part in."""
    from kg import pictures

    return _drawn(lambda: pictures.timeline(ties, iri, standalone=False), at)


def _drawn(draw: Callable[[], str], at: Links) -> Drawn:
    from markupsafe import Markup

    try:
        return Drawn(Markup(linked(draw(), at)))
    except UsageError as error:
        return Drawn(Markup(""), ". ".join(filter(None, (error.message, error.hint))))


def linked(svg: str, at: Links) -> str:
    """A picture in which what stands for a thing (`data-iri`) is a link to its page."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(svg)  # our own: it has no DTD
    root.set("role", "group")  # of an image, nobody would find the links
    for element in [e for e in root.iter(f"{{{_SVG}}}g") if e.get("data-iri")]:
        link = at.of(element.get("data-iri", ""))
        if link:
            anchor = ET.Element(f"{{{_SVG}}}a", {"href": link})
            for child in [c for c in element if c.tag != f"{{{_SVG}}}title"]:
                element.remove(child)
                anchor.append(child)
            element.append(anchor)
    return ET.tostring(root, encoding="unicode")
