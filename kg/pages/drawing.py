"""Pictures on pages: who is tied to whom, what surrounds a thing, and what came when; names in them are links."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from kg.errors import UsageError

if TYPE_CHECKING:
    from markupsafe import Markup

    from kg.pictures import Ties


PICTURE_BYTES = 100_000  # of what surrounds a thing, in both widths
_FEWER = 4  # things are left out where that is too much, until it is not
_NARROW = 340.0  # pixels of a picture for a phone


class Drawn(NamedTuple):
    """A picture as markup, empty where there is nothing to draw, or where it cannot be drawn: then it says why."""

    svg: "Markup"
    problem: str = ""


def network(ties: "Ties", link: Callable[[str], str]) -> Drawn:
    """Who is tied to whom in the whole graph."""
    from kg import pictures

    return _drawn(lambda: pictures.network(ties, standalone=False, link=link))


def timeline(ties: "Ties", link: Callable[[str], str]) -> Drawn:
    """What is dated in the graph."""
    from kg import pictures

    return _drawn(lambda: pictures.timeline(ties, standalone=False, link=link))


def neighbourhood(ties: "Ties", link: Callable[[str], str], thing: NamedNode) -> Drawn:
    """What an actor or a work is tied to, for wide and for narrow screens; of other things there is no picture."""
    from kg.pictures import neighbourhoods

    if not ties.is_end(thing) or not ties.of(thing.value):
        return _drawn(str)
    widths = (neighbourhoods.WIDTH, _NARROW)

    def draw(most: int) -> str:
        drawn = neighbourhoods.neighbourhood_in(ties, thing.value, widths, standalone=False, link=link, most=most)
        return "".join(drawn)

    found = _drawn(partial(draw, neighbourhoods.MOST))
    for most in range(neighbourhoods.MOST - _FEWER, 0, -_FEWER):
        if len(found.svg.encode()) <= PICTURE_BYTES:
            break
        found = _drawn(partial(draw, most))
    return found


def _drawn(draw: Callable[[], str]) -> Drawn:
    from markupsafe import Markup

    try:
        return Drawn(Markup(draw()))
    except UsageError as error:
        return Drawn(Markup(""), ". ".join(filter(None, (error.message, error.hint))))
