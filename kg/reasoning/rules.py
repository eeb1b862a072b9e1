"""The table of OWL 2 RL/RDF rules from which the reasoner runs, one row a rule.

A row is a name, a body and a head: triple patterns, with `?` before variables. In a body, `(?i)` is a list of which
`?i` is each member in turn, `(?i ?j)` one of which they are any two members, and `(?i[k])` one whose members are
`?i[1]` to `?i[n]`; a pattern with `[k]` is repeated for each of them. The head `false` makes a row an inconsistency,
as it is in each row with two members.

The rules are those of W3C OWL 2 Profiles §4.3, tables 4 to 9. The sentence for each is in `kg.provenance.proofs`, that
for an inconsistency in `kg.reasoning.closure`. A rule that joins on literals is named in `kg.reasoning.forward`, too.
Left out are rows that hold of every term (eq-ref and that a class or a property is equivalent to itself, of which the
rows here keep what follows with eq-rep-o), rows about the built-in vocabulary (prp-ap, cls-thing, cls-nothing1 and
dt-type1, of which scm-svf1 and scm-avf1 keep what follows for owl:Thing), and rows about literals, which are code:
dt-type2, dt-eq and dt-diff in `forward`, dt-not-type in `closure`.
"""

import re
from functools import cache
from typing import NamedTuple

from kg.rdf.namespaces import OWL, RDF_TYPE, RDFS

TABLE = """
eq-sym      ?x owl:sameAs ?y → ?y owl:sameAs ?x
eq-trans    ?x owl:sameAs ?y . ?y owl:sameAs ?z → ?x owl:sameAs ?z
eq-rep-s    ?s owl:sameAs ?t . ?s ?p ?o → ?t ?p ?o
eq-rep-p    ?p owl:sameAs ?q . ?s ?p ?o → ?s ?q ?o
eq-rep-o    ?o owl:sameAs ?r . ?s ?p ?o → ?s ?p ?r
eq-diff1    ?x owl:sameAs ?y . ?x owl:differentFrom ?y → false
eq-diff2    ?d a owl:AllDifferent . ?d owl:members (?y ?z) . ?y owl:sameAs ?z → false
eq-diff3    ?d a owl:AllDifferent . ?d owl:distinctMembers (?y ?z) . ?y owl:sameAs ?z → false

prp-dom     ?p rdfs:domain ?c . ?x ?p ?y → ?x a ?c
prp-rng     ?p rdfs:range ?c . ?x ?p ?y → ?y a ?c
prp-fp      ?p a owl:FunctionalProperty . ?x ?p ?y . ?x ?p ?z → ?y owl:sameAs ?z
prp-ifp     ?p a owl:InverseFunctionalProperty . ?x ?p ?z . ?y ?p ?z → ?x owl:sameAs ?y
prp-irp     ?p a owl:IrreflexiveProperty . ?x ?p ?x → false
prp-symp    ?p a owl:SymmetricProperty . ?x ?p ?y → ?y ?p ?x
prp-asyp    ?p a owl:AsymmetricProperty . ?x ?p ?y . ?y ?p ?x → false
prp-trp     ?p a owl:TransitiveProperty . ?x ?p ?y . ?y ?p ?z → ?x ?p ?z
prp-spo1    ?p rdfs:subPropertyOf ?q . ?x ?p ?y → ?x ?q ?y
prp-spo2    ?p owl:propertyChainAxiom (?i[k]) . ?u[k] ?i[k] ?u[k+1] → ?u[1] ?p ?u[n+1]
prp-eqp1    ?p owl:equivalentProperty ?q . ?x ?p ?y → ?x ?q ?y
prp-eqp2    ?p owl:equivalentProperty ?q . ?x ?q ?y → ?x ?p ?y
prp-pdw     ?p owl:propertyDisjointWith ?q . ?x ?p ?y . ?x ?q ?y → false
prp-adp     ?d a owl:AllDisjointProperties . ?d owl:members (?p ?q) . ?x ?p ?y . ?x ?q ?y → false
prp-inv1    ?p owl:inverseOf ?q . ?x ?p ?y → ?y ?q ?x
prp-inv2    ?p owl:inverseOf ?q . ?x ?q ?y → ?y ?p ?x
prp-key     ?c owl:hasKey (?i[k]) . ?x a ?c . ?x ?i[k] ?z[k] . ?y ?i[k] ?z[k] . ?y a ?c → ?x owl:sameAs ?y
prp-npa1    ?n owl:sourceIndividual ?s . ?n owl:assertionProperty ?p . ?n owl:targetIndividual ?t . ?s ?p ?t → false
prp-npa2    ?n owl:sourceIndividual ?s . ?n owl:assertionProperty ?p . ?n owl:targetValue ?t . ?s ?p ?t → false

cls-nothing2  ?x a owl:Nothing → false
cls-int1    ?c owl:intersectionOf (?i[k]) . ?y a ?i[k] → ?y a ?c
cls-int2    ?c owl:intersectionOf (?i) . ?y a ?c → ?y a ?i
cls-uni     ?c owl:unionOf (?i) . ?y a ?i → ?y a ?c
cls-com     ?c owl:complementOf ?d . ?x a ?c . ?x a ?d → false
cls-svf1    ?r owl:someValuesFrom ?c . ?r owl:onProperty ?p . ?u ?p ?v . ?v a ?c → ?u a ?r
cls-svf2    ?r owl:someValuesFrom owl:Thing . ?r owl:onProperty ?p . ?u ?p ?v → ?u a ?r
cls-avf     ?r owl:allValuesFrom ?c . ?r owl:onProperty ?p . ?u a ?r . ?u ?p ?v → ?v a ?c
cls-hv1     ?r owl:hasValue ?v . ?r owl:onProperty ?p . ?u a ?r → ?u ?p ?v
cls-hv2     ?r owl:hasValue ?v . ?r owl:onProperty ?p . ?u ?p ?v → ?u a ?r
cls-maxc1   ?r owl:maxCardinality 0 . ?r owl:onProperty ?p . ?u a ?r . ?u ?p ?y → false
cls-maxc2   ?r owl:maxCardinality 1 . ?r owl:onProperty ?p . ?u a ?r . ?u ?p ?y . ?u ?p ?z → ?y owl:sameAs ?z
cls-maxqc1  ?r owl:maxQualifiedCardinality 0 . ?r owl:onProperty ?p . ?r owl:onClass ?c . ?u a ?r . ?u ?p ?y . ?y a ?c → false
cls-maxqc2  ?r owl:maxQualifiedCardinality 0 . ?r owl:onProperty ?p . ?r owl:onClass owl:Thing . ?u a ?r . ?u ?p ?y → false
cls-maxqc3  ?r owl:maxQualifiedCardinality 1 . ?r owl:onProperty ?p . ?r owl:onClass ?c . ?u a ?r . ?u ?p ?y . ?y a ?c . ?u ?p ?z . ?z a ?c → ?y owl:sameAs ?z
cls-maxqc4  ?r owl:maxQualifiedCardinality 1 . ?r owl:onProperty ?p . ?r owl:onClass owl:Thing . ?u a ?r . ?u ?p ?y . ?u ?p ?z → ?y owl:sameAs ?z
cls-oo      ?c owl:oneOf (?i) → ?i a ?c

cax-sco     ?c rdfs:subClassOf ?d . ?x a ?c → ?x a ?d
cax-eqc1    ?c owl:equivalentClass ?d . ?x a ?c → ?x a ?d
cax-eqc2    ?c owl:equivalentClass ?d . ?x a ?d → ?x a ?c
cax-dw      ?c owl:disjointWith ?d . ?x a ?c . ?x a ?d → false
cax-adc     ?a a owl:AllDisjointClasses . ?a owl:members (?c ?d) . ?x a ?c . ?x a ?d → false

scm-cls     ?c a owl:Class → ?c rdfs:subClassOf ?c
scm-cls     ?c a owl:Class → ?c rdfs:subClassOf owl:Thing
scm-cls     ?c a owl:Class → owl:Nothing rdfs:subClassOf ?c
scm-cls     ?c a owl:Class . ?c owl:sameAs ?d → ?c owl:equivalentClass ?d
scm-op      ?p a owl:ObjectProperty → ?p rdfs:subPropertyOf ?p
scm-op      ?p a owl:ObjectProperty . ?p owl:sameAs ?q → ?p owl:equivalentProperty ?q
scm-dp      ?p a owl:DatatypeProperty → ?p rdfs:subPropertyOf ?p
scm-dp      ?p a owl:DatatypeProperty . ?p owl:sameAs ?q → ?p owl:equivalentProperty ?q
scm-sco     ?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?e → ?c rdfs:subClassOf ?e
scm-eqc1    ?c owl:equivalentClass ?d → ?c rdfs:subClassOf ?d
scm-eqc1    ?c owl:equivalentClass ?d → ?d rdfs:subClassOf ?c
scm-eqc2    ?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?c → ?c owl:equivalentClass ?d
scm-spo     ?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?r → ?p rdfs:subPropertyOf ?r
scm-eqp1    ?p owl:equivalentProperty ?q → ?p rdfs:subPropertyOf ?q
scm-eqp1    ?p owl:equivalentProperty ?q → ?q rdfs:subPropertyOf ?p
scm-eqp2    ?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?p → ?p owl:equivalentProperty ?q
scm-dom1    ?p rdfs:domain ?c . ?c rdfs:subClassOf ?d → ?p rdfs:domain ?d
scm-dom2    ?q rdfs:domain ?c . ?p rdfs:subPropertyOf ?q → ?p rdfs:domain ?c
scm-rng1    ?p rdfs:range ?c . ?c rdfs:subClassOf ?d → ?p rdfs:range ?d
scm-rng2    ?q rdfs:range ?c . ?p rdfs:subPropertyOf ?q → ?p rdfs:range ?c
scm-hv      ?c owl:hasValue ?i . ?c owl:onProperty ?p . ?d owl:hasValue ?i . ?d owl:onProperty ?q . ?p rdfs:subPropertyOf ?q → ?c rdfs:subClassOf ?d
scm-svf1    ?c owl:someValuesFrom ?y . ?y rdfs:subClassOf ?z . ?d owl:someValuesFrom ?z . ?c owl:onProperty ?p . ?d owl:onProperty ?p → ?c rdfs:subClassOf ?d
scm-svf1    ?c owl:someValuesFrom owl:Thing . ?c owl:onProperty ?p . ?d owl:someValuesFrom owl:Thing . ?d owl:onProperty ?p → ?c rdfs:subClassOf ?d
scm-svf2    ?c owl:someValuesFrom ?y . ?c owl:onProperty ?p . ?d owl:someValuesFrom ?y . ?d owl:onProperty ?q . ?p rdfs:subPropertyOf ?q → ?c rdfs:subClassOf ?d
scm-avf1    ?c owl:allValuesFrom ?y . ?y rdfs:subClassOf ?z . ?d owl:allValuesFrom ?z . ?c owl:onProperty ?p . ?d owl:onProperty ?p → ?c rdfs:subClassOf ?d
scm-avf1    ?c owl:allValuesFrom owl:Thing . ?c owl:onProperty ?p . ?d owl:allValuesFrom owl:Thing . ?d owl:onProperty ?p → ?c rdfs:subClassOf ?d
scm-avf2    ?c owl:allValuesFrom ?y . ?c owl:onProperty ?p . ?d owl:allValuesFrom ?y . ?d owl:onProperty ?q . ?p rdfs:subPropertyOf ?q → ?d rdfs:subClassOf ?c
scm-int     ?c owl:intersectionOf (?i) → ?c rdfs:subClassOf ?i
scm-uni     ?c owl:unionOf (?i) → ?i rdfs:subClassOf ?c
"""  # noqa: E501

# Rules whose conclusions add no instance triples, since other rules reach the same from their premises.
SHORTCUTS = frozenset(
    {"scm-sco", "scm-spo", "scm-int", "scm-uni"} | {f"scm-{x}{n}" for x in ("eqc", "eqp", "dom", "rng") for n in (1, 2)}
)

Pattern = tuple[str, str, str]


class Rule(NamedTuple):
    """A row: constants in N-Triples, the list in a pattern with its brackets; `head` is None for *false*."""

    name: str
    body: tuple[Pattern, ...]
    head: Pattern | None


@cache
def rules() -> tuple[Rule, ...]:
    """The rows of the table, in its order."""
    return tuple(_rule(line) for line in TABLE.strip().splitlines() if line)


def _rule(line: str) -> Rule:
    name, _, row = line.partition(" ")
    body, _, head = row.partition("→")
    patterns = tuple(_pattern(text) for text in body.split(" . "))
    return Rule(name, patterns, None if head.strip() == "false" else _pattern(head))


def _pattern(text: str) -> Pattern:
    subject, predicate, value = map(_term, re.findall(r"\(.*\)|\S+", text))
    return subject, predicate, value


_NAMESPACES = {"owl": OWL, "rdfs": RDFS}


def _term(text: str) -> str:
    if text == "a":
        return f"<{RDF_TYPE}>"
    prefix, _, name = text.partition(":")
    return f"<{_NAMESPACES[prefix]}{name}>" if name else text


def unrolled(pattern: Pattern, length: int) -> list[Pattern]:
    """A pattern with `[k]` once for each member of a list of that length, any other pattern once."""
    numbers = range(1, length + 1) if any("[k" in term for term in pattern) else (0,)
    return [_numbered(pattern, {"[k]": k, "[k+1]": k + 1, "[n+1]": length + 1}) for k in numbers]


def _numbered(pattern: Pattern, indexes: dict[str, int]) -> Pattern:
    subject, predicate, value = (re.sub(r"\[[kn][^]]*\]", lambda m: f"[{indexes[m[0]]}]", x) for x in pattern)
    return subject, predicate, value
