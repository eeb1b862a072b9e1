"""English verbs that report what somebody says or thinks, as patterns.

The classes are those of Levin, English Verb Classes and Alternations (1993), with the numbers that VerbNet has kept:
29.4 and 29.5 (declare, conjecture), 37.2 to 37.4 and 37.6 to 37.9 (tell, manner of speaking, instrument, chitchat, say,
complain, advise), without those of which news make no report of speech, those that do what they say (declare, promise,
rule), and those of what is known to be so (discover, learn). Most of them have other senses, too: an ambassador is
recalled, an army maintained. So only a few report whatever comes after them.
"""

from collections.abc import Iterable

from kg.text.verbs import forms, spellings

# These report any clause.
_SURE = "say tell add argue believe deny insist stress warn write note explain"
# These report what is said by “that”, or beside them: “the lake is ours, she recalls”.
_BY_THAT = """
acknowledge admit advise affirm allege assert assess assume assure attest avow bemoan boast brag calculate caution
comment complain concede concur confess confide confirm contend deduce doubt elaborate emphasise emphasize estimate
exclaim expect fear feel fret fume gloat gripe grouse grumble guess hint hope imply indicate infer insinuate interject
intimate joke judge lament maintain mention moan mumble murmur muse mutter object observe opine postulate predict
presume profess protest quip reassure recall reckon recollect recount regret reiterate remark repeat reply report
respond retort reveal roar scoff shout signal speculate state suggest suppose surmise suspect sympathise testify think
thunder underline underscore venture vouch wail whine whisper worry yell
"""
# By these somebody has words for a thing: “called the plan a gift”, “denounced it as a gift” (Levin 29.1 to 29.3, 33).
_CALLING = "brand call deem dub label term"
_REGARDING = """
brand caricature cast characterise characterize condemn criticise criticize decry denounce depict deride describe
dismiss hail label lambast mock paint portray praise present regard ridicule see slam
"""


def _alternation(bases: Iterable[str], *, plain: bool) -> str:
    """The finite forms of verbs, or with `plain` those of their base, as a pattern."""
    found = {form for base in bases for form in ([base] if plain else [forms(base).third, forms(base).past])}
    return "|".join(sorted(found, key=lambda form: (-len(form), form)))


CALLING, REGARDING = (
    "|".join(sorted(form for base in bases.split() for form in spellings(base))) for bases in (_CALLING, _REGARDING)
)
SURE = _alternation(_SURE.split(), plain=False) + "|say|saying|believe"
BY_THAT = _alternation(_BY_THAT.split(), plain=False)
PLAIN = _alternation([*_SURE.split(), *_BY_THAT.split()], plain=True)  # after a plural: “officials insist that”
# What somebody is, before “that”: “is convinced that the lake is ours”.
MINDED = (
    "adamant|afraid|certain|concerned|confident|convinced|doubtful|hopeful|optimistic|sceptical|skeptical|sure|worried"
)
