"""The elements of a pattern, found token by token from where its verb or noun stands, to the right and to the left."""

from typing import NamedTuple

from kg.text import verbs
from kg.text.clauses import Clauses
from kg.text.parts import Nouns
from kg.text.patterns import Choice, Element, Mark, Phrase, Slot
from kg.text.verbs import form_names
from kg.text.words import (
    AND,
    AUXILIARIES,
    BEFORE_NOUN,
    DETERMINERS,
    GENITIVE,
    MARK,
    NAME,
    PREPOSITIONS,
    RELATIVES,
    WORD,
)


class Filled(NamedTuple):
    """What fills a slot: the fillers, and whether they are all that the words name there."""

    slot: Slot
    nouns: Nouns


_NEAR, _FAR = 3, 14  # tokens within which words of a pattern may follow: “capital of”, not “capital with the port of”


def phrase_at(clauses: Clauses, phrase: Phrase, i: int) -> int:
    """Where a phrase ends whose first word is token `i`; -1 where it is not there. Nouns may be plural."""
    if not phrase.verb and not is_word(clauses, i, phrase.words[0]):
        return -1
    for word in phrase.words[1:]:
        i = clauses.after_adverbs(i + 1) if clauses.text(i + 1) != word else i + 1
        if not is_word(clauses, i, word):
            return -1
    return i + 1


def is_word(clauses: Clauses, i: int, word: str) -> bool:
    """Whether a token is a word, or its plural."""
    return 0 <= i < len(clauses.tokens) and word in clauses.nouns_at[i]


def may_have(clauses: Clauses, choice: Choice) -> bool:
    """Whether a text has the first word of one of the phrases anywhere."""
    return any(p.words[0] in (clauses.bases if p.verb else clauses.words) for p in choice.phrases)


def seek(clauses: Clauses, choice: Choice, i: int, within: int = 14) -> int:
    """Where one of the phrases ends that comes next in the clause; -1 where none does.

    Between may stand what belongs to a noun phrase or says when and where, and asides in parentheses; no other verb.
    """
    end = min(i + within, len(clauses.tokens))
    if not may_have(clauses, choice):
        return -1
    while i < end:
        for phrase in choice.phrases:
            base = phrase.words[0]
            fits = not phrase.verb or (base in verbs.bases(clauses.text(i)) and form_names(base, clauses.text(i)))
            found = phrase_at(clauses, phrase, i) if fits else -1
            if found >= 0:
                return found
        text, kind = clauses.text(i), clauses.kind(i)
        if clauses.text(i + 1) == "by" and _is_participle(text) and clauses.text(i - 1) not in AND:
            return -1  # “support for the raid conducted by Belmar”
        if clauses.is_boundary(i) or (kind == WORD and (text in AUXILIARIES or text in RELATIVES or text in _CLAUSES)):
            return -1
        if kind == MARK and text in (",", "–", "—", "("):
            after = clauses.after_mark(i)
            if after < 0:
                return -1
            i = after
        else:
            i += 1
    return -1


def _is_participle(word: str) -> bool:
    return word.endswith("ed") or any("participle" in form_names(base, word) for base in verbs.bases(word))


_CLAUSES = frozenset(["when", "where", "while", "although", "though", "because", "if", "unless", "but"])


def rightwards(
    clauses: Clauses,
    elements: tuple[Element, ...],
    i: int,
    filled: list[Filled],
    *,
    single: bool = False,
    after: tuple[Element, ...] = (),
) -> int:
    """Match elements from token `i` on; where they end, or -1. `single` if what comes first is one: “President …”.

    Elements that come `after` these are not matched.
    """
    for k, element in enumerate(elements):
        beside = (*elements[k + 1 :], *after)[:1]
        if isinstance(element, Slot):
            genitive = k + 1 < len(elements) and elements[k + 1] == Mark("'s")
            name = element.proper and k + 1 < len(elements) and isinstance(elements[k + 1], Slot)
            amount = (
                bool(beside) and isinstance(beside[0], Choice) and any(p.words == ("of",) for p in beside[0].phrases)
            )
            nouns = clauses.nouns(clauses.after_adverbs(i), genitive=genitive, name=name, amount=amount)
            if nouns is None or (element.proper and not nouns.fillers[0].known):
                return -1
            nouns = nouns.first if single and k == 0 else nouns
            filled.append(Filled(element, nouns))
            i = nouns.end
        elif isinstance(element, Choice):
            is_of = all(p.words == ("of",) for p in element.phrases)
            near = _NEAR if k == 0 else 1 if isinstance(elements[k - 1], Slot) else _FAR
            i = seek(clauses, element, i, near if is_of else _FAR)  # “President Tarn of”, not “… accused members of”
            if i < 0:
                return -1
        elif isinstance(element, Mark):
            kind = GENITIVE if element.text == "'s" else MARK
            if clauses.kind(i) != kind or (kind == MARK and clauses.text(i) != element.text):
                return -1
            i += 1
    return i


def leftwards(
    clauses: Clauses, elements: tuple[Element, ...], i: int, filled: list[Filled], *, modifies: bool = False
) -> int:
    """Match elements that end before token `i`; where they begin, or -1. `modifies` if a noun comes right after."""
    for k, element in enumerate(reversed(elements)):
        if isinstance(element, Slot):
            owns = k > 0 and elements[-k] == Mark("'s")
            nouns = clauses.nouns_before(i - 1, depth=0, modifies=modifies and k == 0, owns=owns)
            if nouns is None or (element.proper and not nouns.fillers[0].known):
                return -1
            filled.insert(0, Filled(element, nouns))
            i = nouns.start
        elif isinstance(element, Choice):
            i = before(clauses, element, i)
            if i < 0:
                return -1
        elif isinstance(element, Mark):
            i = mark_before(clauses, element, i)
            if i < 0:
                return -1
    return i


def before(clauses: Clauses, choice: Choice, i: int) -> int:
    """Where one of the phrases begins that stands before token `i`, with adjectives between; -1 where none does."""
    for at in range(i - 1, max(i - 6, -1), -1):
        for phrase in choice.phrases:
            start = at - len(phrase.words) + 1
            if start >= 0 and all(is_word(clauses, start + k, word) for k, word in enumerate(phrase.words)):
                return start
        if clauses.kind(at) not in (WORD, NAME) or clauses.text(at) in PREPOSITIONS:
            return -1
    return -1


def mark_before(clauses: Clauses, mark: Mark, i: int) -> int:
    """Where a mark stands before token `i`, with words between that belong to it; -1 where none does."""
    kind = GENITIVE if mark.text == "'s" else MARK
    for at in range(i - 1, max(i - 8, -1), -1):
        if clauses.kind(at) == kind and mark.text in ("'s", clauses.text(at)):
            return at
        text = clauses.text(at)
        begins = mark.text == "'s" and text in BEFORE_NOUN  # another noun phrase: “Ostia's king met his minister”
        if mark.text == "," and clauses.text(at + 1) in DETERMINERS and (text.endswith("ed") or clauses.is_verb(at)):
            return -1  # “Velindi, received the President of Corvania”
        if clauses.kind(at) in (MARK, GENITIVE) or text in AUXILIARIES or text in PREPOSITIONS or begins:
            return -1
    return -1
