"""What a writer may have meant: the names that come close to one that is not there."""

from collections.abc import Iterable

from kg.vocabulary import ARTICLE, compact, local_name


def did_you_mean(iri: str, known: Iterable[str]) -> str:
    """The question “did you mean …?” with the one or two IRIs that come close by name; empty where none does.

    Two letters that have changed places come first: nobody means another word by them.
    """
    import difflib

    names = {local_name(k).lower(): k for k in sorted(known)}
    wrong = local_name(iri).lower()
    swapped = [name for name in names if sorted(name) == sorted(wrong)]
    close = swapped or difflib.get_close_matches(wrong, names, n=2, cutoff=0.7)
    return f"did you mean {' or '.join(short(names[c]) for c in close)}?" if close else ""


def short(iri: str) -> str:
    """The name by which a facts file calls a thing; a passage of its own is `p:name`."""
    return f"p:{local_name(iri)}" if iri.startswith(ARTICLE) and "#" in iri else compact(iri)
