"""Shapes of SHACL Core and data for them, drawn at random: constraints within each other, paths, odd literals."""

from random import Random

PREFIXES = """\
@prefix ent:  <https://w3id.org/entente/ontology#> .
@prefix id:   <https://w3id.org/entente/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix shape: <https://w3id.org/entente/shapes#> .
@prefix sh:   <http://www.w3.org/ns/shacl#> .
@prefix xsd:  <http://www.w3.org/2001/XMLSchema#> .
"""
ONTOLOGY = "ent:B rdfs:subClassOf ent:A . ent:C rdfs:subClassOf ent:B . ent:value a ent:B ; ent:p ent:value ."
_NODES = ("id:a", "id:b", "id:c", "id:d", "_:e", "ent:value")
_CLASSES = ("ent:A", "ent:B", "ent:C", "ent:D")
_PROPERTIES = ("ent:p", "ent:q", "ent:r")
_LITERALS = (
    *("1", "01", "2", "1.0", "1e0", "-3", '"1"', '"x"', '"ab c"', '"x"@en', '"X"@de', '"y"@en-GB', "true", "false"),
    *('"1"^^xsd:boolean', '"NaN"^^xsd:double', '"seven"^^xsd:integer', '"2018-02-30"^^xsd:date', '""', '"a\\nb"'),
    *('"2018"^^xsd:gYear', '"2018-03"^^xsd:gYearMonth', '"2018-03-04"^^xsd:date', '"2019-01-01"^^xsd:date'),
    *('"2018-03-04T10:00:00"^^xsd:dateTime', '"2018-03-04T10:00:00Z"^^xsd:dateTime', '"P1D"^^xsd:duration'),
    *('"x"^^id:kind', '"https://w3id.org/entente/id/a"', '"5"^^xsd:byte', '"300"^^xsd:byte', '"1"^^xsd:int'),
)
_DATATYPES = ("xsd:integer", "xsd:string", "xsd:date", "xsd:gYear", "xsd:boolean", "xsd:double", "id:kind", "xsd:byte")
_KINDS = ("BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRI", "IRIOrLiteral", "Literal")
_LANGUAGES = ('"en"', '"de" "en"', '"en-GB"')
_PATTERNS = ("^x", "a", "^[^ ]+$", ".", "^.*$", "[0-9]{1,2}", "id/[ab]$", "^(x|y)", "a.b", "^$")


def shapes(random: Random) -> str:
    """One to three shapes with targets, in Turtle."""
    bodies = [f"{_targets(random)} ; {_constraints(random, 3)}" for _ in range(random.randint(1, 3))]
    return "\n".join(f"shape:S{i} {body} ." for i, body in enumerate(bodies))


def data(random: Random) -> str:
    """Some five to twenty statements, in Turtle."""
    subjects = _NODES[:5]
    rows = [f"{random.choice(subjects)} a {random.choice(_CLASSES)} ." for _ in range(random.randint(1, 5))]
    for _ in range(random.randint(4, 15)):
        value = random.choice(_LITERALS if random.random() < 0.5 else _NODES)
        rows.append(f"{random.choice(subjects)} {random.choice(_PROPERTIES)} {value} .")
    return "\n".join(rows)


def _targets(random: Random) -> str:
    rows = [
        f"sh:targetClass {random.choice(_CLASSES)}",
        f"sh:targetNode {random.choice(_NODES[:4] + _LITERALS[:6])}",
        f"sh:targetSubjectsOf {random.choice(_PROPERTIES)}",
        f"sh:targetObjectsOf {random.choice(_PROPERTIES)}",
    ]
    return " ; ".join(random.sample(rows, random.choice((1, 1, 2))))


def _path(random: Random, depth: int) -> str:
    if depth == 0 or random.random() < 0.6:
        return random.choice(_PROPERTIES)
    inner, other = _path(random, depth - 1), _path(random, depth - 1)
    kind = random.choice(("zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"))
    forms = (
        f"[ sh:inversePath {inner} ]",
        f"( {inner} {other} )",
        f"[ sh:alternativePath ( {inner} {other} ) ]",
        f"[ sh:{kind} {inner} ]",
    )
    return random.choice(forms)


def _shape(random: Random, depth: int) -> str:
    if random.random() < 0.5:
        return f"[ {_constraints(random, depth)} ]"
    return _property(random, depth)


def _property(random: Random, depth: int) -> str:
    parts = [f"sh:path {_path(random, 2)}", _constraints(random, depth)]
    parts += [part for part in _of_property(random, depth) if random.random() < 0.2]
    return f"[ {' ; '.join(parts)} ]"


def _of_property(random: Random, depth: int) -> list[str]:
    found = [
        f"sh:minCount {random.randint(0, 2)}",
        f"sh:maxCount {random.randint(0, 2)}",
        "sh:uniqueLang true",
        f"sh:lessThan {random.choice(_PROPERTIES)}",
        f"sh:lessThanOrEquals {random.choice(_PROPERTIES)}",
    ]
    if depth:
        counts = random.choice(("sh:qualifiedMinCount 1", "sh:qualifiedMaxCount 1", "sh:qualifiedMinCount 2"))
        disjoint = random.choice(("", " ; sh:qualifiedValueShapesDisjoint true"))
        found.append(f"{counts} ; sh:qualifiedValueShape {_shape(random, depth - 1)}{disjoint}")
    return found


def _constraints(random: Random, depth: int) -> str:
    order = random.choice(("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"))
    values = random.sample(_NODES[:4] + _NODES[5:] + _LITERALS[:18], random.randint(1, 4))
    forms = [
        f"sh:class {random.choice(_CLASSES)}",
        f"sh:datatype {random.choice(_DATATYPES)}",
        f"sh:nodeKind sh:{random.choice(_KINDS)}",
        f"sh:{order} {random.choice(_LITERALS)}",
        f"sh:{random.choice(('minLength', 'maxLength'))} {random.randint(0, 4)}",
        f'sh:pattern "{random.choice(_PATTERNS)}"',
        f"sh:languageIn ( {random.choice(_LANGUAGES)} )",
        f"sh:equals {random.choice(_PROPERTIES)}",
        f"sh:disjoint {random.choice(_PROPERTIES)}",
        f"sh:hasValue {values[0]}",
        f"sh:in ( {' '.join(values)} )",
        f"sh:closed true ; sh:ignoredProperties ( rdfs:label {random.choice(_PROPERTIES)} )",
    ]
    if depth:
        parts = [_shape(random, depth - 1) for _ in range(random.randint(1, 3))]
        forms += [f"sh:property {_property(random, depth - 1)}"] * 8
        forms += [f"sh:not {parts[0]}", f"sh:node [ {_constraints(random, depth - 1)} ]"] * 2
        forms += [f"sh:{name} ( {' '.join(parts)} )" for name in ("and", "or", "xone")]
    return " ; ".join(random.sample(forms, random.choice((1, 1, 1, 2)))).replace(" ; ;", " ;")
