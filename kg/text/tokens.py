"""The tokens of a text, and what each of them may be: a verb or a noun, an adverb, the end of a sentence."""

from collections.abc import Container, Iterable
from functools import cached_property, lru_cache

from kg.text import verbs
from kg.text.verbs import form_names
from kg.text.words import (
    ADJECTIVES_TO,
    ADVERBS,
    AND,
    BEFORE_BARE,
    BEFORE_BASE,
    BEFORE_NOUN,
    BOUNDARIES,
    DETERMINERS,
    FINITE,
    FINITE_BE,
    GENITIVE,
    MARK,
    NAME,
    NOT,
    PARTICLES,
    PERSONAL,
    PLURALS,
    PREPOSITIONS,
    QUESTIONS,
    RELATIVES,
    STOPS,
    WORD,
    Name,
    tokens,
)

_RELATIVE = 4  # tokens before a verb in which “which” may stand
_OF_OTHERS = FINITE_BE | {"has", "had", "will", "would"}  # auxiliaries after a subject, and no base form
_OF_FIELDS = frozenset(("committee", "department", "minister", "ministers", "ministries", "ministry"))  # of finance


@lru_cache(8192)
def _noun(word: str) -> frozenset[str]:
    """A word, and what it may be the plural of."""
    return frozenset((word, *singular(word)))


def singular(word: str) -> set[str]:
    """What a noun may be the plural of."""
    found = {word[:-1]} if word.endswith("s") else set()
    found |= {word[:-2]} if word.endswith("es") else set()
    return found | ({word[:-3] + "y"} if word.endswith("ies") else set())


def _is_adverb(word: str) -> bool:
    return word in ADVERBS or (word.endswith("ly") and len(word) > 4 and word not in ADJECTIVES_TO)


class Tokens:
    """The tokens of a text with the names in it."""

    def __init__(self, text: str, names: Iterable[Name] = (), known: Container[str] = ()) -> None:
        """Take a text, the names in it, and the base forms of verbs by which clauses are told apart."""
        self.tokens = tokens(text, names)
        self._known = known
        self._is_verb: dict[int, bool] = {}

    @cached_property
    def nouns_at(self) -> list[frozenset[str]]:
        """For each token its word, and what it may be the plural of."""
        return [_noun("'s" if token.kind == GENITIVE else token.text) for token in self.tokens]

    @cached_property
    def words(self) -> frozenset[str]:
        """All words, and what they may be the plurals of."""
        return frozenset().union(*self.nouns_at)

    @cached_property
    def bases(self) -> frozenset[str]:
        """The base forms of all words, where they are verbs."""
        words = {token.text for token in self.tokens if " " not in token.text}  # a verb has no space
        return frozenset().union(*map(verbs.bases, words))

    @cached_property
    def forms(self) -> frozenset[str]:
        """All of `words` and `bases`."""
        return self.words | self.bases

    def has_each(self, rows: Iterable[frozenset[str]]) -> bool:
        """Whether a text has of each of these rows a word, as it stands or in another form."""
        forms = self.forms
        for words in rows:  # noqa: SIM110 - asked of each pattern
            if forms.isdisjoint(words):
                return False
        return True

    def text(self, i: int) -> str:
        """The text of a token, in lower case; empty beyond the ends."""
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def kind(self, i: int) -> str:
        """The kind of a token; empty beyond the ends."""
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else ""

    def is_boundary(self, i: int) -> bool:
        """Whether a sentence or the text ends at a token."""
        return not 0 <= i < len(self.tokens) or (self.kind(i) == MARK and self.text(i) in BOUNDARIES)

    def inverted(self, i: int) -> bool:
        """Whether “should” stands before its subject at a token, and puts a condition: “should it fail”."""
        before = self.text(i - 1)
        return self.text(i) == "should" and self.begins_nouns(i + 1) and before not in NOT | QUESTIONS | RELATIVES

    def is_adverb(self, i: int) -> bool:
        """Whether a token can be left out between a verb and its parts."""
        return 0 <= i < len(self._adverbs) and self._adverbs[i]

    @cached_property
    def _adverbs(self) -> list[bool]:
        return [token.kind == WORD and _is_adverb(token.text) for token in self.tokens]

    def after_adverbs(self, i: int) -> int:
        """The first token from `i` on that is no adverb."""
        while self.is_adverb(i):
            i += 1
        return i

    def before_adverbs(self, i: int) -> int:
        """The first token from `i` back that is no adverb."""
        while self.is_adverb(i):
            i -= 1
        return i

    def is_verb(self, i: int) -> bool:
        """Whether a word is one of the known verbs, in a form that is hardly a noun; a base form after “to”, “will”."""
        if i not in self._is_verb:
            self._is_verb[i] = self._in_verbal_form(i)
        return self._is_verb[i]

    def _in_verbal_form(self, i: int) -> bool:
        if self.kind(i) != WORD or self.text(i - 1) in DETERMINERS:
            return False
        text = self.text(i)
        for base in verbs.bases(text):
            if base in self._known:
                after_name = self.kind(i - 1) == NAME or (self.text(i - 1) in AND and self.begins_nouns(i + 1))
                if text != base and (after_name or not text.endswith("s")):
                    return True
                if text == base and self.text(i - 1) in BEFORE_BASE:
                    return True
        return False

    def is_finite(self, i: int) -> bool:
        """Whether a token is an auxiliary of a clause by itself, and of none that “which” or “who” begins before it."""
        before = (self.text(k) for k in range(i - 1, max(i - _RELATIVE, 0), -1))
        return self.kind(i) == WORD and self.text(i) in FINITE and RELATIVES.isdisjoint(before)

    def is_auxiliary(self, i: int) -> bool:
        """Whether a form of “to have” stands before the participle of a verb: “has offered Bali”, “have been to”.

        Not before one that may be an adjective: “have strained relations”.
        """
        at = self.after_adverbs(i + 1)
        text, after = self.text(at), self.after_adverbs(at + 1)
        if text == "been":
            return True
        participle = any("participle" in form_names(base, text) for base in verbs.bases(text))
        ends = self.is_boundary(after) or self.kind(after) == MARK or self.text(after) in PREPOSITIONS
        return self.kind(at) == WORD and participle and (ends or self.begins_nouns(after))

    def is_noun_here(self, i: int, bases: frozenset[str]) -> bool:
        """Whether a form of verbs is a noun where it stands: “by the end of May”, “Plans to build it”."""
        text, before = self.text(i), self.text(i - 1)
        if text in PARTICLES and before not in BEFORE_BASE and not self.begins_nouns(i + 1):
            return True  # “broke down”, “came back”
        if text.endswith(("ed", "ing")) or not any(text in (base, verbs.forms(base).third) for base in bases):
            return False
        if self.tokens[i].capital and not self.is_boundary(i - 1) and not self._is_title:
            return True  # “the European Commission”
        if self._is_subject(i):
            return True  # “work is to begin”
        if self.text(i + 1) in _OF_FIELDS and text in bases:
            return True  # “the Lao finance ministry”
        if self.kind(i - 1) == NAME:
            return False
        if before in BEFORE_NOUN or self.kind(i - 1) == GENITIVE or (before in PREPOSITIONS and before != "to"):
            return True
        if self._is_singular(i - 1) and all(form_names(base, text) == {"base"} for base in bases):
            return True  # “a pension fund”: they fund, it funds
        return self.is_boundary(i - 1) and self.text(i + 1) in ("to", "for", "of") and text.endswith("s")

    def _is_subject(self, i: int) -> bool:
        """Whether a word stands right before an auxiliary: not “who work are”, nor “what they plan is”."""
        near = {self.text(k) for k in range(i - _RELATIVE, i)}
        return self.text(i + 1) in _OF_OTHERS and near.isdisjoint(RELATIVES | {"what"})

    def _is_singular(self, i: int) -> bool:
        """Whether a word is a noun in the singular or an adjective, after which no verb is in its base form."""
        text = self.text(i)
        if self.kind(i) != WORD or text in STOPS or text in AND or self.is_adverb(i) or text.isdigit():
            return False
        plural = (
            self.tokens[i].capital or text in PLURALS or (text.endswith("s") and not text.endswith(("ss", "us", "is")))
        )
        return not plural and verbs.bases(text).isdisjoint(BEFORE_BARE)

    @cached_property
    def _is_title(self) -> bool:
        """Whether long words begin with a capital, as in some headings."""
        return all(t.capital for t in self.tokens if t.kind == WORD and len(t.text) > 4 and t.text not in STOPS)

    def begins_nouns(self, i: int) -> bool:
        """Whether a noun phrase begins at a token: a name, an article or the like, a pronoun."""
        return self.kind(i) == NAME or self.text(i) in DETERMINERS or self.text(i) in PERSONAL
