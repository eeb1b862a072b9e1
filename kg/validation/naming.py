"""Checks that words name the things of their facts, and names one thing each (model, rules 30 and 33)."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.labels import fold
from kg.dataset.named import ArticleNames, Names
from kg.findings import Check, Finding
from kg.rdf.namespaces import ALT_LABEL, DCTERMS, ENT, ID, RDF_TYPE, RDFS_LABEL, SKOS, compact, local_name, short
from kg.rdf.terms import iri
from kg.source.article import MENTIONED, Evidence, Passage
from kg.text import phrases
from kg.text.verbs import is_predicate

UNNAMED_THING = Check(
    "unnamed-thing",
    "The words of a passage, or of one that it is read with (ent:readWith), name the things in its facts.",
    "A true quote beside a fact about somebody whom it does not name proves nothing.",
    wrong="ent:buyer id:belmar ;",
    right="ent:buyer id:lorvia ;",
    severities=("warning",),
)
NAME_OF_ANOTHER = Check(
    "name-of-another",
    "A label or an alias is not that of another thing, and an office is not called after another state than its own.",
    "Whoever asks by that name gets the wrong thing, and words that name the one would count as naming the other.",
    wrong='id:sudmark a ent:State ; rdfs:label "Sudmark"@en , "Ana Tarn"@en .',
    right='id:sudmark a ent:State ; rdfs:label "Sudmark"@en .',
    severities=("warning",),
)
VERB_LABEL = Check(
    "verb-label",
    "The label of an event or a relation is a noun: “withdrawal of its consent”.",
    "Sentences put it where a noun stands, and “Withdrew its consent took place in May” is none.",
    wrong='id:support-for-rebels a ent:Support ; rdfs:label "backed the rebels"@en ;',
    right="id:support-for-rebels a ent:Support ;",
    severities=("warning",),
)
NO_LEXICON = Check(
    "no-lexicon",
    "There is a lexicon (ontology/lexicon.*.ttl) for the language of each article.",
    "Without one, nothing is compared with the words but quotes, dates and numbers.",
    wrong='dcterms:language "tr" ;',
    right='dcterms:language "en" ;',
    severities=("info",),
)

_NAMES = frozenset({RDF_TYPE, RDFS_LABEL, ALT_LABEL})
_OFFICE = ENT + "Office"


def check_names(made: Build, names: Names) -> Iterator[Finding]:
    """Things in facts that no words of their passages name, misleading mentions, and names of other things."""
    for article in made.evidence:
        if not names.language(article):
            yield from _without_lexicon(article)
            continue
        found = names.of(article)
        yield from _misleading(article, found, names)
        for passage in article.passages:
            if found.is_whole(passage):  # else a finding already
                yield from _unnamed(article, passage, found)
        yield from _names_of_others(article, names)


def _without_lexicon(article: Evidence) -> Iterator[Finding]:
    stated = [t for t in article.description if t.predicate.value == DCTERMS + "language"]
    for t in stated[:1]:
        message = f"there is no lexicon for “{getattr(t.object, 'value', '')}”: facts are not compared with words"
        hint = "check by hand that the quotes name the things and say the facts"
        place = (t.subject, t.predicate, t.object)
        yield article.article.facts.finding(NO_LEXICON, message, hint=hint, graph="", triple=place)


_COUNTS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def _misleading(article: Evidence, names: ArticleNames, known: Names) -> Iterator[Finding]:
    """Mentions whose words are a name of something else, or say another number of things.

    An office may mean who holds it: “Sudmark’s foreign minister”.
    """
    for mention in article.mentions:
        counted = next((w for w in mention.words.lower().split()[:3] if w in _COUNTS), "")
        count, problem = len(mention.things), ""
        named = names.of_name(mention.words)
        if named and named.isdisjoint(mention.things) and not known.holders(named) & set(mention.things):
            problem = f"“{mention.words}” is a name of {compact(min(named))}"
            hint = "a mention is for words that are no name: take it out, or correct ent:refersTo"
            if offices := sorted(x for x in named if _OFFICE in known.kinds(x)):
                who = " , ".join(map(compact, mention.things))
                office = compact(offices[0])
                hint = f"say who holds the office: id:… a ent:Tenure ; ent:holder {who} ; ent:office {office}"
        elif counted and count != _COUNTS[counted]:
            problem = f"“{mention.words}” says {counted}, and refers to {count} thing{'s' * (count != 1)}"
            hint = "name each thing that the words mean with ent:refersTo"
        if problem:
            place = (NamedNode(mention.iri), NamedNode(ENT + "refersTo"), None)
            message = f"{short(mention.iri)}: {problem}"
            more = {"hint": hint, "graph": "", "severity": "warning"}
            yield article.article.facts.finding(MENTIONED, message, triple=place, **more)


def _unnamed(article: Evidence, passage: Passage, names: ArticleNames) -> Iterator[Finding]:
    """The things of a passage that nothing names, each where it stands first."""
    named, introduced = names.things(passage), names.introduced(passage)
    seen: set[str] = set()
    for t in passage.triples:
        for thing, role in ((iri(t.object), True), (iri(t.subject), False)):
            if not thing.startswith(ID) or thing in seen or thing in named or t.predicate.value == RDF_TYPE:
                continue
            if thing in introduced and not (role and names.needs_name(thing)):
                continue
            if not names.has_kind(thing) or (names.needs_name(thing) and not names.has_name(thing)):
                continue  # a finding already
            if not role and t.predicate.value in _NAMES:
                continue  # a name that stands in the quote
            seen.add(thing)
            yield _finding(article, passage, t, thing, role)


def _finding(article: Evidence, passage: Passage, t: Triple, thing: str, role: bool) -> Finding:
    name = compact(thing)
    stands = f"the {local_name(t.predicate.value)} of {compact(iri(t.subject))}" if role else "of which this is a fact"
    message = f"{short(passage.iri)}: the words name no {name}, {stands}"
    hint = (
        "if it is meant: read the passage with one that names it (ent:readWith), add an alias with its words, or a"
        f" mention: p:… a ent:Mention ; ent:mentionIn {short(passage.iri)} ; ent:quote “…” ; ent:refersTo {name}"
    )
    place = (t.subject, t.predicate, t.object) if role else (t.subject, None, None)
    graph = NamedNode(passage.iri).value
    return article.article.facts.finding(UNNAMED_THING, message, hint=hint, graph=graph, triple=place)


# Names of other things

STATE, PLACE = ENT + "State", ENT + "Place"
_LABELS = frozenset({RDFS_LABEL, ALT_LABEL})
# By class, what shares its names: “talks” or “President” may be several, “Turkey” is one thing.
_FAMILIES = {
    ENT + "Person": "person",
    STATE: "state",
    ENT + "Organisation": "organisation",
    PLACE: "place",
    ENT + "InfrastructureProject": "project",
    ENT + "WeaponsSystem": "weapon",
    ENT + "Commodity": "commodity",
    ENT + "Office": "office",
    ENT + "Quantity": "quantity",
    SKOS + "Concept": "concept",
    ENT + "Event": "happening",
    ENT + "Relation": "happening",
}
_NAMES_OF_THEIR_OWN = frozenset({"organisation", "person", "place", "project", "state"})
# A city gives its name to a government or a company, an island to a state.
_MAY_SHARE = frozenset(map(frozenset, [("place", "organisation"), ("place", "state"), ("concept", "commodity")]))
_OF_ONE = tuple(ENT + name for name in ("bodyOf", "governmentOf", "heads", "officeOf"))
_BELONGS = tuple(
    ENT + name for name in ("bodyOf", "governmentOf", "heads", "locatedIn", "officeOf", "origin", "unitOf")
)
_OF_A_STATE = tuple(ENT + name for name in ("borderOf", "governmentOf", "heads", "officeOf", "origin"))


def _names_of_others(article: Evidence, names: Names) -> Iterator[Finding]:
    """Labels of an article that are names of another thing in it, and offices that are called after another state."""
    found, told = names.of(article), set[tuple[str, str]]()
    owners: dict[str, set[str]] = {}
    for thing in found.all:
        for name in names.names(thing):
            owners.setdefault(fold(name), set()).add(thing)
    for passage in article.passages:
        for t in passage.triples:
            thing, label = iri(t.subject), t.object
            if t.predicate.value not in _LABELS or not isinstance(label, Literal) or not thing.startswith(ID):
                continue
            if (thing, label.value) in told:
                continue
            told.add((thing, label.value))
            if is_predicate(label.value) and _family(thing, names) == "happening":
                yield _verbal(article, passage, t, label.value)
            others = (
                x
                for x in sorted(owners.get(fold(label.value), ()))
                if not _may_share(thing, x, label.value, found, names)
            )
            problem = next((f"is a name of {compact(x)} as well" for x in others), "")
            problem = problem or _of_another_state(thing, label.value, found, names)
            if problem:
                yield _named(article, passage, t, f"“{label.value}”, a name of {compact(thing)}, {problem}")


def _verbal(article: Evidence, passage: Passage, t: Triple, label: str) -> Finding:
    hint = "write it as ent:wording; a label, if there is one, is a noun with words of a quote: “withdrawal of consent”"
    message = f"{short(passage.iri)}: “{label}”, a name of {compact(iri(t.subject))}, is a verb and no noun"
    place = (t.subject, t.predicate, t.object)
    return article.article.facts.finding(VERB_LABEL, message, hint=hint, graph=passage.iri, triple=place)


def _named(article: Evidence, passage: Passage, t: Triple, problem: str) -> Finding:
    hint = "take it out where it is a mistake; else let the two names differ, each with words of a quote"
    place = (t.subject, t.predicate, t.object)
    message = f"{short(passage.iri)}: {problem}"
    return article.article.facts.finding(NAME_OF_ANOTHER, message, hint=hint, graph=passage.iri, triple=place)


def _may_share(thing: str, other: str, label: str, found: ArticleNames, names: Names) -> bool:
    """Whether two things may have one name: they are beside each other, or of kinds that share names.

    A place may be called as a state is, but not besides another name.
    """
    if thing == other or names.are_beside(thing, other):
        return True
    one, two = _family(thing, names), _family(other, names)
    first, *rest = label.split() or [""]
    is_proper = any(word[:1].isupper() for word in rest) or (bool(rest) and bool(found.of_name(first)))
    is_plural = not is_proper and phrases.is_plural(label, of_place=False)
    if one == two and is_plural and _differ(thing, other, names):
        return True  # “the intelligence services” of two states
    if one == two:
        own = one in _NAMES_OF_THEIR_OWN or (is_proper and one != "office")  # “Foreign Minister” is several
        return not own or (one == "person" and " " not in label)
    if {one, two} == {"place", "state"} and any(names.labels(x) - {label} for x in (thing, other)):
        return False
    if {one, two} == {"concept", "happening"}:
        return not is_proper
    return (not (one and two) and not is_proper) or frozenset((one, two)) in _MAY_SHARE


def _differ(thing: str, other: str, names: Names) -> bool:
    """Whether two things are told apart by that to which they belong."""
    pairs = ((names.values(thing, p), names.values(other, p)) for p in _BELONGS)
    return any(one and another and one.isdisjoint(another) for one, another in pairs)


def _family(thing: str, names: Names) -> str:
    kinds = names.kinds(thing)
    return next((family for kind, family in _FAMILIES.items() if kind in kinds), "")


def _of_another_state(thing: str, label: str, found: ArticleNames, names: Names) -> str:
    """What is wrong with a label that names a state, of a thing that belongs to another state; else empty."""
    called = {
        x for match in found.in_text(label) if label[match.end : match.end + 1] != "-" for x in match.iris if x != thing
    }
    states = {x for x in called if STATE in names.kinds(x)}
    if not states:
        return ""
    own = {value for predicate in _OF_A_STATE for value in names.values(thing, predicate)}
    own = {state for value in own for state in (value, *names.around(value)) if STATE in names.kinds(state)}
    if own and not states & own:
        return f"names {compact(min(states))}, and it belongs to {compact(min(own))}"
    for owner in sorted(value for predicate in _OF_ONE for value in names.values(thing, predicate)):
        if called.isdisjoint((owner, *names.around(owner))):
            return f"names {compact(min(states))}, and it belongs to {compact(owner)} as well"
    return ""
