"""Queries that reach for the network or the disk, kill or stall an engine; heads that are no head; bad parameters."""

from hostile.case import FACTS, Case, Make, all_of, changed, nothing, written

STORED = "queries/hostile.rq"
_ALL = "?s ?p ?o"
_HEAD = "#+ summary: What?\n"
_PLAIN = "SELECT DISTINCT ?s WHERE { ?s ?p ?o } ORDER BY ?s\n"
_DEEP = 5_000

# What would leave the dataset, in any spelling; every engine must see the same refusal.
_REACHING = {
    "service": "SELECT * { SERVICE <{url}> { ?s ?p ?o } }",
    "service-small": "select * { service <{url}> { ?s ?p ?o } }",
    "service-mixed": "SELECT * { SeRvIcE <{url}> { ?s ?p ?o } }",
    "service-silent": "SELECT * { SERVICE SILENT <{url}> { ?s ?p ?o } }",
    "service-comment": "SELECT * { SERVICE#\n<{url}> { ?s ?p ?o } }",
    "service-comments": "SELECT * { SERVICE # one\n # two\n SILENT # three\n <{url}> { ?s ?p ?o } }",
    "service-glued": "SELECT * {SERVICE<{url}>{?s ?p ?o}}",
    "service-after-dot": "SELECT * { ?s ?p ?o.SERVICE<{url}>{?a ?b ?c} }",
    "service-after-number": "SELECT * { ?s ?p 1SERVICE<{url}>{?a ?b ?c} }",
    "service-after-name": "PREFIX a: <a:> SELECT * { ?s ?p a:SERVICE <{url}> { ?a ?b ?c } }",
    "service-escaped": "SELECT * { \\u0053ERVICE <{url}> { ?s ?p ?o } }",
    "service-escaped-whole": "SELECT * { " + "".join(f"\\u{ord(c):04X}" for c in "SERVICE") + " <{url}> { ?s ?p ?o } }",
    "service-long-escape": "SELECT * { \\U00000053ERVICE <{url}> { ?s ?p ?o } }",
    "service-escaped-brace": "SELECT * \\u007B SERVICE <{url}> { ?s ?p ?o } }",
    "service-after-escaped-quote": 'SELECT * { ?s ?p "\\u0022 SERVICE <{url}> { ?a ?b ?c } #" }',
    "service-after-escaped-line": "SELECT * { # x \\u000A SERVICE <{url}> { ?s ?p ?o } }",
    "service-variable": "SELECT * { VALUES ?g { <{url}> } SERVICE ?g { ?s ?p ?o } }",
    "service-prefixed": "PREFIX e: <{url}/> SELECT * { SERVICE e:x { ?s ?p ?o } }",
    "service-relative": "BASE <{url}/> SELECT * { SERVICE <sparql> { ?s ?p ?o } }",
    "service-nested": "SELECT * { { SELECT * { { SERVICE <{url}> { ?s ?p ?o } } } } }",
    "service-in-exists": "ASK { FILTER EXISTS { SERVICE <{url}> { ?s ?p ?o } } }",
    "service-in-optional": "SELECT * { OPTIONAL { SERVICE <{url}> { ?s ?p ?o } } }",
    "service-in-minus": "SELECT * { ?s ?p ?o MINUS { SERVICE <{url}> { ?s ?p ?o } } }",
    "service-in-filter": "SELECT * { ?s ?p ?o FILTER(1<2)SERVICE<{url}>{?a ?b ?c} }",
    "service-behind-comparison": "SELECT * { FILTER(1<2)SERVICE#>\n<{url}>{?s ?p ?o} }",
    "service-in-construct": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <{url}> { ?s ?p ?o } }",
    "service-in-describe": "DESCRIBE ?s WHERE { SERVICE <{url}> { ?s ?p ?o } }",
    "service-file": "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    "from": "SELECT * FROM <{url}/x.ttl> { ?s ?p ?o }",
    "from-small": "select * from <{url}/x.ttl> { ?s ?p ?o }",
    "from-named": "SELECT * FROM NAMED <{url}/x.ttl> { GRAPH ?g { ?s ?p ?o } }",
    "from-file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "from-comment": "SELECT *#\nFROM#\n<{url}/x.ttl> { ?s ?p ?o }",
    "from-escaped": "SELECT * \\u0046ROM <{url}/x.ttl> { ?s ?p ?o }",
    "from-glued": "ASK FROM<{url}/x.ttl>{?s ?p ?o}",
    "from-construct": "CONSTRUCT FROM <{url}/x.ttl> WHERE { ?s ?p ?o }",
    "load": "LOAD <{url}/x.ttl>",
    "load-small": "load silent <{url}/x.ttl> into graph <a:b>",
    "load-file": "LOAD <file:///etc/passwd>",
    "load-escaped": "\\u004COAD <{url}/x.ttl>",
    "load-after-query": "SELECT * { ?s ?p ?o } ; LOAD <{url}/x.ttl>",
    "insert-data": "INSERT DATA { <a:a> <a:p> <a:o> }",
    "insert-where": "INSERT { ?s ?p ?o } WHERE { SERVICE <{url}> { ?s ?p ?o } }",
    "delete": "DELETE WHERE { ?s ?p ?o }",
    "clear": "CLEAR ALL",
    "drop": "DROP ALL",
    "create": "CREATE GRAPH <a:b>",
    "copy": "COPY DEFAULT TO <a:b>",
    "with": "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
}

# What is no query, or too deep or too large for an engine: refused, or answered; never fatal.
_HARD: dict[str, tuple[str, tuple[int, ...]]] = {
    "braces": ("ASK " + "{" * _DEEP + "}" * _DEEP, (4,)),
    "open-braces": ("ASK " + "{" * 90_000, (4,)),
    "closed-braces": ("ASK " + "}" * 90_000, (3,)),
    "parentheses": ("ASK { FILTER" + "(" * _DEEP + "1" + ")" * _DEEP + " }", (4,)),
    "brackets": ("ASK { <a:a> <a:p> " + "[<a:p> " * _DEEP + "1" + "]" * _DEEP + " }", (4,)),
    "lists": ("ASK { <a:a> <a:p> " + "(" * _DEEP + ")" * _DEEP + " }", (4,)),
    "quoted-triples": ("ASK { " + "<< " * _DEEP + "?s ?p ?o" + " >>" * _DEEP + " ?p ?o }", (4,)),
    "escaped-braces": ("ASK " + "\\u007B" * 5_000, (4,)),
    "functions": ("ASK { FILTER(" + "STR(" * _DEEP + "1" + ")" * _DEEP + ") }", (4,)),
    "paths": (f"ASK {{ ?s {'(' * _DEEP}<a:p>{')*' * _DEEP} ?o }}", (4,)),
    "exists": ("ASK " + "{ FILTER EXISTS " * _DEEP + "{}" + "}" * _DEEP, (4,)),
    "subqueries": ("SELECT * { " * _DEEP + "}" * _DEEP, (4,)),
    "union-arms": ("ASK { {}" + "UNION{}" * 10_000 + "}", (4,)),
    "optionals": ("ASK {" + "OPTIONAL{}" * 9_000 + "}", (4,)),
    "minus-arms": ("ASK {" + "MINUS{}" * 9_000 + "}", (4,)),
    "binds": ("SELECT * {" + "".join(f"BIND(1 AS ?x{i})" for i in range(4_000)) + "}", (4,)),
    "nots": ("ASK { FILTER(" + "!" * 50_000 + "true) }", (4,)),
    "sums": ("ASK { FILTER(0" + "+1" * 40_000 + ") }", (4,)),
    "path-steps": ("ASK { ?s <a:p>" + "/<a:p>" * 10_000 + " ?o }", (4,)),
    "path-inverses": ("ASK { ?s " + "^" * 50_000 + "<a:p> ?o }", (3, 4)),
    "triples": ("ASK {" + "?s?p?o." * 14_000 + "}", (4,)),
    "calls-in-order": (f"SELECT ?s {{ {_ALL} }} ORDER BY" + " STR(?s)" * 3_000, (4,)),
    "calls-in-groups": (f"SELECT (COUNT(*) AS ?n) {{ {_ALL} }} GROUP BY" + " STR(?s)" * 3_000, (4,)),
    "calls-in-subquery": (f"ASK {{ {{ SELECT ?s {{ {_ALL} }} ORDER BY" + " STR(?s)" * 3_000 + " } }", (4,)),
    "calls-after-name": (
        f"PREFIX VALUES: <a:> SELECT ?s {{ VALUES:a VALUES:b ?s }} ORDER BY{' STR(?s)' * 3_000}",
        (4,),
    ),
    "columns": ("SELECT" + "".join(f" (?o AS ?x{i})" for i in range(3_000)) + f" {{ {_ALL} }}", (4,)),
    "columns-of-sums": ("SELECT" + "".join(f" (SUM(?o) AS ?x{i})" for i in range(1_500)) + f" {{ {_ALL} }}", (4,)),
    "having": (f"SELECT ?s {{ {_ALL} }} GROUP BY ?s HAVING" + " (1)" * 12_000, (4,)),
    "described": ("DESCRIBE" + " <a:a>" * 4_000, (4,)),
    "described-names": ("PREFIX a: <a:> DESCRIBE" + " a:a" * 4_000, (4,)),
    "graphs": ("ASK {" + f" GRAPH ?g {{ {_ALL} }}" * 160 + " }", (4,)),
    "empty-graphs": ("ASK {" + " GRAPH ?g {}" * 400 + " }", (4,)),
    "joined-triples": ("ASK {" + f" {_ALL} ." * 2_900 + " }", (4,)),
    "joined-objects": (f"ASK {{ {_ALL}" + ", ?o" * 300 + " }", (4,)),
    "joined-groups": ("ASK {" + f" {{ {_ALL} }}" * 300 + " }", (4,)),
    "joined-unions": ("ASK {" + f" {{ {{ {_ALL} }} UNION {{ {_ALL} }} }}" * 150 + " }", (4,)),
    "joined-values": ("ASK {" + " VALUES ?x { 1 }" * 300 + " }", (4,)),
    "joined-nodes": ("ASK {" + " [?p ?o] ." * 300 + " }", (4,)),
    "joined-members": (f"ASK {{ ?s ?p ({' 1' * 500} ) }}", (4,)),
    "joined-steps": ("ASK { ?s <a:p>" + "/<a:p>" * 500 + " ?o }", (4,)),
    "joined-annotations": (f"ASK {{ {_ALL}" + " {| ?p ?o |}" * 99 + " }", (3, 4)),
    "joined-in-construct": ("CONSTRUCT WHERE {" + f" {_ALL} ." * 300 + " }", (4,)),
    "joined-in-arms": ("ASK {" + " OPTIONAL {" + f" {_ALL} ." * 300 + " } }", (4,)),
    "within-limits-order": (f"SELECT ?s {{ {_ALL} }} ORDER BY" + " STR(?s)" * 200, (0,)),
    "within-limits-joined": ("ASK {" + "".join(f" ?s{i} <a:none> ?s{i + 1} ." for i in range(90)) + " }", (0,)),
    "within-limits-rows": ("ASK { VALUES (?x ?y) {" + " (1 2)" * 500 + " } }", (0,)),
    "within-limits-template": ("CONSTRUCT {" + f" {_ALL} ." * 300 + f" }} WHERE {{ {_ALL} }}", (0,)),
    "within-limits-arms": ("ASK {" + f" OPTIONAL {{ {_ALL} . ?s <a:none> ?x }}" * 150 + " }", (0,)),
    "huge": ("#" + "x" * 100_001, (4,)),
    "huge-file": ("#" + "x" * 1_000_000, (4,)),
    "huge-string": ('ASK { FILTER("' + "x" * 90_000 + '" = "y") }', (0,)),
    "huge-iri": ("ASK { <a:" + "x" * 90_000 + "> ?p ?o }", (2,)),
    "huge-number": ("ASK { FILTER(" + "9" * 90_000 + " > 0) }", (0, 3)),
    "many-values": ("SELECT * { VALUES ?x {" + " 1" * 2_000 + "} }", (0,)),
    "many-variables": ("SELECT " + " ".join(f"?v{i}" for i in range(1_000)) + " {}", (0,)),
    "many-prefixes": ("".join(f"PREFIX p{i}: <a:>\n" for i in range(2_000)) + "ASK {}", (0,)),
    "nul": ('ASK { ?s ?p "\0" }', (0, 3)),
    "surrogate-escape": ('ASK { ?s ?p "\\uD800" }', (0, 3)),
    "escape-out-of-range": ('ASK { ?s ?p "\\UFFFFFFFF" }', (0, 3)),
    "bidi": ("SELECT ?\u202ea {}", (3,)),
    "nothing": ("", (3,)),
    "no-query": ("hello", (3,)),
    "control-characters": ("\x1b[2J\x07", (3,)),
    "open-string": ('ASK { ?s ?p "' + "x" * 90_000, (3,)),
    "open-long-string": ("ASK { ?s ?p '''" + "''\\" * 30_000, (3,)),
    "open-iri": ("ASK { <" + "x" * 90_000, (3,)),
    "division-by-zero": ("SELECT (1/0 AS ?x) {}", (0,)),
    "overflow": ("SELECT (9223372036854775807 + 1 AS ?x) {}", (0,)),
    "unknown-function": ("SELECT (<{url}/f>(1) AS ?x) {}", (0, 3)),
    "bad-regex": ('SELECT ?s { ?s ?p ?o FILTER regex(str(?o), "(") }', (0, 3)),
    "huge-repeat": ('SELECT ?s { ?s ?p ?o FILTER regex(str(?o), "(a{1000}){1000}") }', (0, 3)),
    "backreference": ('SELECT ?s { ?s ?p ?o FILTER regex(str(?o), "(a)\\\\1") }', (0, 3)),
    "unbound-path": ("ASK { ?s (<a:p>|!<a:p>)* ?o }", (0,)),
    "negated-set": ("ASK { ?s !(" + "|".join(["<a:p>"] * 2_000) + ") ?o }", (0, 4)),
    "aggregate": ("SELECT (GROUP_CONCAT(?o) AS ?x) { ?s ?p ?o }", (0,)),
    "random": ("SELECT (RAND() AS ?a) (UUID() AS ?b) (NOW() AS ?c) {}", (0,)),
}

# The witnesses of their rows are looked for, too, where receipts are wanted.
_WITNESSED = ("many-values", "negated-set", "random", "unbound-path", "within-limits-arms", "within-limits-rows")

_LETTERS = 'id:norland rdfs:label "' + "a" * 40 + 'b"@en .\n    id:norland a ent:State ;'

# What would go on and on; each is run with a limit of its own.
_ENDLESS: dict[str, str] = {
    "product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }",
    "product-of-values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(50)))} }}" for i in range(8))
    + " }",
    "optional-product": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"OPTIONAL {{ ?a{i} ?b{i} ?c{i} }}" for i in range(9))
    + " }",
    "paths-product": "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} (<a:x>|!<a:x>)* ?b{i} ." for i in range(6)) + " }",
}
_REGEX = 'SELECT ?s { ?s ?p ?o FILTER regex(str(?o), "^(a+)+$") }'
_REGEXES = {
    "nested": _REGEX,
    "alternatives": _REGEX.replace("(a+)+", "(a|a)*"),
    "replace": _REGEX.replace("FILTER regex", "BIND(replace").replace('$")', '$", "") AS ?x)'),
}

_HEADS: dict[str, tuple[str, tuple[int, ...]]] = {
    "aliases": (
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{n}: &{n} [{', '.join([f'*{o}'] * 10)}]\n" for o, n in zip("abcdefghi", "bcdefghij", strict=True)),
        (3,),
    ),
    "alias-to-itself": ("summary: &a [*a]", (3,)),
    "merge-keys": ("a: &a {summary: x}\n<<: *a", (3,)),
    "python-object": ("summary: !!python/object/apply:os.system ['touch owned']", (0, 3)),
    "python-name": ("summary: !!python/name:os.system", (0, 3)),
    "python-module": ("summary: !!python/module:os", (0, 3)),
    "binary": ("summary: !!binary aGVsbG8=", (0, 3)),
    "set": ("tags: !!set {a, b}", (3,)),
    "unknown-tag": ("summary: !x y", (0, 3)),
    "deep-lists": ("tags: " + "[" * 45_000 + "]" * 45_000, (3,)),
    "deep-maps": ("tags: " + "{a: " * 5_000 + "}" * 5_000, (3,)),
    "deep-indents": ("\n".join(" " * i + "a:" for i in range(300)), (0, 3)),
    "huge": ("summary: " + "x" * 3_000_000, (3, 4)),
    "huge-integer": ("summary: " + "9" * 10_000, (0, 3)),
    "huge-sexagesimal": ("summary: 1" + ":59" * 10_000, (0, 3)),
    "no-date": ("summary: 2018-99-99", (0, 3)),
    "infinity": ("summary: .inf", (0, 3)),
    "list": ("- a\n- b", (3,)),
    "scalar": ("hello", (3,)),
    "nothing": ("", (0, 3)),
    "two-documents": ("---\na: b\n---\nc: d", (3,)),
    "tab": ("\tsummary: x", (3,)),
    "open-string": ('summary: "x', (3,)),
    "control": ("summary: \x01", (3,)),
    "bidi": ("summary: \u202eabc", (0,)),
    "terminal": ('summary: "\\e[31mred\\e]0;owned\\a"', (0,)),
    "summary-is-a-list": ("summary: [a, b]", (3,)),
    "parameters-is-a-number": ("parameters: 5", (3,)),
    "parameters-are-words": ("parameters: [a, b]", (3,)),
    "parameter-without-name": ("parameters: [{type: State, default: any}]", (3,)),
    "parameter-without-type": ("parameters: [{name: s, default: any}]", (3,)),
    "parameter-type-is-code": ('parameters: [{name: s, type: "x> } SERVICE <a:", default: any}]', (0, 3)),
    "parameter-name-is-code": ('parameters: [{name: "s } SERVICE <a:b> {", type: thing, default: any}]', (3,)),
    "same-parameter-twice": (
        "parameters: [" + ", ".join(["{name: s, type: thing, default: any}"] * 2) + "]",
        (0, 3),
    ),
    "columns-is-a-map": ("columns: {a: b}", (3,)),
    "tags-are-lists": ("tags: [[a], [b]]", (3,)),
    "keys-are-lists": ("? [a, b]\n: c", (3,)),
    "unknown-keys": ("endpoint: {url}\nmethod: POST\nsummary: x", (0, 3)),
}

_VALUES: dict[str, str] = {
    "code": "backer=any } SERVICE <{url}> { ?s ?p ?o",
    "iri": "backer=<{url}>",
    "broken-iri": "backer=<a:b> <a:c>",
    "iri-with-spaces": "backer=<a b>",
    "traversal": "backer=../../etc/passwd",
    "braces": "backer=}{",
    "undef": "backer=UNDEF",
    "literal": 'backer="x"@en',
    "nothing": "backer=",
    "line-break": "backer=Nor\nland",
    "bidi": "backer=\u202eNorland",
    "huge": "backer=" + "x" * 50_000,
    "huge-name": "x" * 50_000 + "=Norland",
    "prefixed-code": "backer=id:x } SERVICE <{url}> {",
    "unknown-prefix": "backer=nope:x",
    "percent": "backer=%7D%20SERVICE",
    "escape": "backer=\\u007D SERVICE",
    "combining": "backer=N" + "\u0301" * 20_000,
    "surrogate": "backer=\udc80\udcff",
    "equals": "=====",
}

_NAMES: dict[str, tuple[str, tuple[int, ...]]] = {
    "traversal": ("../../etc/passwd", (2,)),
    "traversal-rq": ("../../../../nowhere/passwd.rq", (2,)),
    "absolute": ("/etc/passwd", (2,)),
    "device": ("/dev/zero", (2,)),
    "secret": ("../outside/secret", (2,)),
    "folder": (".", (2,)),
    "folder-rq": ("folder.rq", (3,)),
    "percent": ("..%2f..%2fetc%2fpasswd", (2,)),
    "backslash": ("..\\..\\etc\\passwd", (2,)),
    "option": ("-h.rq", (2,)),
    "huge": ("x" * 20_000, (2,)),
    "huge-rq": ("x" * 20_000 + ".rq", (2, 3)),
    "terminal": ("\x1b[31mx", (2,)),
    "bidi": ("\u202ex", (2,)),
    "surrogate": ("\udcff", (2,)),
}


def _stored(head: str, query: str = _PLAIN) -> Make:
    lines = "".join(f"#+ {line}\n" for line in head.split("\n"))
    return written(STORED, lines + query)


def _folder_rq() -> Make:
    return written("folder.rq/x", "x")


def cases() -> list[Case]:
    """All of them, met by `kg query`, with both engines where a query reaches out."""
    found = []
    for name, text in _REACHING.items():
        for engine in ("oxigraph", "rdflib"):
            command = ("query", "hostile.rq", "--engine", engine)
            found.append(Case(f"{name}-{engine}", written("hostile.rq", text), command, (2, 3)))
        found.append(Case(f"{name}-stored", _stored("summary: x", text), ("query", "--list"), (0, 2, 3)))
    for name, (text, exits) in _HARD.items():
        for engine in ("oxigraph",) if exits == (4,) else ("oxigraph", "rdflib"):  # what is refused reaches neither
            command = ("query", "hostile.rq", "--engine", engine)
            wider = (*exits, 3) if engine == "rdflib" else exits
            found.append(Case(f"{name}-{engine}", written("hostile.rq", text), command, wider))
    found += [Case(f"head-{n}", _stored(h), ("query", "--list"), e) for n, (h, e) in _HEADS.items()]
    found += [Case(f"checked-{n}", _stored(h), ("check",), (1, 3)) for n, (h, _) in list(_HEADS.items())[:20]]
    found += [
        Case(f"checked-{n}", _stored("summary: x", _REACHING[n]), ("check",), (1, 3), "query-reach")
        for n in ("service", "service-escaped", "from-comment", "load", "insert-data")
    ]
    found += [Case(f"value-{n}", nothing, ("query", "who-backs", "-p", v), (2,)) for n, v in _VALUES.items()]
    found += [
        Case(f"name-{n}", _folder_rq(), ("query", f) if f[0] != "-" else ("query", "--", f), e)
        for n, (f, e) in _NAMES.items()
    ]
    return [*found, *_stored_files(), *_endless()]


def _stored_files() -> list[Case]:
    return [
        Case("stored-bytes", written(STORED, b"\xff\xfe\x00"), ("query", "who-backs"), (3,)),
        Case("stored-deep", written(STORED, _HEAD + _HARD["braces"][0]), ("query", "--list"), (4,)),
        Case("stored-huge", written(STORED, "#" * 3_000_000), ("query", "--list"), (3, 4)),
        Case("stored-name", written("queries/\u202e;$(touch owned).rq", _HEAD + _PLAIN), ("query", "--list"), (0, 3)),
        Case("stored-surrogate-name", written("queries/-p x.rq", _HEAD + _PLAIN), ("query", "--list"), (0, 3)),
    ]


def _endless() -> list[Case]:
    found = []
    for name, text in _ENDLESS.items():
        for engine in ("oxigraph", "rdflib"):
            command = ("query", "hostile.rq", "--engine", engine, "--timeout", "0.2")
            make: Make = written("hostile.rq", text)
            found.append(Case(f"endless-{name}-{engine}", make, command, (4,), "time-out", limited=True))
    receipts = ("query", "hostile.rq", "--receipts", "-f", "json", "--timeout", "0.3")
    texts = {**_ENDLESS, **{n: _HARD[n][0] for n in _WITNESSED}}
    found += [
        Case(f"receipts-of-{n}", written("hostile.rq", t), receipts, (0, 3, 4), limited=True) for n, t in texts.items()
    ]
    catastrophe = changed(FACTS, "id:norland a ent:State ;", _LETTERS)
    for name, text in _REGEXES.items():
        command = ("query", "hostile.rq", "--engine", "rdflib", "--timeout", "0.2")
        make = all_of(catastrophe, written("hostile.rq", text))
        found.append(Case(f"regex-{name}-rdflib", make, command, (4,), "time-out", limited=True))
        found.append(Case(f"regex-{name}-oxigraph", make, ("query", "hostile.rq"), (0,)))
    doubling = "".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(60))
    query = f'SELECT ?x60 {{ BIND("{"x" * 1_000}" AS ?x0) {doubling} }}'
    command = ("query", "hostile.rq", "--memory", "1000", "--timeout", "10")
    found.append(Case("memory-doubling", written("hostile.rq", query), command, (4,), limited=True))
    return found
