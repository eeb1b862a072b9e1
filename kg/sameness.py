"""Rule eq-trans of OWL 2 RL: of the things that are the same, each is the same as each.

Among n such things a rule finds their n² pairs in n³ ways. Here the pairs of a group are found by way of one of its
members, the hub: first all are the same as the hub, then each as each. Every pair still follows from two earlier ones.
"""

from collections.abc import Iterator

from kg.relations import MASK, SHIFT, Relation


class Sameness:
    """The groups of things that are the same, as far as the pairs of owl:sameAs tell."""

    def __init__(self, same: Relation) -> None:
        self._same = same
        self._groups: dict[int, set[int]] = {}
        self._open: dict[int, set[int]] = {}

    def told(self) -> Iterator[int]:
        """The pairs that follow in one step, and that lead on; to be asked in every round."""
        for pair in self._same.fresh:
            group = self._joined(pair >> SHIFT, pair & MASK)
            self._open[id(group)] = group
        for key, group in list(self._open.items()):
            if group is not self._groups[min(group)]:
                del self._open[key]  # it has become a part of another
                continue
            hub = min(group)
            before, after = set(self._same.subjects(hub)), set(self._same.objects(hub))
            if min(len(before), len(after)) < len(group) - 1:
                yield from self._spread(hub, before, after)
            else:
                del self._open[key]
                yield from (one << SHIFT | other for one in before for other in after if one != other)

    def _joined(self, one: int, other: int) -> set[int]:
        """The group of two things, after their groups have become one."""
        first, second = self._groups.setdefault(one, {one}), self._groups.setdefault(other, {other})
        if first is second:
            return first
        large, small = (first, second) if len(first) >= len(second) else (second, first)
        large |= small
        self._groups.update(dict.fromkeys(small, large))
        return large

    def _spread(self, hub: int, before: set[int], after: set[int]) -> Iterator[int]:
        """What is the same as something near the hub is the same as the hub, in both directions."""
        same, after, before = self._same, after | {hub}, before | {hub}
        yield from (hub << SHIFT | far for near in after for far in same.objects(near) if far not in after)
        yield from (far << SHIFT | hub for near in before for far in same.subjects(near) if far not in before)
