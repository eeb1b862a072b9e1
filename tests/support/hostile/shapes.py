"""Shapes, ontologies and facts that would never be done with, that reach out, or that say nothing."""

from hostile.case import FACTS, SHAPES, WORDS, Case, Make, added, all_of, changed, written

_HEAD = """\
@prefix ent: <https://w3id.org/entente/ontology#> .
@prefix id: <https://w3id.org/entente/id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_TARGET = "ent:H a sh:NodeShape ; sh:targetClass ent:State ; "
_LONG_LABEL = "a" * 40 + "!"
_LABEL = f'id:norland a ent:State ; rdfs:label "{_LONG_LABEL}"@en ;'


def _select(query: str) -> str:
    return _TARGET + f'sh:sparql [ sh:message "m"@en ; sh:select """{query}""" ] .'


# Name, the shape, and the exit codes that are right.
_SHAPES: dict[str, tuple[str, tuple[int, ...]]] = {
    "recursive": (_TARGET + "sh:node ent:H .", (1,)),
    "recursive-pair": (_TARGET + "sh:node ent:I . ent:I a sh:NodeShape ; sh:not ent:H .", (1,)),
    "recursive-list": (_TARGET + "sh:or ( ent:H ) .", (1,)),
    "recursive-property": (_TARGET + "sh:property ent:P . ent:P sh:path ent:backs ; sh:node ent:H .", (1,)),
    "recursive-path": (_TARGET + "sh:property [ sh:path _:p ; sh:minCount 1 ] . _:p sh:inversePath _:p .", (1, 3, 4)),
    "list-ring": (_TARGET + "sh:or _:l . _:l rdf:first ent:H ; rdf:rest _:l .", (1, 3)),
    "list-without-end": (_TARGET + "sh:or _:l . _:l rdf:first ent:H .", (1, 3)),
    "deep-not": (_TARGET + "sh:not " + "[ sh:not " * 2_000 + "[ sh:class ent:X ]" + " ]" * 2_000 + " .", (1, 3, 4)),
    "deep-node": (_TARGET + "sh:node " + "[ sh:node " * 2_000 + "[ sh:class ent:X ]" + " ]" * 2_000 + " .", (1, 3, 4)),
    "deep-path": (
        _TARGET
        + "sh:property [ sh:path "
        + "[ sh:inversePath " * 2_000
        + "ent:backs"
        + " ]" * 2_000
        + " ; sh:minCount 1 ] .",
        (1, 3, 4),
    ),
    "long-path": (_TARGET + "sh:property [ sh:path ( " + "ent:backs " * 150 + ") ; sh:minCount 1 ] .", (1, 3, 4)),
    "many-alternatives": (
        _TARGET + "sh:property [ sh:path [ sh:alternativePath ( " + "ent:backs " * 150 + ") ] ; sh:minCount 1 ] .",
        (1, 3, 4),
    ),
    "many-values": (_TARGET + "sh:property [ sh:path ent:backs ; sh:in ( " + "1 " * 300 + ") ] .", (1, 3)),
    "many-shapes": (
        " ".join(f"ent:H{i} a sh:NodeShape ; sh:targetClass ent:State ; sh:class ent:State ." for i in range(100)),
        (0, 1),
    ),
    "empty-path": (_TARGET + "sh:property [ sh:path () ; sh:minCount 1 ] .", (1, 3)),
    "literal-path": (_TARGET + 'sh:property [ sh:path "x" ; sh:minCount 1 ] .', (1, 3)),
    "two-paths": (_TARGET + "sh:property [ sh:path ent:backs , ent:opposes ; sh:minCount 1 ] .", (1, 3)),
    "path-in-ring": (
        _TARGET + "sh:property [ sh:path [ sh:zeroOrMorePath [ sh:oneOrMorePath ent:backs ] ] ; sh:minCount 1 ] .",
        (0, 1, 3),
    ),
    "bad-pattern": (_TARGET + 'sh:property [ sh:path rdfs:label ; sh:pattern "(" ] .', (1, 3)),
    "deep-pattern": (
        _TARGET + f'sh:property [ sh:path rdfs:label ; sh:pattern "{"(" * 5_000}{")" * 5_000}" ] .',
        (1, 3),
    ),
    "huge-repeat-pattern": (_TARGET + 'sh:property [ sh:path rdfs:label ; sh:pattern "a{99999999999}" ] .', (1, 3)),
    "huge-pattern": (_TARGET + f'sh:property [ sh:path rdfs:label ; sh:pattern "{"(a|b)?" * 5_000}" ] .', (0, 1, 3)),
    "bad-flags": (_TARGET + 'sh:property [ sh:path rdfs:label ; sh:pattern "a" ; sh:flags "zzz" ] .', (0, 1, 3)),
    "pattern-is-a-node": (_TARGET + "sh:property [ sh:path rdfs:label ; sh:pattern ent:x ] .", (1, 3)),
    "count-is-text": (_TARGET + 'sh:property [ sh:path rdfs:label ; sh:minCount "many" ] .', (1, 3)),
    "count-is-huge": (_TARGET + f"sh:property [ sh:path rdfs:label ; sh:minCount {'9' * 5_000} ] .", (1, 3)),
    "count-is-negative": (_TARGET + "sh:property [ sh:path rdfs:label ; sh:maxCount -1 ] .", (0, 1, 3)),
    "severity-is-text": (_TARGET + 'sh:severity "x" ; sh:class ent:Person .', (1, 3)),
    "message-is-a-node": (_TARGET + "sh:message ent:x ; sh:class ent:Person .", (1, 3)),
    "message-drives-terminal": (_TARGET + 'sh:message "\\u001b[31m\\u202e::error::x"@en ; sh:class ent:Person .', (1,)),
    "huge-message": (_TARGET + f'sh:message "{"x" * 500_000}"@en ; sh:class ent:Person .', (1,)),
    "message-template": (_TARGET + 'sh:message "{$this} {?value} {0.__class__} %s"@en ; sh:class ent:Person .', (1,)),
    "ill-formed-datatype": (_TARGET + 'sh:property [ sh:path rdfs:label ; sh:datatype "x" ] .', (1, 3)),
    "compare-unlike": (_TARGET + 'sh:property [ sh:path rdfs:label ; sh:minInclusive "2018"^^xsd:gYear ] .', (0, 1, 3)),
    "less-than-itself": (_TARGET + "sh:property [ sh:path rdfs:label ; sh:lessThan rdfs:label ] .", (1, 3)),
    "unknown-term": (_TARGET + "sh:property [ sh:path rdfs:label ; sh:minCout 1 ] .", (1,)),
    "switched-off": (_TARGET + "sh:deactivated true ; sh:class ent:Person .", (0, 1)),
    "target-everything": ("ent:H a sh:NodeShape ; sh:targetSubjectsOf rdf:type ; sh:class ent:Person .", (1,)),
    "imports": ("<a:o> a owl:Ontology ; owl:imports <{url}/shapes.ttl> .", (1,)),
    "imports-file": ("<a:o> owl:imports <file:///etc/passwd> .", (1,)),
    "shapes-graph": ("<a:o> sh:shapesGraph <{url}/shapes.ttl> .", (1,)),
    "entailment": ("<a:o> sh:entailment <{url}/rules> .", (1,)),
    "prefixes-of-elsewhere": (
        _TARGET + 'sh:sparql [ sh:prefixes <{url}/o> ; sh:select "SELECT $this {}" ] .',
        (0, 1, 3),
    ),
    "javascript": (_TARGET + 'sh:js [ sh:jsLibrary [ sh:jsLibraryURL "{url}/x.js" ] ; sh:jsFunctionName "f" ] .', (1,)),
    "javascript-library": ('ent:L a sh:JSLibrary ; sh:jsLibraryURL "{url}/x.js" .', (1,)),
    "rule": (
        _TARGET
        + 'sh:rule [ a sh:SPARQLRule ; sh:construct "CONSTRUCT { $this a ent:X } WHERE { SERVICE <{url}> {} }" ] .',
        (1,),
    ),
    "triple-rule": (
        _TARGET + "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate rdf:type ; sh:object ent:X ] .",
        (1,),
    ),
    "target-query": (
        'ent:H a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this { SERVICE <{url}> {} }" ] ; sh:class ent:X .',
        (1,),
    ),
    "function": ('ent:f a sh:SPARQLFunction ; sh:select "SELECT 1 {}" .', (1,)),
    "expression": (_TARGET + "sh:expression [ sh:path ent:backs ] .", (1,)),
    "component": (
        'ent:C a sh:ConstraintComponent ; sh:parameter [ sh:path ent:p ] ; sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { SERVICE <{url}> {} }" ] .',
        (1,),
    ),
    "select-service": (_select("SELECT $this WHERE { SERVICE <{url}> { $this ?p ?o } }"), (1,)),
    "select-service-small": (_select("select $this where { service silent <{url}> { $this ?p ?o } }"), (1,)),
    "select-service-escaped": (_select("SELECT $this WHERE { \\\\u0053ERVICE <{url}> { $this ?p ?o } }"), (1,)),
    "select-service-comment": (_select("SELECT $this WHERE { SERVICE# x\n<{url}> { $this ?p ?o } }"), (1,)),
    "select-service-behind-comparison": (
        _select("SELECT $this WHERE { FILTER(1<2)SERVICE#>\n<{url}>{ $this ?p ?o } }"),
        (1,),
    ),
    "select-service-glued": (_select("SELECT $this WHERE { $this ?p 1SERVICE<{url}>{ ?a ?b ?c } }"), (1, 3)),
    "select-service-after-name": (
        _select("PREFIX a: <a:> SELECT $this WHERE { $this ?p a:SERVICE<{url}>{ ?a ?b ?c } }"),
        (0, 1, 3),
    ),
    "select-from": (_select("SELECT $this FROM <{url}/x.ttl> WHERE { $this ?p ?o }"), (1,)),
    "select-from-named": (_select("SELECT $this FROM NAMED <{url}/x.ttl> WHERE { GRAPH ?g { $this ?p ?o } }"), (1,)),
    "select-load": (_select("LOAD <{url}/x.ttl>"), (1,)),
    "select-insert": (_select("INSERT DATA { <a:a> <a:b> <a:c> }"), (1,)),
    "select-no-query": (_select("hello"), (1, 3)),
    "select-deep": (_select("SELECT $this WHERE " + "{" * 3_000 + "}" * 3_000), (1, 3, 4)),
    "select-huge": (_select("SELECT $this WHERE { FILTER(0" + "+1" * 30_000 + ") }"), (1, 3, 4)),
    "select-without-this": (_select("SELECT ?x WHERE { ?x ?p ?o }"), (0, 1, 3)),
    "select-and-pattern": (
        _TARGET + 'sh:sparql [ sh:select "SELECT $this {}" ; sh:select "SELECT $this { }" ] .',
        (0, 1, 3),
    ),
    "empty": ("", (3,)),
}

_RUNAWAY: dict[str, Make] = {
    "pattern-nested": all_of(
        added(SHAPES, _TARGET + 'sh:property [ sh:path rdfs:label ; sh:pattern "^(a+)+$" ; sh:message "m"@en ] .'),
        changed(FACTS, "id:norland a ent:State ;", _LABEL),
    ),
    "pattern-alternatives": all_of(
        added(SHAPES, _TARGET + 'sh:property [ sh:path rdfs:label ; sh:pattern "^(a|aa)+$" ; sh:message "m"@en ] .'),
        changed(FACTS, "id:norland a ent:State ;", _LABEL),
    ),
    "select-product": written(
        SHAPES,
        _HEAD + _select("SELECT $this WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o FILTER(?a = ?o) }"),
    ),
    "select-regex": all_of(
        written(SHAPES, _HEAD + _select('SELECT $this WHERE { $this ?p ?o FILTER regex(str(?o), "^(a+)+$") }')),
        changed(FACTS, "id:norland a ent:State ;", _LABEL),
    ),
}

# What the reasoner does in time, or is stopped at.
_LARGE: dict[str, Make] = {
    "same-as-chain": changed(
        FACTS,
        "id:norland a ent:State ;",
        " ".join(f"id:s{i} owl:sameAs id:s{i + 1} ." for i in range(150)).replace(
            "owl:sameAs", "<http://www.w3.org/2002/07/owl#sameAs>"
        )
        + "\n    id:norland a ent:State ;",
    ),
    "transitive-chain": all_of(
        added(WORDS, "\nent:leadsTo a owl:ObjectProperty , owl:TransitiveProperty ."),
        changed(
            FACTS,
            "id:norland a ent:State ;",
            " ".join(f"id:t{i} ent:leadsTo id:t{i + 1} ." for i in range(1_200)) + "\n    id:norland a ent:State ;",
        ),
    ),
    "class-lattice": added(
        WORDS,
        "\n"
        + "\n".join(
            f"ent:C{i} a owl:Class ; rdfs:subClassOf " + ", ".join(f"ent:C{j}" for j in range(i)) + " ."
            for i in range(1, 90)
        ),
    ),
    "property-chain": added(
        WORDS,
        "\nent:chained a owl:ObjectProperty ; owl:propertyChainAxiom ( "
        + "ent:chained " * 3
        + ") .\n"
        + "".join(f"<a:{i}> ent:chained " + " , ".join(f"<a:{j}>" for j in range(40)) + " .\n" for i in range(40)),
    ),
}


def cases() -> list[Case]:
    """Shapes added to the sound one, then what needs a limit; all met by `kg validate`."""
    found = [Case(n, written("shapes/hostile.ttl", _HEAD + t), ("validate",), e) for n, (t, e) in _SHAPES.items()]
    found += [
        Case(f"checked-{n}", written("shapes/hostile.ttl", _HEAD + _SHAPES[n][0]), ("check",), _SHAPES[n][1])
        for n in ("recursive", "select-service", "imports", "message-drives-terminal")
    ]
    limits = ("validate", "--timeout", "1", "--memory", "2000")
    found += [Case(f"runaway-{n}", m, limits, (4,), "time-out", limited=True) for n, m in _RUNAWAY.items()]
    found += [Case(f"large-{n}", m, limits, (0, 1, 4), limited=True) for n, m in _LARGE.items()]
    return found
