"""Lint of the ontology: terms that are not declared or not used, circular hierarchies, axioms outside OWL 2 RL.

An axiom about a term that nothing declares infers nothing, without an error; an axiom outside OWL 2 RL (W3C OWL 2
Profiles §4.2), where the side of an axiom decides what may be said of a class, is ignored by reasoners for the profile.
Labels, definitions and names of terms are validated by shapes (`shapes/authoring/ontology.ttl`).
"""

from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import combinations

from pyoxigraph import BlankNode, Literal

from kg.dataset import lexicon as lexicons
from kg.dataset.build import OUTSIDE_PROFILE, Statement, outside_profile, statements
from kg.dataset.lexicon import Lexicon, Marked, marked
from kg.errors import InputError, did_you_mean
from kg.findings import Check, Finding
from kg.pictures import families
from kg.rdf.namespaces import DCTERMS, ENT, OWL, RDF, RDF_TYPE, RDFS, SH, SKOS, XSD, compact, local_name, suggest
from kg.rdf.terms import Term, cells, iri
from kg.rdf.tokens import line_column
from kg.reasoning.profile import MAXIMA
from kg.source.documents import Document
from kg.text.clauses import Clauses
from kg.text.matching import Match, Matcher
from kg.text.parts import TENSES
from kg.text.patterns import THIS, parse
from kg.text.words import Name

IMPORTS = Check(
    "imports",
    "The whole ontology is in ontology/, without owl:imports.",
    "Nothing is fetched: the result would depend on what another server gives today.",
    wrong="<https://w3id.org/entente/ontology> owl:imports <http://www.w3.org/2004/02/skos/core> .",
    right="ent:City skos:closeMatch <http://dbpedia.org/ontology/City> .",
)
FUSING_AXIOM = Check(
    "fusing-axiom",
    "No axiom infers owl:sameAs, as functional properties, keys and maximum cardinalities of 1 do.",
    "Where two articles disagree, two people would become one instead of a finding.",
    wrong="ent:holder a owl:FunctionalProperty .",
    right="# In shapes/: sh:path ent:holder ; sh:maxCount 1 .",
    severities=("warning",),
)
UNDECLARED_TERM = Check(
    "undeclared-term",
    "Axioms and shapes use terms that are declared, as what they are declared.",
    "An axiom about a misspelt class is no error in OWL: it infers nothing.",
    wrong="ent:City rdfs:subClassOf ent:Plase .",
    right="ent:City rdfs:subClassOf ent:Place .",
)
TWO_KINDS = Check(
    "two-kinds",
    "A property is an object property, a datatype property or an annotation property, and only one of them.",
    "Tools that expect things and tools that expect literals would each see a part of the facts.",
    wrong="ent:buyer a owl:DatatypeProperty .",
    right="ent:buyer a owl:ObjectProperty .",
)
CIRCULAR_WORDS = Check(
    "circular-words",
    "No class or property is a subclass or subproperty of itself by way of others.",
    "All terms of the circle would mean the same (OWL 2 RL, scm-eqc2).",
    wrong="ent:Place rdfs:subClassOf ent:City .",
    right="ent:City rdfs:subClassOf ent:Place .",
)
UNUSED_WORD = Check(
    "unused-word",
    "Each term is used by a fact, a shape or a query, or has a skos:scopeNote that says what it is for.",
    "An unused term has never been tried, and once it is published it cannot be removed.",
    wrong='ent:Lake a owl:Class ; rdfs:label "lake"@en .',
    right='ent:Lake a owl:Class ; rdfs:label "lake"@en ; skos:scopeNote "For articles on water."@en .',
    severities=("info",),
)
PATTERN = Check(
    "pattern",
    "Patterns and cues of the lexicon are written as kg/text/patterns.py says, with roles and tenses that there are.",
    "What cannot be read matches nothing: the facts would go unchecked without a word.",
    wrong='ent:Support ent:pattern "{backer} *back {baked}"@en .',
    right='ent:Support ent:pattern "{backer} *back {backed}"@en .',
)
PATTERN_USAGE = Check(
    "pattern-usage",
    "Each pattern of the lexicon fits an example (ent:usage) of its term, with the roles that are marked in it.",
    "A pattern that fits nothing, or fits with its roles exchanged, is a mistake that only an example shows.",
    wrong='ent:Support ent:pattern "{backer} *abet {backed}"@en .',
    right='ent:Support ent:pattern "{backer} *abet {backed}"@en ;\n'
    '    ent:usage "[backer: Lorvia] was abetting [backed: the rebels]."@en .',
    severities=("warning",),
)
NO_PATTERN = Check(
    "no-pattern",
    "Each class of relations or events has patterns in each language of the lexicon, or says why not (ent:noPattern).",
    "Facts of a class without patterns are not compared with the words of their passages.",
    wrong='ent:Feud a owl:Class ; rdfs:subClassOf ent:Relation ; skos:scopeNote "For articles on crime."@en ;\n'
    '    ent:clause "{disagreeing} *feud"@en .',
    right='ent:Feud a owl:Class ; rdfs:subClassOf ent:Relation ; skos:scopeNote "For articles on crime."@en ;\n'
    '    ent:noPattern "Said as a disagreement is."@en ; ent:clause "{disagreeing} *feud"@en .',
    severities=("info",),
)
NO_CLAUSE = Check(
    "no-clause",
    "Each class of relations or events has a clause in which its facts are said (ent:clause), or inherits one.",
    "Facts without a clause are told as lists of roles: “Feud: disagreeing Lorvia”.",
    wrong='ent:Feud a owl:Class ; rdfs:subClassOf ent:Relation ; skos:scopeNote "For articles on crime."@en ;\n'
    '    ent:noPattern "Said as a disagreement is."@en .',
    right='ent:Feud a owl:Class ; rdfs:subClassOf ent:Relation ; skos:scopeNote "For articles on crime."@en ;\n'
    '    ent:noPattern "Said as a disagreement is."@en ; ent:clause "{disagreeing} *feud"@en .',
    severities=("info",),
)
TIE_FAMILY = Check(
    "tie-family",
    "A class or property is in one family of ties (ent:tieFamily), of those that pictures tell apart.",
    "A family that pictures do not know is ignored: ties are drawn in that of a class above, or as “other”.",
    wrong='ent:Support ent:tieFamily "suport" .',
    right='ent:Support ent:tieFamily "support" .',
)

CLASS_KINDS = frozenset({OWL + "Class", RDFS + "Class"})
PROPERTY_KINDS = frozenset(OWL + f"{kind}Property" for kind in ("Object", "Datatype", "Annotation"))


class Axioms:
    """All statements of an ontology, in the order of its files; blank nodes of different files are different."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = list(documents)
        self.statements = statements(self.documents)
        self._about: dict[tuple[Term, str], list[Statement]] = {}
        self._leading_to: dict[Term, Statement] = {}
        for a in self.statements:
            self._about.setdefault((a.subject, a.predicate), []).append(a)
            self._leading_to.setdefault(a.object, a)

    def about(self, node: Term, predicate: str) -> list[Statement]:
        """What is said of a node with that predicate."""
        return self._about.get((node, predicate), [])

    def kinds(self, node: Term) -> set[str]:
        """The IRIs of what a node is declared to be."""
        return {iri(a.object) for a in self.about(node, RDF_TYPE)}

    def declared(self, kinds: frozenset[str] | None = None) -> dict[str, Statement]:
        """The terms with a declared type, or one of these types, each with its first declaration."""
        found: dict[str, Statement] = {}
        for a in self.statements:
            if a.predicate == RDF_TYPE and iri(a.subject) and (kinds is None or iri(a.object) in kinds):
                found.setdefault(iri(a.subject), a)
        return found

    def members(self, head: Term) -> Iterator[Statement]:
        """The statements that give the members of a list."""
        for cell in cells(head, lambda cell: next((a.object for a in self.about(cell, RDF + "rest")), None)):
            yield from self.about(cell, RDF + "first")[:1]

    def owner(self, axiom: Statement) -> Statement:
        """The statement itself; of a member of a list, the statement that the list belongs to."""
        seen: set[Term] = set()
        while axiom.predicate in (RDF + "first", RDF + "rest") and axiom.subject not in seen:
            seen.add(axiom.subject)
            axiom = self._leading_to.get(axiom.subject, axiom)
        return axiom

    def finding(
        self, axiom: Statement, check: Check, message: str, *, hint: str = "", at_subject: bool = False
    ) -> Finding:
        """A finding at the object of a statement, or at its subject."""
        line, column = line_column(axiom.document.text, axiom.subject_at if at_subject else axiom.object_at)
        focus, value = self._named(axiom.subject), "" if at_subject else iri(axiom.object)
        path = axiom.document.path
        return check.finding(path, message, line=line, column=column, hint=hint, focus=focus, value=value)

    def _named(self, node: Term) -> str:
        """The IRI of the term in whose description a node stands; empty where that has none."""
        seen: set[Term] = set()
        while isinstance(node, BlankNode) and node in self._leading_to and node not in seen:
            seen.add(node)
            node = self._leading_to[node].subject
        return iri(node)


# These infer owl:sameAs (model, rule 16).
_FUSING = frozenset(OWL + t for t in ("FunctionalProperty", "InverseFunctionalProperty", "hasKey", "sameAs"))
_WANT_SIMPLE = frozenset(OWL + f"{t}Property" for t in ("Asymmetric", "Irreflexive", "Functional", "InverseFunctional"))


def _statements(axioms: Axioms) -> Iterator[Finding]:
    """Statements that are wrong by themselves: imports, and those that infer owl:sameAs."""
    for a in axioms.statements:
        term = iri(a.object) if a.predicate == RDF_TYPE else a.predicate
        if term == OWL + "imports":
            hint = "keep all terms in ontology/; skos:closeMatch relates them to terms of other ontologies"
            yield axioms.finding(a, IMPORTS, "owl:imports: other ontologies are not fetched", hint=hint)
        if term in _FUSING or (term in MAXIMA and getattr(a.object, "value", "") != "0"):
            message = f"{compact(term)} infers owl:sameAs where facts name two things"
            hint = "write a shape with sh:maxCount: “at most one” is a constraint"
            yield axioms.finding(a, FUSING_AXIOM, message, hint=hint)


def _not_simple(axioms: Axioms) -> Iterator[Finding]:
    """Characteristics that OWL 2 allows of simple properties only (Structural Specification §11.2)."""
    composite = _composite(axioms)
    for a in axioms.statements:
        if a.predicate == RDF_TYPE and iri(a.object) in _WANT_SIMPLE and a.subject in composite:
            name, kind = compact(iri(a.subject)), compact(iri(a.object))
            message = f"{name} is transitive or made by a chain, so it cannot be {kind}"
            hint = "remove the characteristic, or the chain; a shape can forbid what must not be"
            yield axioms.finding(a, OUTSIDE_PROFILE, message, hint=hint)


def _composite(axioms: Axioms) -> set[Term]:
    """The properties that are transitive or made by a chain, and all above them."""
    above: dict[Term, list[Term]] = {}
    queue: list[Term] = []
    for a in axioms.statements:
        if a.predicate in (RDFS + "subPropertyOf", OWL + "inverseOf", OWL + "equivalentProperty"):
            above.setdefault(a.subject, []).append(a.object)
            if a.predicate != RDFS + "subPropertyOf":
                above.setdefault(a.object, []).append(a.subject)
        elif a.predicate == OWL + "propertyChainAxiom" or iri(a.object) == OWL + "TransitiveProperty":
            queue.append(a.subject)
    for node in queue:  # which grows meanwhile
        queue += [broader for broader in above.get(node, ()) if broader not in queue]
    return set(queue)


CLASS, PROPERTY = "class", "property"
CLASS_OR_DATATYPE, CLASS_OR_PROPERTY = "class or datatype", "class or property"

# What the object of these predicates must be, or each member of the list at the object.
_OBJECTS: dict[str, str] = {
    **dict.fromkeys((RDFS + "subClassOf", RDFS + "domain"), CLASS),
    **dict.fromkeys((OWL + t for t in ("equivalentClass", "disjointWith", "onClass", "complementOf")), CLASS),
    **dict.fromkeys((OWL + t for t in ("disjointUnionOf", "intersectionOf", "unionOf")), CLASS_OR_DATATYPE),
    **dict.fromkeys((RDFS + "range", OWL + "someValuesFrom", OWL + "allValuesFrom"), CLASS_OR_DATATYPE),
    **dict.fromkeys((OWL + t for t in ("equivalentProperty", "inverseOf", "onProperty")), PROPERTY),
    **dict.fromkeys((OWL + t for t in ("propertyChainAxiom", "propertyDisjointWith", "hasKey")), PROPERTY),
    RDFS + "subPropertyOf": PROPERTY,
    ENT + "distinguishedBy": PROPERTY,
    ENT + "identifiedBy": PROPERTY,
}
# What the subject of these predicates must be.
_SUBJECTS: dict[str, str] = {
    **dict.fromkeys((RDFS + "subClassOf", OWL + "equivalentClass", OWL + "disjointWith", OWL + "hasKey"), CLASS),
    **dict.fromkeys((RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range"), PROPERTY),
    **dict.fromkeys((OWL + t for t in ("propertyChainAxiom", "equivalentProperty")), PROPERTY),
    families.TIE_FAMILY: CLASS_OR_PROPERTY,
}
_MEMBERS = {OWL + "AllDisjointClasses": CLASS, OWL + "AllDisjointProperties": PROPERTY}
_BUILT_IN = (OWL, RDF, RDFS, XSD)


def check_ontology(axioms: Axioms) -> Iterator[Finding]:
    """What is unsound in an ontology by itself."""
    for part in (_undeclared, _statements, _not_simple, _two_kinds, _circles, _irregular_chains, _tie_families):
        yield from part(axioms)
    yield from outside_profile(axioms.statements)


def check_lexicon(axioms: Axioms) -> Iterator[Finding]:
    """What is wrong with patterns, cues and tenses of the lexicon, or is missing."""
    lexicon = Lexicon(t for document in axioms.documents for t in document.triples)
    roles = {local_name(name) for name in axioms.declared(PROPERTY_KINDS)} | {THIS}
    wrong: set[str] = set()
    for a in axioms.statements:
        if a.predicate in (lexicons.PATTERN, lexicons.CUE, lexicons.TENSE):
            for finding in _unreadable(axioms, a, roles):
                wrong.add(getattr(a.object, "value", ""))
                yield finding
    for language in sorted(lexicon.languages):
        yield from _untried(axioms, lexicon, language, wrong)
        yield from _unpatterned(axioms, lexicon, language)


def _unreadable(axioms: Axioms, a: Statement, roles: set[str]) -> Iterator[Finding]:
    """A pattern, cue or tense that nobody can read, or a role that is none."""
    text = getattr(a.object, "value", "")
    if a.predicate == lexicons.TENSE:
        wrong = [word for word in text.split() if word not in (*TENSES, "negated", "ended")]
        if wrong:
            message = f"there is no tense “{wrong[0]}”"
            yield axioms.finding(a, PATTERN, message, hint=f"tenses are {', '.join((*TENSES, 'negated', 'ended'))}")
        return
    try:
        pattern = parse(text)
    except InputError as error:
        yield axioms.finding(a, PATTERN, f"“{text}”: {error.message}", hint=error.hint)
        return
    if a.predicate == lexicons.CUE and pattern.slots():
        yield axioms.finding(a, PATTERN, f"the cue “{text}” has a slot", hint="write it as an ent:pattern")
    for role in [role for slot in pattern.slots() for role in slot.path if role not in roles][:1]:
        near = suggest(ENT + role, {ENT + name for name in roles}) or "a slot holds the local name of a property"
        yield axioms.finding(a, PATTERN, f"the ontology declares no property “{role}”", hint=near)


def _untried(axioms: Axioms, lexicon: Lexicon, language: str, wrong: set[str]) -> Iterator[Finding]:
    """Patterns that fit no example of their term, and examples that no pattern fits; without those that are `wrong`."""
    patterns = lexicon.patterns(language)
    known = Matcher((term, pattern) for term, found in patterns.items() for pattern in found).verbs
    fitting: dict[str, set[str]] = {}  # by usage, the patterns of its term that fit
    for term, usages in _by_term(lexicon.texts(lexicons.USAGE, language)):
        matcher = Matcher((term, pattern) for pattern in patterns.get(term, ()))
        for usage in usages:
            fitting[usage] = {m.pattern.text for m in _fits(matcher, marked(usage), known)}
    for a in axioms.statements:
        term, text = iri(a.subject), getattr(a.object, "value", "")
        if a.predicate == lexicons.USAGE and fitting.get(text) == set():
            hint = "mark what fills each slot of a pattern, “[backer: Turkey] backs [backed: the rebels]”, and no more"
            yield axioms.finding(a, PATTERN_USAGE, f"no pattern of {compact(term)} fits “{text}”", hint=hint)
        is_read = a.predicate == lexicons.PATTERN and any(pattern.text == text for pattern in patterns.get(term, ()))
        if is_read and text not in wrong and not any(text in found for found in fitting.values()):
            hint = "add an ent:usage with words that it fits and the roles marked: “[backer: Turkey] backs …”"
            yield axioms.finding(a, PATTERN_USAGE, f"“{text}” fits no ent:usage of {compact(term)}", hint=hint)


def _by_term(rows: Iterable[tuple[str, str]]) -> Iterable[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for term, text in rows:
        found.setdefault(term, []).append(text)
    return found.items()


def _fits(matcher: Matcher, usage: Marked, known: frozenset[str]) -> Iterator[Match]:
    """The matches that fill just the roles that are marked."""
    names = [Name(start, end, frozenset({f"{role} {start}"})) for role, start, end in usage.roles]
    wanted = sorted(name for n in names for name in n.things)
    for match in matcher.find(Clauses(usage.text, names, known)):
        rows = (("/".join(f.slot.path), filler) for f in match.filled for filler in f.nouns.fillers)
        if sorted(f"{role} {filler.start}" for role, filler in rows) == wanted:
            yield match


def _unpatterned(axioms: Axioms, lexicon: Lexicon, language: str) -> Iterator[Finding]:
    """Classes of relations and events that have no patterns, and do not say why; or no clause, nor inherit one."""
    said = {term for p in (lexicons.PATTERN, lexicons.NO_PATTERN) for term, _ in lexicon.texts(p, language)}
    told = {term for term, _ in lexicon.texts(ENT + "clause", language)}
    tops = {ENT + "Event", ENT + "Relation"}
    above: dict[str, set[str]] = {}
    for a in axioms.statements:
        if a.predicate == RDFS + "subClassOf":
            above.setdefault(iri(a.subject), set()).add(iri(a.object))
    for name, a in axioms.declared(CLASS_KINDS).items():
        broader, queue = {name}, [name]
        while queue:
            more = above.get(queue.pop(), set()) - broader
            broader |= more
            queue += more
        if told and name not in tops and broader & tops and told.isdisjoint(broader):
            message = f"{compact(name)} has no ent:clause in “{language}”, nor has a class above it"
            hint = "add one in the lexicon of that language: “{backer} *back {backed}”"
            yield axioms.finding(a, NO_CLAUSE, message, hint=hint, at_subject=True)
        if name not in said and broader & tops:
            message = f"{compact(name)} has no ent:pattern in “{language}”"
            hint = "add patterns in the lexicon of that language, or ent:noPattern “…” with the reason"
            yield axioms.finding(a, NO_PATTERN, message, hint=hint, at_subject=True)


def unused_terms(axioms: Axioms, is_used: Callable[[str], bool]) -> Iterator[Finding]:
    """The terms that nothing uses and that have no scope note; an individual counts as used where its class is.

    `is_used` tells whether facts, shapes or queries name an IRI.
    """
    for name, a in axioms.declared().items():
        kinds = (kind for kind in axioms.kinds(a.subject) if not kind.startswith(_BUILT_IN))
        noted = axioms.about(a.subject, SKOS + "scopeNote")
        if name.startswith(ENT) and not noted and not is_used(name) and not any(map(is_used, kinds)):
            message, hint = (
                f"no fact, shape or query uses {compact(name)}",
                "remove it, or say in a skos:scopeNote what it is for",
            )
            yield axioms.finding(a, UNUSED_WORD, message, hint=hint, at_subject=True)


def misspelt(name: str) -> tuple[str, str] | None:
    """The message and the hint for an IRI in a well-known vocabulary that has no such term; None for any other."""
    import rdflib

    known = {OWL: rdflib.OWL, RDFS: rdflib.RDFS, RDF: rdflib.RDF, SKOS: rdflib.SKOS, XSD: rdflib.XSD, SH: rdflib.SH}
    for namespace, terms in {**known, DCTERMS: rdflib.DCTERMS}.items():
        if name.startswith(namespace) and name != namespace and rdflib.URIRef(name) not in terms:
            near = suggest(name, (str(term) for term in dir(terms)))
            return f"{compact(name)} is no term of its vocabulary: it would be ignored", near
    return None


def _undeclared(axioms: Axioms) -> Iterator[Finding]:
    """Terms in axioms that are misspelt, or that nothing declares, or not as the kind that the axiom needs."""
    declared = {CLASS: set(axioms.declared(CLASS_KINDS)), PROPERTY: set(axioms.declared(PROPERTY_KINDS))}
    declared[CLASS_OR_DATATYPE] = declared[CLASS] | set(axioms.declared(frozenset({RDFS + "Datatype"})))
    declared[CLASS_OR_PROPERTY] = declared[CLASS] | declared[PROPERTY]
    every = set(axioms.declared())
    seen: set[tuple[str, str]] = set()  # each term once in each file
    for a in axioms.statements:
        subject, value = iri(a.subject), iri(a.object)
        for name in (a.predicate, value):
            if problem := misspelt(name):
                yield axioms.finding(a, UNDECLARED_TERM, problem[0], hint=problem[1])
        for name, kind in ((subject, _SUBJECTS.get(a.predicate, "")), (a.predicate, ""), (value, _role(axioms, a))):
            known, key = declared.get(kind, every), (name, a.document.path)
            ours = name.startswith(ENT) or (kind and name and not name.startswith(_BUILT_IN))
            if ours and name not in known and key not in seen:
                seen.add(key)
                hint = "declare it in ontology/; skos:closeMatch relates a term to one of another vocabulary"
                if name.startswith(ENT):
                    hint = suggest(name, known) or "declare it in ontology/"
                message = f"the ontology declares no {kind or 'term'} {compact(name)}"
                at_subject = name == subject != value
                yield axioms.finding(a, UNDECLARED_TERM, message, hint=hint, at_subject=at_subject)


def _role(axioms: Axioms, axiom: Statement) -> str:
    """What the object of a statement must be; empty where it may be anything."""
    if axiom.predicate == RDF + "rest":
        return ""
    owner = axioms.owner(axiom)
    if owner.predicate == OWL + "members":
        return next((_MEMBERS[kind] for kind in sorted(axioms.kinds(owner.subject)) if kind in _MEMBERS), "")
    return _OBJECTS.get(owner.predicate, "")


def _two_kinds(axioms: Axioms) -> Iterator[Finding]:
    """Properties of two kinds, such as object property and datatype property."""
    by_kind = {kind: axioms.declared(frozenset({kind})) for kind in sorted(PROPERTY_KINDS)}
    for first, second in combinations(by_kind, 2):
        for name in sorted(by_kind[first].keys() & by_kind[second].keys()):
            message, hint = f"{compact(name)} is both {compact(first)} and {compact(second)}", "remove one"
            at = max(by_kind[first][name], by_kind[second][name], key=lambda a: (a.document.path, a.object_at))
            yield axioms.finding(at, TWO_KINDS, message, hint=hint)


def _circles(axioms: Axioms) -> Iterator[Finding]:
    """Classes, or properties, below each other: they would all be equivalent."""
    for predicate, what in ((RDFS + "subClassOf", "classes"), (RDFS + "subPropertyOf", "properties")):
        edges = [a for a in axioms.statements if a.predicate == predicate and iri(a.subject) and iri(a.object)]
        while circle := _circle(edges):
            names = " → ".join(compact(iri(a.subject)) for a in circle)
            message = f"{what} below each other in a circle: {names} → {compact(iri(circle[0].subject))}"
            hint = "remove the axiom that is wrong; of two names for one thing remove one"
            last = max(circle, key=edges.index)
            yield axioms.finding(last, CIRCULAR_WORDS, message, hint=hint)
            edges.remove(last)


def _circle(edges: list[Statement]) -> list[Statement]:
    """Axioms that form a circle, from the first term in the order of names; empty where none do."""
    above: dict[str, list[str]] = {}
    for a in edges:
        above.setdefault(iri(a.subject), []).append(iri(a.object))
    try:
        TopologicalSorter(above).prepare()
    except CycleError as error:
        names: list[str] = error.args[1][:0:-1]  # it is given from the top down, with its first name at both ends
        start = names.index(min(names))
        names = names[start:] + names[:start]
        steps = {(iri(a.subject), iri(a.object)): a for a in edges}
        return [steps[pair] for pair in zip(names, [*names[1:], names[0]], strict=True)]
    return []


def _irregular_chains(axioms: Axioms) -> Iterator[Finding]:
    """A property within its own chain: OWL 2 allows it at an end only (Structural Specification §11.2)."""
    for a in axioms.statements:
        is_chain = a.predicate == OWL + "propertyChainAxiom"
        if is_chain and a.subject in [m.object for m in axioms.members(a.object)][1:-1]:
            message = "stands in the middle of its own owl:propertyChainAxiom, which OWL 2 forbids"
            hint = "move it to an end, or introduce a property for the steps between"
            yield axioms.finding(a, OUTSIDE_PROFILE, f"{compact(iri(a.subject))} {message}", hint=hint)


def _tie_families(axioms: Axioms) -> Iterator[Finding]:
    """Families of ties that pictures do not know, and terms in more than one."""
    known = families.FAMILIES
    literals = {Literal(name) for name in known}
    for a in (a for a in axioms.statements if a.predicate == families.TIE_FAMILY):
        name, family = compact(iri(a.subject)), getattr(a.object, "value", "")
        first = axioms.about(a.subject, a.predicate)[0]
        if a.object not in literals:
            message, hint = f"pictures know no family of ties {a.object}", did_you_mean(family, {k: k for k in known})
            yield axioms.finding(a, TIE_FAMILY, message, hint=hint or f"families are {', '.join(known)}")
        elif a.object != first.object:
            message = f"{name} is in the family “{getattr(first.object, 'value', '')}” already"
            yield axioms.finding(a, TIE_FAMILY, message, hint="keep one; a narrower class can be in another family")
