"""What is nested very deeply, and graphs whose blank nodes are all alike: read, or refused in one line."""

import json

from hostile.case import BACKGROUND, FACTS, SHAPES, WORDS, Case, added, all_of, written

_N = 20_000
_SEE = "<http://www.w3.org/2000/01/rdf-schema#seeAlso>"
_RDF = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:p='a:' rdf:version='1.2'>{}</rdf:RDF>"
_TARGET = "@prefix sh: <http://www.w3.org/ns/shacl#> . <a:S> a sh:NodeShape ; sh:targetSubjectsOf <a:p> ; "
_SHAPE = f"{_TARGET}sh:nodeKind sh:IRI .\n"


def _nested(opens: str, closes: str, inner: str = "<a:o>", depth: int = _N) -> str:
    return f"<a:a> <a:p> {opens * depth}{inner}{closes * depth}"


def _elements(opens: str, closes: str, inner: str = "") -> str:
    return _RDF.format(opens * _N + inner + closes * _N)


TRIPLES = _nested("<<( <a:a> <a:p> ", " )>>")
# Files of other formats, and whether they are read (0) or refused (3, 4).
_DATA: dict[str, tuple[str, str, int]] = {
    "triples-turtle": ("x.ttl", f"{TRIPLES} .", 4),
    "triples-trig": ("x.trig", f"<a:g> {{ {TRIPLES} . }}", 4),
    "triples-ntriples": ("x.nt", f"{TRIPLES} .", 4),
    "triples-nquads": ("x.nq", f"{TRIPLES} <a:g> .", 4),
    "triples-after-a-string": ("x.ttl", f'<a:a> <a:p> """\'#)>>""" , "\\")>>" .\n{TRIPLES} .', 4),
    "triples-after-a-comment": ("x.nt", f"# )>> ' \"\n{TRIPLES} .", 4),
    "triples-after-an-iri": ("x.ttl", f"<a:\\u0061#'> <a:p> <a:o> .\n{TRIPLES} .", 4),
    "triples-after-a-name": ("x.ttl", f"@prefix p: <a:> . p:a\\#\\' <a:p> <a:o> . {TRIPLES} .", 4),
    "triples-with-comments": ("x.ttl", _nested("<<( <a:a> <a:p> #)>>\n", " )>>", depth=3_000) + " .", 4),
    "triples-open": ("x.ttl", "<a:a> <a:p> " + "<<( <a:a> <a:p> " * _N, 4),
    "triples-in-nodes": ("x.ttl", _nested("<<( [] <a:p> ", " )>>", "[]") + " .", 4),
    "triples-side-by-side": ("x.nt", "<a:a> <a:p> <<( <a:a> <a:p> <a:o> )>> .\n" * 2_000, 0),
    "triples-within-the-limit": ("x.ttl", _nested("<<( <a:a> <a:p> ", " )>>", depth=100) + " .", 0),
    "reified-subjects": ("x.ttl", "<< " * 600 + "<a:a> <a:p> <a:o>" + " >> <a:p> <a:o>" * 600 + " .", 0),
    "reified-objects": ("x.ttl", _nested("<< <a:a> <a:p> ", " >>", depth=600) + " .", 0),
    "annotations": ("x.ttl", f"{_nested('', '')} {'{| <a:p> <a:o> ' * 600}{'|}' * 600} .", 0),
    "nodes": ("x.ttl", _nested("[ <a:p> ", " ]", depth=1_500) + " .", 0),
    "lists": ("x.ttl", _nested("( ", " )", depth=1_500) + " .", 0),
    "nodes-in-lists": ("x.ttl", _nested("( [ <a:p> ", " ] )", depth=1_000) + " .", 0),
    "xml-nodes": ("x.rdf", _elements("<rdf:Description><p:p>", "</p:p></rdf:Description>"), 4),
    "xml-collections": (
        "x.rdf",
        _elements(
            "<rdf:Description><p:p rdf:parseType='Collection'>", "</p:p></rdf:Description>", "<rdf:Description/>"
        ),
        4,
    ),
    "xml-resources": (
        "x.rdf",
        _elements("<p:p rdf:parseType='Resource'>", "</p:p>")
        .replace("'1.2'>", "'1.2'><rdf:Description>")
        .replace("</rdf:RDF>", "</rdf:Description></rdf:RDF>"),
        4,
    ),
    "xml-literal": (
        "x.rdf",
        _RDF.format(f"<rdf:Description><p:p rdf:parseType='Literal'>{'<a>' * _N}{'</a>' * _N}</p:p></rdf:Description>"),
        4,
    ),
    "xml-triples": (
        "x.rdf",
        _elements("<rdf:Description rdf:about='a:a'><p:p rdf:parseType='Triple'>", "</p:p></rdf:Description>"),
        4,
    ),
    "xml-with-slashes": ("x.rdf", _elements("<rdf:Description><p:p p:q='/>'>", "</p:p></rdf:Description>"), 4),
    "xml-side-by-side": (
        "x.rdf",
        _RDF.format("<rdf:Description><p:p>x</p:p></rdf:Description><!-- <a> -->" * 2_000),
        0,
    ),
    "xml-names": ("x.rdf", _elements("<rdf:Description><p:p!>", "</p:p!></rdf:Description>"), 3),
    "json-terms": ("x.jsonld", json.dumps({"@context": {f"t{i}": f"t{i + 1}:x" for i in range(_N)}, "t0": "x"}), 4),
    "json-lists": ("x.jsonld", '{"@id": "a:a", "a:p": ' + '{"@list": [' * _N + "1" + "]}" * _N + "}", 4),
    "json-graphs": ("x.jsonld", '{"@graph": ' * _N + '{"@id": "a:a", "a:p": "x"}' + "}" * _N, 4),
    "json-contexts": ("x.jsonld", '{"@context": ' * _N + "{}" + "}" * _N, 4),
    "json-types": ("x.jsonld", '{"@id": "a:a", "a:p": {"@type": "@json", "@value": ' + "[" * _N + "]" * _N + "}}", 4),
}
_QUERIES = {
    "triples": f"ASK {{ {TRIPLES} }}",
    "triples-in-values": f"ASK {{ VALUES ?x {{ {'<<( <a:a> <a:p> ' * 200}1{' )>>' * 200} }} }}",
    "triple-calls": "ASK { BIND(" + "TRIPLE(<a:a>, <a:p>, " * 500 + "1" + ")" * 500 + " AS ?x) }",
    "triples-in-template": f"CONSTRUCT {{ {TRIPLES} }} WHERE {{}}",
    "path-alternatives": "ASK { ?s <a:p>" + "|<a:p>" * 10_000 + " ?o }",
    "path-stars": "ASK { ?s " + "(" * 5_000 + "<a:p>" + "*)" * 5_000 + " ?o }",
    "path-long-steps": "ASK { ?s <a:p>" + "/(<a:p>|^<a:q>)*" * 3_000 + " ?o }",
    "negated-paths": "ASK { ?s " + "!(" * 5_000 + "<a:p>" + ")" * 5_000 + " ?o }",
    "nodes": "ASK { ?s <a:p> " + "[ <a:p> " * 5_000 + "1" + " ]" * 5_000 + " }",
    "ins": "ASK { FILTER(" + "1 IN (" * 3_000 + "1" + ")" * 3_000 + ") }",
    "ifs": "ASK { FILTER(" + "IF(true, 1, " * 3_000 + "1" + ")" * 3_000 + ") }",
    "minuses": "ASK { FILTER(" + "- " * 8_000 + "1 < 2) }",
    "ors": "ASK { FILTER(true" + "||true" * 8_000 + ") }",
    "comparisons": "ASK { FILTER(true" + "&&(1=1)" * 3_000 + ") }",
    "exists-in-exists": "ASK {" + " FILTER NOT EXISTS {" * 4_000 + "}" * 4_000 + " }",
    "graphs-in-graphs": "ASK {" + " GRAPH ?g {" * 4_000 + "}" * 4_000 + " }",
    "services": "ASK {" + " SERVICE <{url}> {" * 4_000 + "}" * 4_000 + " }",
}


def _clique(nodes: int, predicate: str = _SEE) -> str:
    """Blank nodes that are all linked to each other: any order of them is as good as any other."""
    pairs = ((a, b) for a in range(nodes) for b in range(nodes) if a != b)
    return "".join(f"_:b{a} {predicate} _:b{b} .\n" for a, b in pairs)


def _ring(nodes: int) -> str:
    return "".join(f"_:b{i} {_SEE} _:b{(i + 1) % nodes} .\n" for i in range(nodes))


# Graphs that a canonical labelling by search takes very long for.
_ALIKE = {
    "clique": _clique(12),
    "large-clique": _clique(20),
    "cliques": "".join(_clique(6).replace("_:b", f"_:c{i}x") for i in range(20)),
    "ring": _ring(300),
    "rings": "".join(_ring(3).replace("_:b", f"_:r{i}x") for i in range(100)),
    "bipartite": "".join(f"_:a{i} {_SEE} _:b{j} .\n" for i in range(15) for j in range(15)),
    "cube": "".join(f"_:b{i} {_SEE} _:b{i ^ (1 << bit)} .\n" for i in range(64) for bit in range(6)),
    "grid": "".join(f"_:b{i} {_SEE} _:b{(i + step) % 100} .\n" for i in range(100) for step in (1, 10, 90, 99)),
    "brackets": f"<a:a> {_SEE} " + " , ".join(["[]"] * 200) + " .\n",
    "lists": f"<a:a> {_SEE} " + " , ".join(["( [] [] )"] * 50) + " .\n",
}


def _files() -> list[Case]:
    found = []
    for name, (file, text, code) in _DATA.items():
        says = {0: "", 3: "[syntax]", 4: "[too-deep]"}[code]
        make = all_of(written(file, text), written("shapes.ttl", _SHAPE))
        commands = {"diff": ("diff", file, file), "query": ("query", "who-backs", "--data", file)}
        if name in ("triples-turtle", "xml-nodes", "json-lists"):
            commands["validate"] = ("validate", "--data", file, "--shapes", "shapes.ttl")
        if file.endswith((".ttl", ".trig")):
            commands["fmt"] = ("fmt", "--check", file)
        for command, arguments in commands.items():
            exits = (code,) if code or command in ("diff", "query") else (0, 1)
            found.append(Case(f"depth-{name}-{command}", make, arguments, exits, says))
    return found


def _sources() -> list[Case]:
    """Triple terms in each kind of source, met by each command that reads it."""
    found, text = [], f"\n{TRIPLES} .\n"
    for what, file in {"words": WORDS, "shapes": SHAPES, "facts": FACTS, "background": BACKGROUND}.items():
        for command in ("validate", "check") if file == FACTS else ("validate",):
            case = Case(f"depth-{what}-{command}", added(file, text), (command,), (3,), "[too-deep]")
            found.append(case)
        found.append(Case(f"depth-{what}-fmt", added(file, text), ("fmt",), (4,), "[too-deep]"))
    for command in (
        "build",
        "query who-backs",
        "show",
        "export",
        "tour",
        "diff . .",
        "why id:norland ent:backs id:sudland",
    ):
        make = added(FACTS, text)
        found.append(Case(f"depth-facts-{command.split()[0]}", make, tuple(command.split()), (3,), "too-deep"))
    return found


def cases() -> list[Case]:
    """All of them."""
    found = [*_files(), *_sources()]
    for name, text in _QUERIES.items():
        found.append(Case(f"depth-query-{name}", written("x.rq", text), ("query", "x.rq"), (2, 3, 4)))
    for name, text in _ALIKE.items():
        make = all_of(written("x.ttl", text), written("y.ttl", text.replace("_:", "_:y")), added(WORDS, text))
        commands: dict[str, tuple[int, ...]] = {
            "fmt": (0, 1),
            "diff x.ttl y.ttl": (0,),
        }  # of the same order; tests/cli/test_diff.py has others
        if name in ("clique", "lists"):
            commands |= {"check": (0, 1)} | {
                f"export -f {form}": (0,) for form in ("turtle", "trig", "rdfxml", "jsonld", "graphml", "dot")
            }
            commands |= {"query who-backs --data x.ttl": (0,), "validate": (0, 1), "diff . .": (0,)}
        for command, exits in commands.items():
            found.append(Case(f"alike-{name}-{command.replace(' ', '-')}", make, tuple(command.split()), exits))
    return found
