"""Links, pipes, devices and names that lead elsewhere; other people's files that fetch, expand or lie."""

import os

from hostile.case import BACKGROUND, FACTS, SECRET, SHAPES, TEXT, WORDS, Case, Make, Place, all_of, written

_FIND = ("validate", "-f", "json")


def _link(name: str, target: str) -> Make:
    """A symbolic link in place of a file or folder; `target` is a name in the folder outside, or a path."""

    def make(place: Place) -> None:
        path = place.path(name)
        if path.is_dir() and not path.is_symlink():
            path.rename(place.folder / "moved")
        elif path.exists():
            path.unlink()
        os.symlink(target if target.startswith(("/", ".")) else place.outside / target, path)

    return make


def _pipe(name: str) -> Make:
    """A named pipe, from which nothing ever comes."""

    def make(place: Place) -> None:
        path = place.path(name)
        path.unlink(missing_ok=True)
        os.mkfifo(path)

    return make


def _folder(name: str) -> Make:
    """A folder where a file belongs."""

    def make(place: Place) -> None:
        path = place.path(name)
        path.unlink(missing_ok=True)
        path.mkdir()

    return make


_PARTS = {"ontology": WORDS, "shapes": SHAPES, "queries": "queries/who-backs.rq", "background": BACKGROUND}
_FILES = {"facts": FACTS, "text": TEXT, **_PARTS}


def _posix() -> list[Case]:
    """What Windows has not, or lets only administrators make."""
    found = []
    for what, name in _FILES.items():
        for command in (("validate",), ("query", "who-backs"), ("export",)):
            kind = f"{what}-{command[0]}"
            exits = (3,) if command[0] != "validate" or what != "queries" else (0, 3)
            if what == "shapes" and command[0] != "validate":
                exits = (0, 3)
            found += [
                Case(f"link-{kind}", _link(name, "secret" + os.path.splitext(name)[1]), command, exits),
                Case(f"pipe-{kind}", _pipe(name), command, exits),
                Case(f"device-{kind}", _link(name, "/dev/zero"), command, exits),
            ]
    for folder, exits in (
        ("ontology", (3,)),
        ("shapes", (3, 1)),
        ("queries", (0, 3)),
        ("kg/background", (3,)),
        ("kg/articles", (3,)),
    ):
        found.append(
            Case(f"folder-{folder.replace('/', '-')}", _link(folder, "folders/" + folder), ("validate",), exits)
        )
        found.append(
            Case(
                f"folder-{folder.replace('/', '-')}-query",
                _link(folder, "folders/" + folder),
                ("query", "who-backs"),
                (0, 2, 3),
            )
        )
    return [*found, *_more_links()]


def _more_links() -> list[Case]:
    fmt = ("fmt",)
    return [
        Case("article-folder", _link("kg/articles/evil", "folders/kg/articles/2020-03-norland"), ("validate",), (3,)),
        Case(
            "article-folder-query",
            _link("kg/articles/evil", "folders/kg/articles/2020-03-norland"),
            ("query", "who-backs"),
            (3,),
        ),
        Case("article-ring", _link("kg/articles/evil", "."), ("validate",), (3,)),
        Case("link-ring", _link(TEXT, "article.txt"[:0] + "./article.txt"), ("validate",), (3,)),
        Case("relative-link", _link(TEXT, "../../../../outside/secret.txt"), ("validate",), (3,)),
        Case("link-to-nothing", _link(FACTS, "nothing.trig"), ("validate",), (3,)),
        Case("check-link", _link(FACTS, "secret.trig"), ("check",), (3,)),
        Case("check-query-link", _link("queries/who-backs.rq", "secret.rq"), ("check",), (3,)),
        Case("check-query-pipe", _pipe("queries/who-backs.rq"), ("check",), (3,)),
        Case("check-answer-link", _link("queries/answers/who-backs.csv", "secret"), ("check",), (1, 3)),
        Case("check-answer-pipe", _pipe("queries/answers/who-backs.csv"), ("check",), (1, 3)),
        Case("check-answers-folder", _link("queries/answers", "folders"), ("check",), (0, 1, 3)),
        Case("check-folder", _link("kg/background", "folders/kg/background"), ("check",), (3,)),
        Case("folder-of-folders", _link("kg", "folders/kg"), ("validate",), (3,), "outside"),
        Case("folder-of-folders-named", _link("kg", "folders/kg"), ("fmt", "kg"), (3,), "outside"),
        Case("folder-to-export", _link("kg/background", "folders/kg/background"), ("export",), (3,), "outside"),
        Case("folder-to-show", _link("queries", "folders/queries"), ("query", "--list"), (3,), "outside"),
        Case("fmt-link", _link(FACTS, "secret.trig"), fmt, (0, 3)),
        Case("fmt-pipe", _pipe(FACTS), fmt, (0, 3)),
        Case("fmt-device", _link(FACTS, "/dev/zero"), fmt, (0, 3)),
        Case("fmt-folder", _link("kg/background", "folders/kg/background"), fmt, (0, 3)),
        Case("fmt-named-link", _link(FACTS, "secret.trig"), ("fmt", FACTS), (0, 3)),
        Case("cache-link", _link(".kg", "folders"), ("query", "who-backs"), (0, 3)),
        Case("query-pipe", _pipe("hostile.rq"), ("query", "hostile.rq"), (2, 3)),
        Case("query-device", _link("hostile.rq", "/dev/zero"), ("query", "hostile.rq"), (2, 3, 4)),
        Case("data-pipe", _pipe("x.ttl"), ("query", "who-backs", "--data", "x.ttl"), (3,)),
        Case("data-device", _link("x.ttl", "/dev/zero"), ("query", "who-backs", "--data", "x.ttl"), (3, 4)),
        Case("shapes-device", _link("x.ttl", "/dev/zero"), ("validate", "--data", FACTS, "--shapes", "x.ttl"), (3, 4)),
        Case("new-pipe", _pipe("x.txt"), ("new", "x.txt"), (3,)),
        Case("new-device", _link("x.txt", "/dev/zero"), ("new", "x.txt"), (3, 4)),
    ]


_TEXT = "Norland has backed Sudland since 2015.\n"
_NEW: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "name-traversal": (("--name", "../../../escaped"), (2,)),
    "name-absolute": (("--name", "/tmp/escaped"), (2,)),
    "name-huge": (("--name", "a" * 5_000), (2,)),
    "name-option": (("--name=-rf",), (2,)),
    "title-code": (("--title", '" . } <a:a> <a:b> <a:c> . # """', "--name", "x"), (0,)),
    "title-huge": (("--title", "x" * 100_000, "--name", "x"), (0, 2)),
    "title-bidi": (("--title", "\u202eabc\x1b[31m", "--name", "x"), (0, 2, 3)),
    "title-traversal": (("--title", "../../../etc/passwd"), (0, 2)),
    "source-code": (("--source", "a:b> . <a:a> <a:b> <a:c", "--name", "x"), (2,)),
    "source-file": (("--source", "file:///etc/passwd", "--name", "x"), (0, 2)),
    "language-code": (("--language", 'en" . <a:a> <a:b> "', "--name", "x"), (2,)),
    "date-code": (("--reading-date", '2020-01-01" . <a:a>', "--name", "x"), (2,)),
    "date-huge": (("--reading-date", "9" * 5_000 + "-01-01", "--name", "x"), (2,)),
}

_DATA: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "context-remote": ("x.jsonld", '{"@context": "{url}/context.jsonld", "@id": "a:a", "name": "x"}', (3,)),
    "context-list": ("x.jsonld", '{"@context": [{}, "{url}/c.jsonld"], "@id": "a:a", "name": "x"}', (3,)),
    "context-import": ("x.jsonld", '{"@context": {"@version": 1.1, "@import": "{url}/c.jsonld"}, "@id": "a:a"}', (3,)),
    "context-scoped": (
        "x.jsonld",
        '{"@context": {"p": {"@id": "a:p", "@context": "{url}/c"}}, "@id": "a:a", "p": {"@id": "a:b"}}',
        (0, 3),
    ),
    "context-file": ("x.jsonld", '{"@context": "file:///etc/passwd", "@id": "a:a"}', (3,)),
    "json-deep": ("x.jsonld", "[" * 100_000 + "]" * 100_000, (4,)),
    "json-deep-objects": ("x.jsonld", '{"a:p":' * 20_000 + "1" + "}" * 20_000, (4,)),
    "json-number": ("x.jsonld", '{"@id": "a:a", "a:p": ' + "9" * 10_000 + "}", (0, 3)),
    "json-surrogate": ("x.jsonld", '{"@id": "a:a", "a:p": "\\ud800"}', (0, 3)),
    "xml-entities": (
        "x.rdf",
        "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a \"xxxxxxxxxx\">"
        + "".join(f'<!ENTITY {n} "{f"&{o};" * 10}">' for o, n in zip("abcdefgh", "bcdefghi", strict=True))
        + "]><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:p='a:'>"
        "<rdf:Description rdf:about='a:a'><p:p>&i;</p:p></rdf:Description></rdf:RDF>",
        (4,),
    ),
    "xml-external": (
        "x.rdf",
        "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM '../outside/secret.txt'>]>"
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:p='a:'>"
        "<rdf:Description rdf:about='a:a'><p:p>&x;</p:p></rdf:Description></rdf:RDF>",
        (3,),
    ),
    "xml-external-url": (
        "x.rdf",
        "<?xml version='1.0'?><!DOCTYPE r SYSTEM '{url}/x.dtd'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description rdf:about='a:a'><p xmlns='a:'>x</p></rdf:Description></rdf:RDF>",
        (0, 3),
    ),
    "xml-parameter-entity": ("x.rdf", "<!DOCTYPE r [<!ENTITY % p SYSTEM '{url}/p'> %p;]><r/>", (3,)),
    "xml-include": (
        "x.rdf",
        "<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='../outside/secret.txt'/>",
        (0, 3),
    ),
    "xml-deep": ("x.rdf", "<a>" * 50_000, (4,)),
    "xml-stylesheet": ("x.rdf", "<?xml-stylesheet href='{url}/x.xsl'?><r/>", (0, 3)),
    "ntriples-deep": ("x.nt", "<<( " * 10_000, (4,)),
    "nquads-nul": ("x.nq", '<a:a> <a:b> "\0" .', (0, 3)),
    "turtle-deep": ("x.ttl", "<a:a> <a:p> " + "[ <a:p> " * 2_000 + "1" + " ]" * 2_000 + " .", (0, 3)),
    "turtle-as-xml": ("x.rdf", "<a:a> <a:b> <a:c> .", (3,)),
    "unknown-ending": ("x.py", "import os; os.system('touch owned')", (3,)),
    "no-ending": ("x", "x", (3,)),
}
_FOREIGN_SHAPES = "@prefix sh: <http://www.w3.org/ns/shacl#> . <a:S> a sh:NodeShape ; sh:targetSubjectsOf <a:p> ; sh:nodeKind sh:IRI .\n"


def _foreign() -> list[Case]:
    found = []
    for name, (file, text, exits) in _DATA.items():
        make = all_of(written(file, text), written("shapes.ttl", _FOREIGN_SHAPES))
        found.append(Case(f"data-{name}-query", make, ("query", "who-backs", "--data", file), exits))
        found.append(
            Case(f"data-{name}-validate", make, ("validate", "--data", file, "--shapes", "shapes.ttl"), (*exits, 1))
        )
    return found


_COMMANDS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "show-traversal": (("show", "../../etc/passwd"), (2,)),
    "show-iri": (("show", "<{url}>"), (2,)),
    "show-surrogate": (("show", "\udcff"), (2,)),
    "show-huge": (("show", "x" * 50_000), (2,)),
    "why-code": (("why", "id:norland } SERVICE <a:b> {", "ent:backs", "id:sudland"), (2,)),
    "diff-option": (("diff", "--", "--output=owned", "HEAD"), (2, 3)),
    "diff-revision": (("diff", "HEAD; touch owned", "HEAD"), (2, 3)),
    "diff-device": (("diff", "/dev/zero", "/dev/zero"), (2, 3, 4)),
    "folder-root": (("-C", "/", "validate"), (3,)),
    "path-traversal": (("validate", "../outside/secret.txt"), (2,)),
    "fmt-traversal": (("fmt", "--check", "../nowhere.ttl"), (2, 3)),
    "export-nowhere": (("export", "-o", "nowhere/x.ttl"), (3,)),
    "data-url": (("query", "who-backs", "--data", "{url}/x.ttl"), (3,)),
    "shapes-url": (("validate", "--data", FACTS, "--shapes", "{url}/x.ttl"), (3,)),
}


def _folders() -> list[Case]:
    """Folders in the place of files, and articles with names that lead or mislead."""
    names = {
        "spaces": "a b",
        "dots": "...",
        "option": "-rf",
        "percent": "%2e%2e",
        "quote": 'a"b',
        "bidi": "\u202eabc",
        "terminal": "a\x1b[31mb",
        "line-break": "a\nb",
    }
    if os.name == "nt":
        names = {"spaces": "a b", "percent": "%2e%2e", "bidi": "\u202eabc"}
    found = [Case(f"folder-for-{what}", _folder(name), ("validate",), (0, 1, 3)) for what, name in _FILES.items()]
    found += [
        Case(
            f"article-named-{what}-{form}",
            written(f"kg/articles/{name}/article.txt", _TEXT),
            ("validate", "-f", form),
            (0, 3),
        )
        for what, name in names.items()
        for form in ("text", "github")
    ]
    many = all_of(*(written(f"kg/articles/{i}/article.txt", _TEXT) for i in range(500)))
    return [*found, Case("many-broken-articles", many, ("validate",), (3,))]


def cases() -> list[Case]:
    """All of them."""
    new = written("x.txt", _TEXT)
    found = [Case(f"new-{n}", new, ("new", "x.txt", *o), e) for n, (o, e) in _NEW.items()]
    found += [Case(f"command-{n}", written("x.txt", SECRET[:1]), c, e) for n, (c, e) in _COMMANDS.items()]
    posix = _posix() if hasattr(os, "mkfifo") else []
    return [*found, *_foreign(), *_folders(), *posix]
