"""The words of a tie: what a sentence says between the names of two things, or of several names together."""

import re

from pyoxigraph import NamedNode

MOST = 44  # characters of the words of a tie


def place(text: str, name: str) -> int:
    """Where a name stands in a sentence; -1 where it does not."""
    return text.casefold().find(name.casefold()) if name else -1


def untimed(text: str, when: str) -> str:
    """A sentence without its notes in brackets at the end, and without when it was."""
    text = text.rsplit(" (", 1)[0] if text.endswith(")") else text
    return text.removeprefix(f"{when[0].upper()}{when[1:]}, ").removesuffix(f" {when}") if when else text


def between(text: str, first: list[str], second: str) -> str:
    """The words of a sentence between some names at its beginning and another; nothing where it is not so ordered."""
    start = max((place(text, name) + len(name) for name in first if place(text, name) >= 0), default=-1)
    end = text.casefold().find(second.casefold(), start) if start >= 0 and second else -1
    return text[start:end].strip(" ,:") if end >= 0 else ""


def is_cut(words: str, others: list[str]) -> bool:
    """Whether words are too long, end within a quotation or name others: they read ill without their sentence."""
    return len(words) > MOST or words.count("“") != words.count("”") or any(name in words for name in others)


def rest(text: str, names: list[str]) -> str:
    """What a sentence says of some names, with all of which it begins; nothing where it does not."""
    places = [(place(text, name), name) for name in names]
    if min(places)[0] != 0:
        return ""
    return text[max(at + len(name) for at, name in places) :].strip()


def named(roles: dict[str, list[NamedNode]], at: dict[NamedNode, int], told: str) -> dict[str, list[NamedNode]]:
    """The roles that a sentence tells, with those whom it names; all, where it names fewer than two.

    Of a long list, a sentence names some and counts the rest.
    """
    counts = re.search(r" and \d+ more\b", told) is not None
    kept = {n: [x for x in found if at[x] >= 0 or (counts and len(found) > 5)] for n, found in roles.items()}
    named = {n: found for n, found in kept.items() if any(at[x] >= 0 for x in found)}
    return named if len({x for found in named.values() for x in found}) > 1 else roles
