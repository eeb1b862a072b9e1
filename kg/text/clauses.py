"""Clauses of English news prose: noun phrases with the things that they name, and verb groups.

Both are found from function words (`kg.text.words`), the forms of the verbs that are asked for, and names whose places
are given; there is no dictionary and no model. Where a phrase cannot be told from these, its filler is open: it names
nothing for sure. Each search goes at most WINDOW tokens, so that reading a text takes time linear in its length.
"""

from collections.abc import Container, Iterable

from kg.text import verbs
from kg.text.parts import Filler, Group, Nouns
from kg.text.tokens import Tokens
from kg.text.verbs import form_names
from kg.text.words import (
    ADDING,
    ADJECTIVES_TO,
    AND,
    APPROXIMATE,
    ASIDES,
    ASKING,
    BE,
    BEGINNING,
    CURRENCY_SIGNS,
    DENYING,
    DETERMINERS,
    DO,
    EFFORTS,
    ENDING,
    FINITE,
    FINITE_BE,
    GENITIVE,
    HAVE,
    INTENDING,
    MARK,
    MAY,
    NAME,
    NOT,
    OF_AMOUNT,
    OF_NAME,
    PERSONAL,
    PREPOSITIONS,
    SCHEDULED,
    STOPS,
    TRYING,
    WILL,
    WORD,
    Name,
)

_ASKED = 8  # tokens before “to” in which it is looked for a verb of asking
_IN_APPOSITION = """
    ambassador chairman chancellor colleague counterpart diplomat emir firm governor king lender mayor minister
    neighbour neighbor premier president queen secretary spokesman spokeswoman sultan trader utility
"""
_BEFORE_NAMES = frozenset(_IN_APPOSITION.split())  # nouns, and no verbs, before the name that they describe
_DESCRIBING = _BEFORE_NAMES | OF_NAME
WINDOW = 30  # tokens from a verb in which its subject and objects are looked for


class Clauses(Tokens):
    """The tokens of a text, and the phrases that can be found in it; each is kept, since patterns ask again."""

    def __init__(self, text: str, names: Iterable[Name] = (), known: Container[str] = ()) -> None:
        """Take a text, the names in it, and the base forms of verbs by which clauses are told apart."""
        super().__init__(text, names, known)
        self._nouns: dict[tuple[int, bool, bool, bool, bool], Nouns | None] = {}
        self._before: dict[tuple[int, int, bool, bool], Nouns | None] = {}

    # Noun phrases

    def nouns(
        self, i: int, *, genitive: bool = False, name: bool = False, inner: bool = False, amount: bool = False
    ) -> Nouns | None:
        """The noun phrase that begins at a token, with those joined to it; None where none does.

        With `genitive` one that ends before the ending of a genitive: “the regime” of “the regime’s allies”; with
        `name` one that ends with its first name: “Lorvia” of “sell Lorvia radars”; `inner` if it stands within another,
        so that a verb after it has that for its subject: “a pact signed by Lorvia and Sudmark gave”; `amount` if “of”
        comes after it in its own right: “30 per cent”, then “of the dam”.
        """
        asked = (i, genitive, name, inner, amount)
        if asked not in self._nouns:
            self._nouns[asked] = self._joined_nouns(*asked)
        return self._nouns[asked]

    def _joined_nouns(self, i: int, genitive: bool, name: bool, inner: bool, amount: bool) -> Nouns | None:
        first = self._one(i, genitive, name, amount)
        if first is None or genitive or name:
            return first
        fillers, end, pending = list(first.fillers), first.end, list[Nouns]()
        while end - i < WINDOW:
            at = self._after_aside(end) if self.text(end) == "(" else end
            joined, at = self._joined(at)
            if not joined:
                break
            item = self._one(at)
            is_apart = not inner and self.text(i - 1) != "between"  # which has both: “talks between A and B ended”
            if item is not None and joined != "," and is_apart and self._begins_clause(item.end):
                going = self.text(self.after_adverbs(item.end)).endswith("ing")  # “with Ostia leaving”
                if self.text(i - 1) in PREPOSITIONS and not going:  # “The pact of Ostia and Norland is”
                    fillers = [filler._replace(sure=False) for filler in fillers]
                break
            if item is None:
                break
            pending.append(item)
            end = item.end
            if joined != ",":
                fillers += [filler for other in pending for filler in other.fillers]
                first, pending = first._replace(end=end), []
        if pending and self._is_headline_list(i, first, pending):
            fillers = [f._replace(sure=False) for nouns in (first, *pending) for f in nouns.fillers]
        return first._replace(fillers=tuple(fillers))

    def _is_headline_list(self, i: int, first: Nouns, others: list[Nouns]) -> bool:
        """Whether names have commas between them where a heading leaves “and” out: “Egypt hosts Sudan, Ethiopia”."""
        end = others[-1].end
        closes = self.is_boundary(end) or self.text(end) in PREPOSITIONS
        named = all(self.kind(nouns.end - 1) == NAME for nouns in (first, *others))
        return named and closes and self.text(i - 1) not in PREPOSITIONS and self.text(len(self.tokens) - 1) != "."

    def _joined(self, i: int) -> tuple[str, int]:
        """By what another noun phrase is joined at a token, and where it begins; by nothing: empty."""
        if self._is_hyphen(i):
            return "and", i + 1
        after = i + 1 if self.text(i) in ASIDES else i
        if self.text(after) in AND:
            return "and", after + 1
        for words in ADDING.get(self.text(after), ()):
            if all(self.text(after + k) == word for k, word in enumerate(words)):
                return "and", after + len(words)
        return (",", i + 1) if self.text(i) == "," else ("", i)

    def _begins_clause(self, i: int) -> bool:
        """Whether a finite verb comes at a token, so that what stands before it is its subject."""
        i = self.after_adverbs(i)
        return self.text(i) in FINITE or self.is_verb(i)

    def _one(self, i: int, genitive: bool = False, name: bool = False, amount: bool = False) -> Nouns | None:
        """One noun phrase from a token on; its filler is what its last noun names."""
        start = i
        if self.text(i) in PERSONAL and not genitive:
            return Nouns(i, i + 1, (self._filler(i),))
        about = next((k for k in range(i, i + 5) if self.text(k) not in APPROXIMATE), i)
        text = self.text(about)
        counted = self.kind(about) == NAME or text.isdigit() or text in OF_AMOUNT or text in ("a", "an")
        i = about if counted else i  # “up to 200 million dollars”, “almost a year of quarrels”
        while self.text(i) in DETERMINERS and self.kind(i) == WORD:
            i += 1
        head, named = -1, -1
        while i - start < WINDOW:
            kind = self.kind(i)
            if kind == NAME:
                head = named = i
                if name:
                    return Nouns(start, i + 1, (self._filler(head),))
            elif kind == GENITIVE and head >= 0:
                if genitive:
                    return Nouns(start, i, (self._filler(head),))
                head = named = -1
            elif self.text(i) == "%" or (kind == WORD and self._is_noun(i) and not self._ends_name(i, head)):
                head = i
            elif self.text(i) not in CURRENCY_SIGNS:
                break
            i += 1
        if head < 0 or genitive or name:
            return None
        last = self.text(head).rpartition(" ")[2]  # of a name: “almost a year”
        of_name = last in OF_AMOUNT or (last in OF_NAME and self.kind(head) == WORD)
        if of_name and self.text(i) == "of" and not amount:
            inner = self._one(i + 1)
            if inner is not None and inner.fillers[0].known:
                return inner._replace(start=start)
        if (
            self.text(head) in _DESCRIBING
            and self.text(i) == ","
            and self.kind(i + 1) == NAME
            and self.text(i + 2) in (",", ".", "")
        ):
            end = i + 2 + (self.text(i + 2) == "," and self.text(i + 3) in PREPOSITIONS)  # “… , Estren, in May”
            return Nouns(start, end, (self._filler(i + 1),))  # “the capital, Estren, …”, “his counterpart, Ada Holm, …”
        if named == head - 1 >= 0:  # “Russia policy”, “Russia went”
            return Nouns(start, i, (self._filler(named, sure=False),))
        return Nouns(start, i, (self._filler(head, sure=not self._may_be_object(start, head)),))

    def _may_be_object(self, start: int, head: int) -> bool:
        """Whether a name may be the object of an unknown verb: “Lorvia pleases Sudmark”, “disputes pit Lorvia”.

        That verb has an -s itself, or the plural before it has.
        """
        words = [k for k in (head - 2, head - 1) if k >= start and self.kind(k) == WORD]
        plural = any(self.text(k).endswith("s") and not self.text(k).endswith("ss") for k in words)
        return self.kind(head) == NAME and head - 1 in words and plural

    def _ends_name(self, i: int, head: int) -> bool:
        """Whether a word after a name begins something else: “Turkey fighting”, “Russia backed”."""
        return head == i - 1 >= 0 and self.kind(head) == NAME and self.text(i).endswith(("ing", "ed"))

    def _filler(self, i: int, sure: bool = True) -> Filler:
        token = self.tokens[i]
        return Filler(token.start, token.end, token.things if token.kind == NAME else frozenset(), sure)

    def nouns_before(self, i: int, *, depth: int = 3, modifies: bool = False, owns: bool = False) -> Nouns | None:
        """The noun phrase whose last token is `i`, with those that are joined to it on the left.

        Of “ministers from Turkey” it is the ministers. If it `modifies` a noun, it is not joined to what stands before
        its determiner: “Erdogan and his Russian counterpart”; if it `owns` one, not to what has a genitive itself.
        """
        asked = (i, depth, modifies, owns)
        if asked not in self._before:
            self._before[asked] = self._joined_nouns_before(*asked)
        return self._before[asked]

    def _joined_nouns_before(self, i: int, depth: int, modifies: bool, owns: bool) -> Nouns | None:
        items: list[Nouns] = []
        joined, last = "", i
        while last >= 0 and i - last < WINDOW:
            last = self._before_aside(last) if self.text(last) == ")" else last
            if not self._is_nominal(last):
                break
            start = self._start(last)
            under = self.text(start - 1) if self.text(start - 1) in PREPOSITIONS else ""
            parallel = joined and owns and any(self.kind(k) == GENITIVE for k in range(start, last))
            if parallel or (joined == "," and (under or self.is_verb(start - 1))):
                break  # “in Ankara, Putin and Erdogan”
            items.insert(0, Nouns(start, last + 1, (self._filler(last, not self._is_clause(start, last)),), under))
            alone = under or (modifies and self.text(start) in DETERMINERS)
            joined, last = ("", -1) if alone else self._joined_before(start - 1, joined)
        if not items:
            return self._pronoun(i)
        first = items[0]
        if len(items) > 1 and (self.is_verb(first.start - 1) or (first.under and self.is_verb(first.start - 2))):
            items = items[-1:]  # “siding with Assad and Turkey supporting …”
        elif first.under and first.under not in ("for", "as", "than") and depth and self._is_nominal(first.start - 2):
            outer = self.nouns_before(first.start - 2, depth=depth - 1)
            if outer is not None:
                return outer._replace(end=i + 1)
        fillers = [filler for item in items for filler in item.fillers]
        if len(items) > 1 and not items[0].fillers[0].sure:
            fillers = [filler._replace(sure=False) for filler in fillers]
        return Nouns(items[0].start, i + 1, tuple(fillers), items[0].under)

    def _joined_before(self, i: int, joined: str) -> tuple[str, int]:
        """By what a noun phrase that ends before token `i` + 1 is joined to one on its left, and where that ends."""
        if self._is_hyphen(i):
            return "and", i - 1
        if self.text(i) in AND:
            return "and", i - 2 if self.text(i - 1) == "," else i - 1
        return (",", i - 1) if self.text(i) == "," and joined else ("", -1)

    def _is_hyphen(self, i: int) -> bool:
        """Whether a token joins two names: “Turkish-Russian”, “Turkey – Russia”."""
        return self.text(i) in ("-", "–") and self.kind(i - 1) == NAME and self.kind(i + 1) == NAME

    def _pronoun(self, i: int) -> Nouns | None:
        if self.kind(i) == WORD and self.text(i) in PERSONAL:
            return Nouns(i, i + 1, (self._filler(i),))
        return None

    def _is_clause(self, start: int, last: int) -> bool:
        """Whether a noun phrase may hide a verb that is not known: “Turkey bombs Syria”.

        A noun that stands before names is no verb: “his Lorvian counterpart Ada Holm”.
        """
        if self.text(last - 1) in _BEFORE_NAMES:
            return False
        names = [k for k in range(start, last) if self.kind(k) == NAME and self.kind(k + 1) == WORD]
        return any(not self.tokens[k + 1].capital for k in names) and self.kind(last) == NAME

    def _is_nominal(self, i: int) -> bool:
        return self.kind(i) == NAME or self._is_noun(i)

    def _is_noun(self, i: int) -> bool:
        text = self.text(i)
        if self.kind(i) != WORD or text in STOPS or text in DETERMINERS:
            return False
        return not self.is_adverb(i) and not self.is_verb(i)

    def _start(self, i: int) -> int:
        """The first token of the noun phrase whose last token is `i`: names and words before it, and a determiner."""
        start = i
        while i - start < WINDOW and (self._is_nominal(start - 1) or self.kind(start - 1) == GENITIVE):
            start -= 1
        while self.text(start - 1) in DETERMINERS and self.kind(start - 1) == WORD:
            start -= 1
        return start

    # Asides

    def _after_aside(self, i: int) -> int:
        """The token after an aside in parentheses that begins at a token; the token itself where it does not end."""
        for end in range(i + 1, min(i + WINDOW, len(self.tokens))):
            if self.text(end) == ")":
                return end + 1
        return i

    def _before_aside(self, i: int) -> int:
        for start in range(i - 1, max(i - WINDOW, -1), -1):
            if self.text(start) == "(":
                return start - 1
        return i

    def added(self, i: int) -> tuple[Filler, ...]:
        """What an aside that begins after token `i` adds to the noun phrase before it: “– along with Iran –”."""
        joined, at = self._joined(i)
        nouns = self._one(at) if joined == "and" else None
        return nouns.fillers if nouns is not None else ()

    def after_mark(self, i: int) -> int:
        """The token after an aside that begins at a comma, a dash or “(”; -1 where it does not end in the sentence."""
        closing = ")" if self.text(i) == "(" else self.text(i)
        for end in range(i + 1, min(i + WINDOW, len(self.tokens))):
            if self.is_boundary(end):
                break
            if self.text(end) == closing:
                return end + 1
        return -1

    def before_aside(self, i: int) -> int:
        """The last token before an aside between two commas or dashes of which the second is token `i`; else -1.

        An aside may have commas of its own: then what stands before the first of them, if it begins the sentence.
        """
        nearest = -1
        for start in range(i - 1, max(i - WINDOW, -1), -1):
            if self.is_boundary(start):
                break
            if self.text(start) == self.text(i) and start < i - 1:
                if nearest < 0 and self._begins_another(start - 1):
                    return start - 1
                nearest = nearest if nearest >= 0 else start - 1
                if self._is_nominal(start - 1) and self.is_boundary(self._start(start - 1) - 1):
                    return start - 1
        return nearest

    def _begins_another(self, i: int) -> bool:
        """Whether a noun phrase whose last token is `i` begins a clause: “…, and its minister, Ada Holm, said”."""
        before = self._start(i) - 1 if self._is_nominal(i) else -1
        return before > 0 and self.text(before) in ("and", "but", "while") and self.text(before - 1) == ","

    # Verb groups

    def group(self, i: int, form: frozenset[str]) -> list[Group]:
        """How the verb at a token may be read; `form` are the names of the forms that it may be (`verbs.Forms`)."""
        found: list[Group] = []
        at = self.before_adverbs(i - 1)
        negated = any(self.text(k) in NOT for k in range(at + 1, i))
        longer = self.text(at) == "longer" and self.text(at - 1) == "no"
        if longer:
            at = self.before_adverbs(at - 2)
        text = self.text(at)
        if "ing" in form:
            if text in BE and self.kind(at) == WORD:
                found.append(self._be(at, "progressive", False))
            elif bases := self._verb(at, ENDING | BEGINNING | DENYING):
                outer = self._control(at, bases)
                found += [outer._replace(ended=True)] if bases & ENDING else [outer]
            else:
                without = text == "without"
                found.append(Group(at if without else i, "participle", negated=without, finite=False))
        if "participle" in form and self.kind(at) == WORD and text in BE:
            found.append(self._be(at, "present", True))
        elif "participle" in form and self.kind(at) == WORD and text in HAVE:
            found.append(self._have(at))
        else:
            found += [Group(i, "past")] * ("past" in form)
            found += [Group(i, "participle", passive=True, finite=False)] * ("participle" in form)
        found += self._base(i, at) if "base" in form else []
        found += [Group(i, "present")] * ("third" in form)
        after = self.after_adverbs(i + 1)
        negated |= self.text(i) in FINITE_BE and any(self.text(k) in NOT for k in range(i + 1, after))
        over = longer or (self.text(i) in FINITE_BE and self.text(after) == "no" and self.text(after + 1) == "longer")
        tense = self._tense_of_be(i, after)
        found = [g._replace(negated=g.negated or negated, ended=g.ended or over, tense=tense or g.tense) for g in found]
        return [g._replace(start=at + 1) if longer and g.start == i else g for g in found]

    def _tense_of_be(self, i: int, after: int) -> str:
        """What a form of “to be” tells by itself: “is due in”, “have been allies”; empty where nothing is special."""
        if self.text(i) == "been":
            return "present"
        planned = self.text(i) in FINITE_BE and self.text(after) in SCHEDULED and self.text(after + 1) != "to"
        return ("possible" if self.text(i) in ("was", "were") else "planned") if planned else ""

    def _verb(self, i: int, wanted: frozenset[str]) -> frozenset[str]:
        return verbs.bases(self.text(i)) & wanted if self.kind(i) == WORD else frozenset()

    def _be(self, i: int, tense: str, passive: bool) -> Group:
        """The group whose form of “to be” is token `i`, before an -ing form or a participle."""
        text, at = self.text(i), self.before_adverbs(i - 1)
        negated = any(self.text(k) in NOT for k in range(at + 1, i))
        before = self.text(at)
        if text == "being" and before in BE:
            return self._be(at, "progressive", passive)._replace(passive=passive)
        if text == "been" and before in HAVE:
            have = self._have(at)
            return have._replace(passive=passive, negated=negated or have.negated)
        if text == "be":
            return self._infinitive(i, at)._replace(passive=passive)
        if text in FINITE_BE:
            past = text in ("was", "were")
            told = "past" if past else tense
            return Group(i, told, passive=passive, negated=negated)
        going_on = text == "being" and passive  # “the plant being built”
        tense = "progressive" if going_on else "participle"
        return Group(i, tense, passive=passive, finite=False, negated=negated)

    def _have(self, i: int) -> Group:
        at = self.before_adverbs(i - 1)
        negated = any(self.text(k) in NOT for k in range(at + 1, i))
        if self.text(i) == "have" and self.text(at) in MAY:
            return Group(at, "possible", negated=negated)
        if self.text(i) == "have" and self.text(at) == "to":
            return Group(at - 1 if self.text(at - 1) in BE else at, "possible", negated=negated)
        if self.text(i) == "have" and self.text(at) in WILL:
            return Group(at, "planned", negated=negated)
        former = self.text(i) == "had"
        return Group(i, "perfect" if self.text(i) != "having" else "participle", negated=negated, former=former)

    def _base(self, i: int, at: int) -> list[Group]:
        """The readings of a base form; `at` is the token before it and its adverbs."""
        text = self.text(at)
        if self.kind(at) == WORD and (text in WILL or text in MAY or text in DO or text == "to"):
            return [self._infinitive(i, at)]
        return [Group(i, "present")]

    def _infinitive(self, i: int, at: int) -> Group:
        """The group of a base form at `i`, with what stands before it at `at`: “will”, “may”, “is due to”."""
        text = self.text(at)
        negated = text in NOT or any(self.text(k) in NOT for k in range(at, i))
        if text in WILL:
            return Group(at, "planned", negated=negated)
        if text in MAY:
            return Group(at, "possible", negated=negated)
        if text in DO:
            return Group(at, "past" if text == "did" else "present", negated=negated)
        if text != "to":
            return Group(i, "present", negated=negated)
        before = self.before_adverbs(at - 1)
        negated = negated or any(self.text(k) in NOT for k in range(before + 1, at))
        word = self.text(before)
        if self.text(at - 1) == "yet" and self.kind(before) == WORD and word in HAVE | BE:
            return Group(before, "planned", negated=True)
        if word in ADJECTIVES_TO and self.kind(before) == WORD:
            back = self.before_adverbs(before - 1)
            negated = negated or word.startswith("un") or self.text(back) in NOT
            if self.text(back) in BE:
                outer = self._be(back, "planned", False)
                past = outer.tense == "past" or outer.former
                return Group(outer.start, "possible" if past else "planned", negated=negated or outer.negated)
            return Group(before, "planned", negated=negated)
        if word in FINITE_BE and self.kind(before) == WORD:
            past = word in ("was", "were")
            return Group(before, "possible" if past else "planned", negated=negated)
        if word == "used" and self.kind(before) == WORD:
            return Group(before, "past", ended=True)
        if bases := self._verb(before, INTENDING | DENYING | ENDING | BEGINNING):
            outer = self._control(before, bases)
            if bases & TRYING and self._verb(i, EFFORTS) and outer.finite:
                return outer._replace(negated=outer.negated or negated)  # “is attempting to mediate”
            if bases & INTENDING:
                outer = outer._replace(tense="planned" if outer.tense != "possible" else "possible")
            return outer._replace(negated=outer.negated or negated or bool(bases & DENYING))
        asked = self._is_asked(before)
        return Group(at, "planned" if asked else "infinitive", negated=negated, finite=False)

    def _is_asked(self, i: int) -> bool:
        """Whether what ends at a token is asked of somebody: “invited the King to visit”, “called on Narvia to …”."""
        for at in range(i, max(i - _ASKED, -1), -1):
            if self._verb(at, ASKING):
                return True
            if self.kind(at) == MARK or self.text(at) in FINITE or self.is_verb(at):
                return False
        return False

    def _control(self, i: int, bases: frozenset[str]) -> Group:
        """The group of a verb that governs another: “agreed” of “agreed to buy”."""
        form = frozenset(name for base in bases for name in form_names(base, self.text(i)))
        groups = [g for g in self.group(i, form) if g.finite and not g.passive] or [Group(i, "past")]
        return groups[0]
