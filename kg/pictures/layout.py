"""Where things stand: a force-directed layout by rustworkx, the best of several, without overlaps of boxes.

Each tie has a box for its words between its two things, which the layout moves as it moves theirs: so words have room.
The layout starts from fixed places, and every place is rounded, so that the same graph gives the same picture.
"""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from kg.errors import UsageError
from kg.pictures.labels import Box, around, free
from kg.pictures.svg import Point

_SEEDS, _TRIED = 48, 8  # layouts; those with the fewest crossings, from which the best comes
_FEW = 30  # links
_IMPROVED, _MOST_PASSES = 2, 4  # layouts that are improved, and how often at most
_STEPS_OF_MOVE = (-200.0, -120.0, -60.0, 0.0, 60.0, 120.0, 200.0)  # pixels, by which one thing may move in the end
_MOVES = [move for move in product(_STEPS_OF_MOVE, repeat=2) if any(move)]
_STEPS = 150  # of one layout
_ROUNDS = 120  # in which boxes are moved apart
_GROWTH, _MOST_GROWTH = 1.25, 4  # of the height, where boxes still overlap, and how often
_GAP, _WIDE_GAP = 9.0, 24.0  # pixels between boxes, and between two things
_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)  # of a line, where its words may stand
_BENDS = (-150.0, -110.0, -75.0, -45.0, 45.0, 75.0, 110.0, 150.0)  # pixels beside it, where it would cross a thing
_ASIDE, _CLOSE = (0.0, 9.0, -9.0, 18.0, -18.0, 30.0, -30.0, 44.0, -44.0), 3.0  # pixels beside it, and to other boxes
_NARROW = 0.96  # the cosine of an angle at which two lines are hard to tell apart
_SHORT = 22.0  # pixels of a line on each side of its words, below which it is hard to see
_EDGE = 8.0  # pixels to the border of the picture


@dataclass
class Body:
    """A box to be placed: its size in pixels, and the side on which it is to stand: -1 left, 1 right, 0 anywhere.

    Lines end at its `anchor`, so many pixels below its middle.
    """

    width: float
    height: float
    side: int = 0
    anchor: float = 0.0
    is_thing: bool = False
    x: float = 0.0
    y: float = 0.0

    @property
    def box(self) -> Box:
        """Where it is."""
        return around(self.x, self.y, self.width, self.height)

    @property
    def point(self) -> Point:
        """Where lines end."""
        return Point(self.x, self.y + self.anchor)


@dataclass
class Link:
    """A line of some thickness between two bodies, by their numbers, with a body for its words."""

    first: int
    second: int
    words: Body
    thickness: float = 0.0


def rustworkx() -> Any:
    """The package rustworkx. Raises UsageError, with what to do, where it is not installed."""
    try:
        import rustworkx as found
    except ImportError:
        hint = "pip install rustworkx, or this package with its extra `pictures`"
        raise UsageError("a picture of a network needs rustworkx, which is not installed", hint=hint) from None
    return found


def place(bodies: Sequence[Body], links: Sequence[Link], width: float, height: float) -> float:
    """Place bodies and the words of links within a picture, in pixels, and give the height that they take.

    It is not more than `height`, unless there is too little room for boxes without overlaps.
    """
    everything = [*bodies, *(link.words for link in links)]
    if not everything:
        return 0.0
    starts = sorted(_layouts(bodies, links), key=lambda start: _crossings(start, links))
    starts = starts[:_TRIED]
    for _ in range(_MOST_GROWTH):
        found = []
        for start in starts:
            _scale(everything, start, width, height)
            _separate(bodies, links, width, height)
            _settle_words(bodies, links, width, height)
            found.append((_overlaps(everything), _cost(bodies, links), [(b.x, b.y) for b in everything]))
        found.sort(key=lambda each: each[:2])
        if not found[0][0]:
            break
        height *= _GROWTH
    improved = []
    for _, _, places in found[: _IMPROVED if len(links) <= _FEW else 1]:
        _restore(everything, places)
        improved.append(
            (_overlaps(everything), _improve(bodies, links, width, height), [(b.x, b.y) for b in everything])
        )
    _restore(everything, min(improved, key=lambda each: each[:2])[-1])
    _turn_names(bodies, links)
    top = min(body.box.top for body in everything) - _EDGE
    for body in everything:
        body.y = round(body.y - top, 1)
    return max(body.box.bottom for body in everything) + _EDGE


def _layouts(bodies: Sequence[Body], links: Sequence[Link]) -> Iterable[list[tuple[float, float]]]:
    """Some layouts, each from another start: the places of all bodies, then of the words of links, in no unit."""
    rx = rustworkx()
    graph = rx.PyGraph()
    graph.add_nodes_from([None] * (len(bodies) + len(links)))
    for number, link in enumerate(links, len(bodies)):
        graph.add_edge(link.first, number, 1.0)
        graph.add_edge(number, link.second, 1.0)
    left, right, middle = graph.add_nodes_from(["left", "right", "middle"])
    anchors = {left: [-2.2, 0.0], right: [2.2, 0.0], middle: [0.0, 0.0]}
    has_sides = any(body.side for body in bodies)
    for number, body in enumerate(bodies):
        if body.side:
            graph.add_edge(number, left if body.side < 0 else right, 0.9)
        graph.add_edge(number, middle, 0.12 if has_sides else 0.2)
    count = len(bodies) + len(links)
    for seed in range(_SEEDS):
        chance = random.Random(seed)
        start = {n: [chance.uniform(-1, 1), chance.uniform(-1, 1)] for n in range(count)}
        for number, body in enumerate(bodies):
            start[number][0] += 1.5 * body.side
        for number, link in enumerate(links, len(bodies)):
            start[number] = [(start[link.first][at] + start[link.second][at]) / 2 for at in (0, 1)]
        places = rx.graph_spring_layout(
            graph,
            pos=start | anchors,
            fixed={left, right, middle},
            k=1.6 / math.sqrt(count),
            num_iter=_STEPS,
            weight_fn=float,
            seed=seed,
        )
        yield [(round(places[n][0], 3), round(places[n][1], 3)) for n in range(count)]


def _crossings(places: Sequence[tuple[float, float]], links: Sequence[Link]) -> int:
    """How many straight lines between things cross."""
    points = [Point(*place) for place in places]
    return sum(
        _cross(points[one.first], points[one.second], points[other.first], points[other.second])
        for one, other in combinations(links, 2)
        if not {one.first, one.second} & {other.first, other.second}
    )


def _overlaps(bodies: Sequence[Body]) -> int:
    return sum(one.box.overlaps(other.box, 1) for one, other in combinations(bodies, 2))


def _scale(bodies: Sequence[Body], places: Sequence[tuple[float, float]], width: float, height: float) -> None:
    """Spread places over the whole picture."""
    for axis, room in ((0, width), (1, height)):
        values = [p[axis] for p in places]
        low, high = min(values), max(values)
        for body, value in zip(bodies, values, strict=True):
            half = (body.width, body.height)[axis] / 2 + _EDGE
            share = (value - low) / (high - low) if high > low else 0.5
            at = half + share * (room - 2 * half)
            if axis == 0:
                body.x = at
            else:
                body.y = at


def _separate(bodies: Sequence[Body], links: Sequence[Link], width: float, height: float) -> None:
    """Move boxes apart that overlap, and words back towards the middle of their line."""
    everything = [*bodies, *(link.words for link in links)]
    for turn in range(_ROUNDS):
        pull = 0.25 * (1 - turn / _ROUNDS)
        for link in links:
            first, second = bodies[link.first], bodies[link.second]
            link.words.x += ((first.x + second.x) / 2 - link.words.x) * pull
            link.words.y += ((first.y + second.y) / 2 - link.words.y) * pull
            _stretch(first, second, link.words)
        moved = False
        everything.sort(key=lambda body: (body.x - body.width / 2, body.y))
        for at, one in enumerate(everything):
            for other in everything[at + 1 :]:
                if other.x - other.width / 2 - _WIDE_GAP > one.x + one.width / 2 + _WIDE_GAP:
                    break
                if abs(one.y - other.y) < (one.height + other.height) / 2 + _WIDE_GAP:
                    moved |= _push(one, other, _WIDE_GAP if one.is_thing and other.is_thing else _GAP)
        for body in everything:
            low, high = _EDGE + body.width / 2, width - _EDGE - body.width / 2
            low, high = (low, min(high, width * 0.36)) if body.side < 0 else (low, high)
            low = max(low, width * 0.64) if body.side > 0 else low
            body.x = min(max(body.x, low), high)
            body.y = min(max(body.y, _EDGE + body.height / 2), height - _EDGE - body.height / 2)
        if not moved and pull < 0.05:
            break


def _stretch(first: Body, second: Body, words: Body) -> None:
    """Move two things that are linked apart, half of the way, until their words have room between them."""
    x, y = first.x - second.x, first.y - second.y
    across = (first.width + second.width) / 2 + words.width + 2 * _SHORT - abs(x)
    down = (first.height + second.height) / 2 + words.height + 2 * _SHORT - abs(y)
    if across > 0 and down > 0:
        if across < down:
            step = across / 4 * (1 if x >= 0 else -1)
            first.x, second.x = first.x + step, second.x - step
        else:
            step = down / 4 * (1 if y >= 0 else -1)
            first.y, second.y = first.y + step, second.y - step


def _push(one: Body, other: Body, gap: float) -> bool:
    """Move two boxes apart that are nearer than a gap, by the shorter way; whether they were."""
    across = (one.width + other.width) / 2 + gap - abs(one.x - other.x)
    down = (one.height + other.height) / 2 + gap - abs(one.y - other.y)
    if across <= 0 or down <= 0:
        return False
    if across < down * 1.4:
        step = across / 2 * (1 if one.x >= other.x else -1)
        one.x, other.x = one.x + step, other.x - step
    else:
        step = down / 2 * (1 if one.y >= other.y else -1)
        one.y, other.y = one.y + step, other.y - step
    return True


def _cost(bodies: Sequence[Body], links: Sequence[Link], own: Sequence[int] | None = None, moved: int = -1) -> float:
    """How badly a layout reads: lines that cross lines or boxes, lines that bend or are long.

    With `own`, some links by their numbers, and `moved`, a body: only what they have a part in.
    """
    numbers, cost = range(len(links)) if own is None else own, 0.0
    halves = [
        (number, link, bodies[end].point, link.words.point)
        for number, link in enumerate(links)
        for end in (link.first, link.second)
    ]
    counted = set(numbers)
    things = list(enumerate(body.box for body in bodies))
    words = list(enumerate(link.words.box for link in links))
    few_things, few_words = things[moved : moved + 1] if moved >= 0 else [], [words[at] for at in numbers]
    for one, link, a, b in halves:
        for at, box in things if one in counted else few_things:
            if at != link.first and at != link.second and crosses(a, b, box):
                cost += 8
        for at, box in words if one in counted else few_words:
            if at != one and crosses(a, b, box, link.thickness / 2):
                cost += 6
        if one in counted:
            cost += a.to(b) / 150
            for other, second, c, d in halves:
                if other > one or (other != one and other not in counted):
                    if not {link.first, link.second} & {second.first, second.second}:
                        cost += 4 * _cross(a, b, c, d)
                    elif a == c and _angle(b, a, d) > _NARROW:
                        cost += 3
    for number in numbers:
        line = links[number]
        first, last, middle = bodies[line.first], bodies[line.second], line.words
        x, y = middle.x - (first.x + last.x) / 2, middle.y - (first.y + last.y) / 2
        cost += math.sqrt(x * x + y * y) / 40
        cost += sum(6 for end in (first, last) if _gap(end.box, middle.box) < _SHORT)
    return round(cost, 6)


def _gap(one: Box, other: Box) -> float:
    """How far two boxes are apart, across or down."""
    across = max(other.left - one.right, one.left - other.right)
    return max(across, other.top - one.bottom, one.top - other.bottom)


def _settle_words(bodies: Sequence[Body], links: Sequence[Link], width: float, height: float) -> None:
    """Move the words of each link as near to the middle of its straight line as they have room there."""
    boxes = {id(body): body.box for body in (*bodies, *(link.words for link in links))}
    for link in (*links, *links):
        a, b, words = bodies[link.first].point, bodies[link.second].point, link.words
        away = a.to(b) or 1.0
        others = [box for key, box in boxes.items() if key != id(words)]
        best = (*_strain(words.x, words.y, a, b, away), words.x, words.y)
        for share, aside in product(_SHARES, _ASIDE):
            x = round(a.x + share * (b.x - a.x) + aside * (b.y - a.y) / away, 1)
            y = round(a.y + share * (b.y - a.y) - aside * (b.x - a.x) / away, 1)
            box = around(x, y, words.width, words.height)
            inside = min(box.left, box.top, width - box.right, height - box.bottom) >= 0
            if inside and (found := (*_strain(x, y, a, b, away), x, y)) < best and free(box, others, _CLOSE):
                best = found
        words.x, words.y = best[-2:]
        boxes[id(words)] = words.box


def _improve(bodies: Sequence[Body], links: Sequence[Link], width: float, height: float) -> float:
    """Move one thing after the other, with half of the way for its words, where the layout then reads better: its cost.

    Then the words of lines that cross another thing, aside; and all again, until nothing is gained.
    """
    everything = [*bodies, *(link.words for link in links)]
    best, places = _cost(bodies, links), [(body.x, body.y) for body in everything]
    for _ in range(_MOST_PASSES):
        for number, body in enumerate(bodies):
            _shift(number, body, bodies, links, width, height)
        _settle_words(bodies, links, width, height)
        for number, link in enumerate(links):
            _bend(number, link, bodies, links, width, height)
        if (found := _cost(bodies, links)) >= best - 1:
            break
        best, places = found, [(body.x, body.y) for body in everything]
    _restore(everything, places)
    return best


def _restore(bodies: Sequence[Body], places: Sequence[tuple[float, float]]) -> None:
    for body, (x, y) in zip(bodies, places, strict=True):
        body.x, body.y = round(x, 1), round(y, 1)


def _shift(number: int, body: Body, bodies: Sequence[Body], links: Sequence[Link], width: float, height: float) -> None:
    """Move a thing to where the layout reads best, if it then reads better."""
    numbers = [at for at, link in enumerate(links) if number in (link.first, link.second)]
    own = [links[at].words for at in numbers]
    others = [each.box for each in bodies if each is not body]
    others += [link.words.box for at, link in enumerate(links) if at not in numbers]
    best, moved = _cost(bodies, links, numbers, number) - 1, (0.0, 0.0)
    for x, y in _MOVES:
        _move(body, own, x, y)
        boxes = [body.box, *(words.box for words in own)]
        fits = _is_inside(body.box, body.side, width, height) and all(
            min(box.left, box.top, width - box.right, height - box.bottom) >= 0
            and free(box, others, _CLOSE)
            and free(box, boxes[at + 1 :], _CLOSE)
            for at, box in enumerate(boxes)
        )
        if fits and (found := _cost(bodies, links, numbers, number)) < best:
            best, moved = found, (x, y)
        _move(body, own, -x, -y)
    _move(body, own, *moved)


def _bend(number: int, link: Link, bodies: Sequence[Body], links: Sequence[Link], width: float, height: float) -> None:
    """Move the words of a line that crosses another thing aside, if the layout then reads better."""
    a, b, words = bodies[link.first].point, bodies[link.second].point, link.words
    strange = [body.box for at, body in enumerate(bodies) if at not in (link.first, link.second)]
    if not any(crosses(words.point, end, box) for end in (a, b) for box in strange):
        return
    away, best = a.to(b) or 1.0, (_cost(bodies, links, [number]), words.x, words.y)
    others = [*(body.box for body in bodies), *(each.words.box for each in links if each is not link)]
    for share, aside in product(_SHARES, _BENDS):
        words.x = round(a.x + share * (b.x - a.x) + aside * (b.y - a.y) / away, 1)
        words.y = round(a.y + share * (b.y - a.y) - aside * (b.x - a.x) / away, 1)
        box = words.box
        inside = min(box.left, box.top, width - box.right, height - box.bottom) >= 0
        if inside and free(box, others, _CLOSE):
            best = min(best, (_cost(bodies, links, [number]), words.x, words.y))
    _, words.x, words.y = best


def _move(body: Body, words: Sequence[Body], x: float, y: float) -> None:
    body.x, body.y = body.x + x, body.y + y
    for each in words:
        each.x, each.y = each.x + x / 2, each.y + y / 2


def _is_inside(box: Box, side: int, width: float, height: float) -> bool:
    """Whether a box is in the picture, and on its side."""
    middle = (box.left + box.right) / 2
    on_side = middle <= width * 0.36 if side < 0 else middle >= width * 0.64 if side > 0 else True
    return on_side and min(box.left, box.top, width - box.right, height - box.bottom) >= _EDGE


def _strain(x: float, y: float, a: Point, b: Point, away: float) -> tuple[float]:
    """How far a point is from a straight line, and by a third from its middle."""
    aside = abs((b.x - a.x) * (a.y - y) - (a.x - x) * (b.y - a.y)) / away
    along = Point(x, y).to(Point((a.x + b.x) / 2, (a.y + b.y) / 2))
    return (round(aside + along / 3, 3),)


def _turn_names(bodies: Sequence[Body], links: Sequence[Link]) -> None:
    """Put the name of a thing above its mark where fewer lines cross it there; the box of both stays."""
    for number, body in enumerate(bodies):
        crossed = []
        for anchor in (body.anchor, -body.anchor):
            mark = Point(body.x, body.y + anchor)
            room, mark_height = body.box, body.height - 2 * abs(anchor)
            top, bottom = (room.top + mark_height, room.bottom) if anchor < 0 else (room.top, room.bottom - mark_height)
            name = Box(room.left, top, room.right, bottom)
            lines = [
                (mark if end == number else bodies[end].point, link.words.point)
                for link in links
                for end in (link.first, link.second)
            ]
            crossed.append(sum(crosses(*line, name) for line in lines))
        if crossed[1] < crossed[0]:
            body.anchor = -body.anchor


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two lines cross between their ends."""

    def turn(p: Point, q: Point, r: Point) -> float:
        return (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)

    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


def _angle(a: Point, corner: Point, b: Point) -> float:
    """The cosine of the angle at a corner."""
    x, y, u, v = a.x - corner.x, a.y - corner.y, b.x - corner.x, b.y - corner.y
    return (x * u + y * v) / (math.sqrt((x * x + y * y) * (u * u + v * v)) or 1.0)


def crosses(a: Point, b: Point, box: Box, by: float = 0.0) -> bool:
    """Whether a line between two points meets a box, or one that reaches further on each side (Liang and Barsky)."""
    left, top, right, bottom = box
    if (a.x < left - by and b.x < left - by) or (a.x > right + by and b.x > right + by):
        return False
    if (a.y < top - by and b.y < top - by) or (a.y > bottom + by and b.y > bottom + by):
        return False
    low, high = 0.0, 1.0
    x, y = b.x - a.x, b.y - a.y
    for step, room in ((-x, a.x - left + by), (x, right + by - a.x), (-y, a.y - top + by), (y, bottom + by - a.y)):
        if step == 0:
            if room < 0:
                return False
        elif step < 0:
            low = max(low, room / step)
        else:
            high = min(high, room / step)
        if low > high:
            return False
    return True
