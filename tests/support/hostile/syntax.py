"""Turtle, TriG and text files that are broken, deep, huge, or made of bytes that are no text."""

from hostile.case import BACKGROUND, FACTS, SHAPES, TEXT, WORDS, Case, Make, Place, added, all_of, changed, written

ENT = "https://w3id.org/entente/ontology#"
_BACKING = "id:norland a ent:State ;"


def _in_passage(statements: str) -> Make:
    return changed(FACTS, _BACKING, f"{statements}\n    {_BACKING}")


# Name, what is added to the facts file, and the exit codes that are right.
_FACTS: list[tuple[str, str, tuple[int, ...]]] = [
    ("open-brackets", "[" * 100_000, (3,)),
    ("nested-nodes", "<a:a> <a:p> " + "[ <a:p> " * 2_000 + "<a:b>" + " ]" * 2_000 + " .", (1, 3)),
    ("nested-lists", "<a:a> <a:p> " + "( " * 2_000 + ")" * 2_000 + " .", (1, 3)),
    ("nested-annotations", "<a:a> <a:p> <a:o> " + "{| <a:p> <a:o> " * 5_000 + "|}" * 5_000 + " .", (1, 3)),
    ("nested-triples", "<<( " * 20_000 + "<a:a> <a:p> <a:o>" + " )>>" * 20_000, (3,)),
    ("nested-triple-objects", "<a:a> <a:p> " + "<<( <a:a> <a:p> " * 3_000 + "<a:o>" + " )>>" * 3_000 + " .", (1, 3)),
    ("nested-graphs", "<a:g> { " * 5_000 + "}" * 5_000, (3,)),
    ("many-prefixes", "".join(f"@prefix p{i}: <a:{i}> .\n" for i in range(30_000)), (0,)),
    ("one-prefix-again", "@prefix x: <a:b> .\n" * 30_000, (0,)),
    ("prefix-without-end", "@prefix " + "x" * 1_000_000, (3,)),
    ("dots", "a" + ".a" * 200_000 + ":b <a:p> <a:o> .", (1, 3)),
    ("string-without-end", '<a:a> <a:p> "' + "x" * 1_000_000, (3,)),
    ("long-string-without-end", '<a:a> <a:p> """' + '"" ' * 300_000, (3,)),
    ("iri-without-end", "<" + "a" * 1_000_000, (3,)),
    ("comment-without-end", "#" + "x" * 1_000_000, (0,)),
    ("huge-iri", f"<a:a> <a:p> <a:{'x' * 1_000_000}> .", (1,)),
    ("huge-literal", f'<a:a> <a:p> "{"x" * 1_000_000}" .', (1,)),
    ("huge-integer", f"<a:a> <a:p> {'9' * 100_000} .", (1,)),
    ("huge-decimal", f"<a:a> <a:p> 0.{'9' * 100_000} .", (1,)),
    ("huge-exponent", "<a:a> <a:p> 1e999999999 .", (1,)),
    ("huge-year", f'<a:a> <a:p> "{"9" * 50_000}"^^<http://www.w3.org/2001/XMLSchema#gYear> .', (1,)),
    ("huge-date", f'<a:a> <a:p> "{"9" * 20_000}-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .', (1,)),
    ("huge-duration", f'<a:a> <a:p> "P{"9" * 50_000}Y"^^<http://www.w3.org/2001/XMLSchema#duration> .', (1,)),
    ("huge-base64", f'<a:a> <a:p> "{"AAAA" * 100_000}!"^^<http://www.w3.org/2001/XMLSchema#base64Binary> .', (1,)),
    ("huge-hex", f'<a:a> <a:p> "{"0" * 400_001}"^^<http://www.w3.org/2001/XMLSchema#hexBinary> .', (1,)),
    ("huge-language", f'<a:a> <a:p> "x"@en{"-aaaaaaaa" * 20_000} .', (1, 3)),
    (
        "huge-xml-literal",
        f'<a:a> <a:p> "{"<a>" * 50_000}"^^<{"http://www.w3.org/1999/02/22-rdf-syntax-ns#"}XMLLiteral> .',
        (1,),
    ),
    ("html-literal", f'<a:a> <a:p> "{"<b>" * 500}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML> .', (1,)),
    ("huge-datatype", f'<a:a> <a:p> "x"^^<a:{"x" * 500_000}> .', (1,)),
    ("property-list", "<a:a> " + " ; ".join(f"<a:p{i}> {i}" for i in range(1_000)) + " .", (1,)),
    ("object-list", "<a:a> <a:p> " + " , ".join(f'"{i}"' for i in range(3_000)) + " .", (1,)),
    ("one-triple-again", "<a:a> <a:p> " + " , ".join('"x"' for _ in range(5_000)) + " .", (1,)),
    ("semicolons", "<a:a> <a:p> <a:o> " + ";" * 100_000 + " .", (1, 3)),
    ("lone-surrogate-escape", '<a:a> <a:p> "\\uD800" .', (3,)),
    ("surrogate-pair-escape", '<a:a> <a:p> "\\uD83D\\uDE00" .', (3,)),
    ("escape-out-of-range", '<a:a> <a:p> "\\UFFFFFFFF" .', (3,)),
    ("escaped-nul", '<a:a> <a:p> "\\u0000" .', (1, 3)),
    ("escaped-nul-iri", "<a:a\\u0000> <a:p> <a:o> .", (3,)),
    ("escaped-bracket-iri", "<a:a\\u003E> <a:p> <a:o> .", (3,)),
    ("noncharacter", '<a:a> <a:p> "\\uFFFF\\uFDD0" .', (1, 3)),
    ("bidi-override", '<a:a> <a:p> "\u202e\u2066drawkcab\u2069" .', (1,)),
    ("bidi-in-name", "<a:\u202eabc> <a:p> <a:o> .", (1, 3)),
    ("bidi-in-comment", "# \u202e } \u2066 a comment that reads as code \u2069", (0, 1)),
    ("zero-width", '<a:a\u200b> <a:p> "\u200b\ufeff" .', (1, 3)),
    ("terminal-escape", '<a:a> <a:p> "\\u001b]0;owned\\u0007\\u001b[31m" .', (1,)),
    ("homoglyph", "<https://w3id.org/entente/id/n\u043erland> <a:p> <a:o> .", (1,)),
    ("command-injection", '<a:a> <a:p> "::error file=x::y\\n::set-output name=a::b" .', (1,)),
    ("markdown-injection", '<a:a> <a:p> "|</td><script>alert(1)</script>![x]({url}/y)" .', (1,)),
    ("relative-base", "@base <../../../etc/> . <passwd> <p> <o> .", (1, 3)),
    ("base-of-elsewhere", "@base <{url}/> . <a> <b> <c> .", (1,)),
    ("file-iri", "<file:///etc/passwd> <a:p> <file:///dev/zero> .", (1,)),
    ("imports", "<a:a> <http://www.w3.org/2002/07/owl#imports> <{url}/ontology.ttl> .", (1,)),
    ("see-also", "<a:a> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <{url}/x.ttl> .", (1,)),
    ("version", '@version "1.2-basic" . <a:a> <a:p> <a:o> .', (1, 3)),
    ("unknown-directive", "@import <{url}/x.ttl> .", (3,)),
    ("notation3-rule", "{ ?x <a:p> ?y } => { ?y <a:p> ?x } .", (3,)),
    ("notation3-forall", "@forAll <a:x> .", (3,)),
    ("sparql-in-data", "SELECT * { SERVICE <{url}> { ?s ?p ?o } }", (3,)),
    ("blank-node-graph", "_:g { <a:a> <a:p> <a:o> }", (1, 3)),
    ("graph-of-the-ontology", "<https://w3id.org/entente/graph/ontology> { <a:a> <a:p> <a:o> }", (1,)),
    ("graph-of-another", "<https://w3id.org/entente/article/other#x> { <a:a> <a:p> <a:o> }", (1,)),
    ("many-blank-nodes", "_:a <a:p> " + " , ".join(f"_:b{i}" for i in range(3_000)) + " .", (1,)),
    ("blank-node-ring", " ".join(f"_:b{i} <a:p> _:b{(i + 1) % 2_000} ." for i in range(2_000)), (1,)),
    (
        "list-ring",
        "_:l <{rdf}first> 1 ; <{rdf}rest> _:l .".replace("{rdf}", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
        (1,),
    ),
    ("long-local-name", f"<a:a> <https://w3id.org/entente/ontology#{'x' * 100_000}> <a:o> .", (1,)),
    ("near-miss-name", f"<a:a> <https://w3id.org/entente/ontology#{'read' * 5_000}> <a:o> .", (1,)),
]

_BYTES: list[tuple[str, bytes, tuple[int, ...]]] = [
    ("nul", b"<a:a> <a:p> \x00 .", (3,)),
    ("nul-only", b"\x00" * 100_000, (3,)),
    ("escape-sequence", b"# \x1b[2J\x1b]8;;http://x\x07", (3,)),
    ("high-bytes", bytes(range(128, 256)), (3,)),
    ("lone-surrogate", b'<a:a> <a:p> "\xed\xa0\x80" .', (3,)),
    ("overlong", b'<a:a> <a:p> "\xc0\xaf" .', (3,)),
    ("cut-off", "<a:a> <a:p> “".encode()[:-1], (3,)),
    ("utf-16", "<a:a> <a:p> <a:o> .".encode("utf-16"), (3,)),
    ("utf-32", "<a:a> <a:p> <a:o> .".encode("utf-32"), (3,)),
    ("byte-order-mark", b"\xef\xbb\xbf<a:a> <a:p> <a:o> .", (3,)),
    ("carriage-returns", b"<a:a> <a:p> <a:o> .\r" * 1_000, (3,)),
    ("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\x00" * 100, (3,)),
    ("line-separators", "<a:a> <a:p> <a:o> .\u2028\u2029\u0085".encode(), (3,)),
    ("nothing", b"", (3,)),
    ("only-a-comment", b"# nothing here\n", (3,)),
    ("only-spaces", b" " * 1_000_000, (3,)),
]

_TEXTS: list[tuple[str, str | bytes, tuple[int, ...]]] = [
    ("many-units", "A sentence. " * 1_000, (1,)),
    ("many-lines", "a\n" * 1_000, (1,)),
    ("one-word", "x" * 300_000, (1,)),
    ("apostrophes", "'’ʼ" * 30_000, (3, 1)),
    ("quotation-marks", "“" * 100_000 + "x", (1,)),
    ("combining-marks", "e" + "\u0301" * 100_000, (1,)),
    ("dots", "A." * 40_000, (1,)),
    ("abbreviations", "Mr. Dr. U.S. e.g. " * 10_000, (1,)),
    ("bidi", "\u202eNorland has backed Sudland since 2015.\u202c", (1,)),
    ("zero-width", "\u200b".join("Norland has backed Sudland since 2015."), (1,)),
    ("no-words", "… — !" * 100, (3,)),
    ("quote-again", "Norland has backed Sudland since 2015. " * 1_000, (1,)),
    ("nearly-the-quote", "Norland has backed Sudland since 2016. " * 700, (1,)),
    ("nul", b"Norland\x00 has backed Sudland since 2015.", (3,)),
    ("surrogate", b"Norland \xed\xa0\x80", (3,)),
    ("latin-1", "Türkiye".encode("latin-1"), (3,)),
    ("private-use", "\ue000" * 1_000, (1, 3)),
    ("ligatures", "\ufdfa" * 10_000, (1,)),
    ("numbers", "1,000,000.00 " * 10_000, (1,)),
]

_STATEMENTS: list[tuple[str, str, tuple[int, ...]]] = [
    ("class-of-everything", "id:norland a <http://www.w3.org/2002/07/owl#Nothing> .", (1,)),
    ("literal-type", 'id:norland a "State" .', (1,)),
    (
        "redefined-rdf",
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> a <http://www.w3.org/2002/07/owl#TransitiveProperty> .",
        (1,),
    ),
    (
        "redefined-same-as",
        "<http://www.w3.org/2002/07/owl#sameAs> <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> ent:backs .",
        (1,),
    ),
    (
        "shape-in-facts",
        "id:s a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#targetClass> ent:State .",
        (1,),
    ),
    ("rule-in-facts", 'id:s <http://www.w3.org/ns/shacl#select> "SELECT * { SERVICE <{url}> {} }" .', (1,)),
    ("traversal-in-name", "<https://w3id.org/entente/id/../../etc/passwd> a ent:State .", (1,)),
    ("percent-traversal", "<https://w3id.org/entente/id/%2e%2e%2fetc> a ent:State .", (1,)),
    ("javascript-source", "id:norland <http://purl.org/dc/terms/source> <javascript:alert(1)> .", (0, 1)),
]


def _half_a_file(place: Place) -> None:
    path = place.folder / FACTS
    path.write_bytes(path.read_bytes()[:-40])


def _at_the_limit(size: int) -> Make:
    """A file of that size which takes no space on the disk."""

    def make(place: Place) -> None:
        with open(place.folder / BACKGROUND, "wb") as file:
            file.truncate(size)

    return make


def cases() -> list[Case]:
    """All of them, mostly met by `kg validate`; texts by `kg new` too."""
    check = ("validate",)
    found = [Case(f"facts-{n}", added(FACTS, f"\n{t}\n"), check, e) for n, t, e in _FACTS]
    found += [Case(f"bytes-{n}", written(BACKGROUND, b), check, e) for n, b, e in _BYTES]
    found += [Case(f"text-{n}", written(TEXT, t), check, e) for n, t, e in _TEXTS]
    found += [
        Case(f"new-text-{n}", written("x.txt", t), ("new", "x.txt", "--name", "x"), (0, 3, 4)) for n, t, _ in _TEXTS
    ]
    found += [Case(f"statement-{n}", _in_passage(t), check, e) for n, t, e in _STATEMENTS]
    found += [
        Case("facts-cut-off", _half_a_file, check, (3,)),
        Case("file-over-the-limit", _at_the_limit(64 * 1024 * 1024 + 1), check, (3,), "larger than 67,108,864 bytes"),
        Case("file-at-the-limit", _at_the_limit(64 * 1024 * 1024), check, (3,), "control character"),
        Case("deep-ontology", added(WORDS, "<a:a> <a:p> " + "[ <a:p> " * 300 + "1" + " ]" * 300 + " ."), check, (0, 1)),
        Case("deep-shapes", added(SHAPES, "<a:a> <a:p> " + "[ <a:p> " * 300 + "1" + " ]" * 300 + " ."), check, (0, 1)),
        Case(
            "all-at-once", all_of(written(BACKGROUND, b"\xff"), written(TEXT, b"\x00"), added(WORDS, "[")), check, (3,)
        ),
    ]
    return found
