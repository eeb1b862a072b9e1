"""What to add to the lexicon so that the words of a passage say a term: lines that can be pasted (model, rule 29)."""

from kg.rdf.namespaces import compact
from kg.text import verbs
from kg.text.matching import Match
from kg.text.patterns import Choice, Element, Option, Phrase, written

WHERE = "ontology/lexicon.en.ttl, or a file of your own beside it"


def cue_lines(term: str, language: str) -> str:
    """How to add words for a term that nobody can guess."""
    return f'add your words for it to {_where(language)}:\n{compact(term)} ent:cue "WORD|*VERB"@{language} .'


def pattern_lines(term: str, match: Match, quote: str, language: str) -> str:
    """How to add what a match fits as a pattern of another term, with the words of the quote as its usage."""
    words = quote[match.start : match.end]
    pattern = written(_narrowed(match.pattern.elements, words.lower().replace("’", "'").split()))
    usage = _marked(match, quote)
    lines = f'{compact(term)} ent:pattern "{pattern}"@{language} ;\n    ent:usage "{usage}"@{language} .'
    return f"add to {_where(language)}:\n{lines}"


def _where(language: str) -> str:
    return WHERE.replace(".en.", f".{language}.")


def _narrowed(elements: tuple[Element, ...], words: list[str]) -> tuple[Element, ...]:
    """Elements with those phrases alone that stand in the words."""
    found: list[Element] = []
    for element in elements:
        if isinstance(element, Choice):
            phrases = tuple(phrase for phrase in element.phrases if _stands(phrase, words))
            found.append(Choice(phrases or element.phrases))
        elif isinstance(element, Option):
            found.append(Option(_narrowed(element.elements, words)))
        else:
            found.append(element)
    return tuple(found)


def _stands(phrase: Phrase, words: list[str]) -> bool:
    bare = [word.strip(".,;:()“”") for word in words]
    first, *rest = phrase.words
    begins = any(first in verbs.bases(w) if phrase.verb else w in (first, f"{first}s") for w in bare)
    return begins and set(rest) <= set(bare)


def _marked(match: Match, quote: str) -> str:
    """The words of a match with what fills its slots marked, without what a literal in Turtle would have to escape."""
    rows = {(f.start, f.end): "/".join(filled.slot.path) for filled in match.filled for f in filled.nouns.fillers}
    text, at = "", match.start
    for (start, end), role in sorted(rows.items()):
        text += f"{quote[at:start]}[{role}: {quote[start:end]}]"
        at = end
    text += quote[at : match.end]
    return text.replace('"', "").replace("\\", "")
