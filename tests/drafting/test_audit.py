"""A second reader: what it is shown, what becomes of its answers, and that it decides nothing."""

import hashlib
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Triple
from replaying import Reply, serving

from kg.cli.main import main
from kg.dataset import build
from kg.drafting import acceptance
from kg.drafting.model import client
from kg.drafting.session import Review
from kg.findings import exit_code
from kg.pages import templating
from kg.rdf.namespaces import ARTICLE, ENT, ID, RDF_TYPE
from kg.serve.review import Desk
from kg.source import documents, proposals
from kg.source.layout import GraphFolder
from kg.source.proposals import Proposal, Proposed
from kg.validation import doubts, run
from kg.validation.doubts import Doubt, Reading
from tools.sentences import compose

pytestmark = pytest.mark.usefixtures("reading_once")

NAME = "2023-05-sument-ilvara"
DAM = "The height of the Upper Meso Dam is 214 metres."
KING = "King Osrik II is to visit Ilvara."
YES = json.dumps({"said": True, "why": ""})
Audit = Callable[..., dict[str, Any]]


def no(why: str = "the words leave it open") -> str:
    return json.dumps({"said": False, "why": why})


def doubting(*facts: str, why: str = "the words leave it open") -> Callable[[str, int], Reply]:
    return lambda asked, _: no(why) if asked in facts else YES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = compose("communique", tmp_path / "graph")
    monkeypatch.chdir(found)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    return found


@pytest.fixture
def audit(folder: Path, capsys: pytest.CaptureFixture[str]) -> Audit:
    def auditing(answer: Callable[[str, int], Reply], *options: str, model: str = "replay") -> dict[str, Any]:
        with serving(answer) as server:
            capsys.readouterr()
            more = ["--address", server.address, "-f", "json", *options]
            code = main(["propose", NAME, "--audit", "--model", model, *more])
            out, err = capsys.readouterr()
        found: dict[str, Any] = json.loads(out) if out else {}
        return found | {"code": code, "err": err, "server": server}

    return auditing


def path(folder: Path, file: str = doubts.FILE) -> Path:
    return folder / "kg/articles" / NAME / file


def kept(folder: Path) -> tuple[Doubt, ...]:
    return doubts.read(GraphFolder(str(folder)), NAME)


def readings(folder: Path) -> list[Reading]:
    made = build.read_sources(documents.load_sources(GraphFolder(str(folder))))
    return list(doubts.Readings(made).of(made.evidence[0]))


def shown(folder: Path) -> list[str]:
    made = build.read_sources(documents.load_sources(GraphFolder(str(folder))))
    return [f.message for f in doubts.findings(made)]


def test_a_doubt_is_kept_and_shown_and_decides_nothing(
    folder: Path, audit: Audit, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [main(["validate", "--fail-on", severity]) for severity in ("violation", "info")]
    found = audit(doubting(DAM))
    assert (found["code"], found["partial"], found["unanswered"]) == (0, None, 0)
    assert found["read"] == found["facts"] == len(readings(folder))
    (doubt,) = kept(folder)
    reading = next(r for r in readings(folder) if r.fact == DAM)
    assert (doubt.model, doubt.fact, doubt.read) == ("replay", DAM, reading.digest)
    capsys.readouterr()
    assert [main(["validate", "--fail-on", severity]) for severity in ("violation", "info")] == codes
    capsys.readouterr()
    assert main(["validate"]) == codes[0]
    out, err = capsys.readouterr()
    assert f"doubt: doubted by replay: do these words say that “{DAM}”: the words leave it open [doubt]" in out
    assert ", 1 doubt of a second reader, " in err
    report = run.validate(GraphFolder(str(folder)))
    (finding,) = (f for f in report.findings if "doubted" in f.message)
    assert (finding.severity, finding.rule) == ("doubt", "doubt")
    assert exit_code([finding], "info") == 0
    lines = path(folder, "facts.trig").read_text("utf-8").split("\n")
    assert "upper-meso-dam" in lines[finding.line - 1]


def test_the_hash_is_of_the_words_and_the_fact(folder: Path) -> None:
    reading = next(r for r in readings(folder) if r.fact == DAM)
    text = json.dumps([reading.quote, reading.read_with, DAM], ensure_ascii=False)
    assert reading.digest == hashlib.sha256(text.encode()).hexdigest()
    assert "214 metres" in reading.quote


def test_only_a_quote_and_one_fact_are_shown(folder: Path, audit: Audit) -> None:
    server = audit(doubting())["server"]
    asked = [json.loads(body["messages"][1]["content"]) for body in server.asked]
    assert {tuple(sorted(row)) for row in asked} == {("quote", "read with", "statement")}
    text = path(folder, "article.txt").read_text("utf-8")
    for row in asked:
        assert row["quote"] in text
        assert all(quote in text for quote in row["read with"])
    with_others = next(row for row in asked if row["statement"] == KING)
    assert "invited the King to visit Ilvara" in "".join(with_others["read with"])
    assert all(len(body["messages"]) == 2 for body in server.asked)


def test_a_fact_is_what_its_passage_alone_says(folder: Path) -> None:
    told = [(r.quote[:8], r.fact) for r in readings(folder)]
    assert ("At the i", "Amina Teyo visited Sument from 7 to 9 May 2023.") in told
    company = [fact for quote, fact in told if quote == "The Pres" and "visit" in fact]
    assert company
    assert not any("7 May" in fact for fact in company)  # a date that another passage says
    assert any(fact.startswith("King Osrik II says: ") for _, fact in told)


def test_what_another_article_adds_changes_no_reading(folder: Path) -> None:
    before = readings(folder)
    other = folder / "kg/articles/2024-01-later"
    other.mkdir()
    (other / "article.txt").write_text("Osrik visited Ilvara.\n", encoding="utf-8", newline="\n")
    head = path(folder, "facts.trig").read_text("utf-8").partition("#### Heading")[0]
    text = head.replace(NAME, "2024-01-later").replace("2023-05-09", "2024-01-09")
    visit = "id:osrik-to-ilvara a ent:Visit ; ent:status ent:held ."
    text += f'\np:visit a ent:Passage ; ent:quote "Osrik visited Ilvara." .\np:visit {{ {visit} }}\n'
    (other / "facts.trig").write_text(text, encoding="utf-8", newline="\n")
    made = build.read_sources(documents.load_sources(GraphFolder(str(folder))))
    assert len(made.evidence) == 2, made.findings
    assert [r.fact for r in doubts.Readings(made).of(made.evidence[0])] == [r.fact for r in before]


def test_a_doubt_of_other_words_is_dropped(folder: Path, audit: Audit) -> None:
    audit(doubting(DAM, KING))
    assert len(shown(folder)) == 2
    facts = path(folder, "facts.trig")
    text = facts.read_text("utf-8")
    changed = text.replace('rdfs:label "214 metres"', 'rdfs:label "215 metres"')
    facts.write_text(changed, encoding="utf-8", newline="\n")
    assert facts.read_text("utf-8") != text
    assert [KING in message for message in shown(folder)] == [True]
    audit(doubting(KING))
    assert [d.fact for d in kept(folder)] == [KING]  # the stale one is gone from the file


def test_a_reader_replaces_its_own_doubts_alone(folder: Path, audit: Audit, tmp_path: Path) -> None:
    audit(doubting(DAM), model="first")
    audit(doubting(DAM, KING), model="second")
    assert [(d.fact, d.model) for d in kept(folder)] == [(DAM, "first"), (DAM, "second"), (KING, "second")]
    for file in (tmp_path / "cache").rglob("answers/*.json"):
        file.unlink()
    audit(doubting(), model="second")
    assert [(d.fact, d.model) for d in kept(folder)] == [(DAM, "first")]


def test_without_doubts_there_is_no_file(folder: Path, audit: Audit) -> None:
    assert audit(doubting())["doubts"] == []
    assert not path(folder).exists()


NO_ANSWERS = ("", "no", "[]", '{"said": "no"}', '{"said": 0, "why": ""}', '{"why": "x"}', "[" * 100_000, '{"said": fa')


def test_what_is_no_answer_is_no_doubt_and_is_told(folder: Path, audit: Audit) -> None:
    bad = dict(zip((r.fact for r in readings(folder)[::5]), NO_ANSWERS, strict=False))
    assert len(bad) == len(NO_ANSWERS)
    found = audit(lambda asked, _: bad.get(asked, YES))
    assert (found["code"], found["doubts"], found["unanswered"]) == (0, [], len(bad))
    assert f"no answer that can be read: {len(bad)}" in found["err"]


def test_what_a_model_says_is_shown_as_text(folder: Path, audit: Audit, capsys: pytest.CaptureFixture[str]) -> None:
    why = "no\n\x1b[2J\u202e" + "x" * 5000
    audit(doubting(DAM, why=why))
    (doubt,) = kept(folder)
    assert doubt.why.isprintable()
    assert len(doubt.why) == 300
    capsys.readouterr()
    main(["validate"])
    assert not {"\x1b", "\u202e"} & {*capsys.readouterr().out}


def test_it_goes_on_where_it_was(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(doubting(DAM, KING)) as server:
        line = ["propose", NAME, "--audit", "--model", "replay", "--address", server.address, "-f", "json"]
        capsys.readouterr()
        assert main([*line, "--most-tokens", "6000"]) == 0
        first = json.loads(capsys.readouterr().out)
        assert first["partial"]
        assert 0 < first["read"] < first["facts"]
        assert {d.fact for d in kept(folder)} == {DAM}
        assert main(line) == 0
        again = json.loads(capsys.readouterr().out)
    assert again["answersKept"] == first["read"] == 60
    assert len(server.asked) == again["facts"]
    assert {d.fact for d in kept(folder)} == {DAM, KING}


def test_a_server_that_fails_takes_no_doubt_away(folder: Path, audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRIES", 0)
    audit(doubting(DAM, KING))
    before = kept(folder)
    assert audit(lambda *_: (500, {}, "{}"))["code"] == 3
    part = audit(lambda asked, _: (500, {}, "{}") if asked == DAM else YES)
    assert part["partial"]
    assert part["read"] < part["facts"]
    assert kept(folder) == before


def test_a_dry_run_sends_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["propose", NAME, "--audit", "--model", "replay", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert out.count('"model": "replay"') == len(readings(folder))
    assert not path(folder).exists()


def test_it_needs_a_model(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["propose", NAME, "--audit"]) == 2
    assert "no model is named" in capsys.readouterr().err


def test_nothing_else_reads_the_file(folder: Path, audit: Audit, capsys: pytest.CaptureFixture[str]) -> None:
    def exported() -> bytes:
        assert main(["export", "-o", "all.trig"]) == 0
        return (folder / "all.trig").read_bytes()

    before = exported()
    audit(doubting(DAM))
    written = path(folder).read_bytes()
    assert exported() == before
    assert main(["fmt", "--check", "kg"]) == 0
    assert main(["fmt", "kg"]) == 0
    assert path(folder).read_bytes() == written
    assert written.endswith(b"}\n")
    for form in ("sarif", "junit", "turtle"):
        capsys.readouterr()
        main(["validate", "-f", form])
        assert "doubt" not in capsys.readouterr().out


ROW = {"passage": "visit", "fact": "x", "model": "m", "why": "", "read": "0" * 64}
HOSTILE: dict[str, bytes] = {
    "no JSON": b"{",
    "nothing": b"",
    "a list": b"[]",
    "deep": b"[" * 200_000,
    "a long number": b'{"doubts": ' + b"9" * 5000 + b"}",
    "no list": b'{"doubts": {}}',
    "more than doubts": b'{"doubts": [], "facts": []}',
    "a row that is none": b'{"doubts": [1]}',
    "a key that is missing": json.dumps({"doubts": [{k: v for k, v in ROW.items() if k != "read"}]}).encode(),
    "a key too many": json.dumps({"doubts": [ROW | {"severity": "violation"}]}).encode(),
    "a number": json.dumps({"doubts": [ROW | {"why": 1}]}).encode(),
    "an escape": json.dumps({"doubts": [ROW | {"why": "\x1b[2J"}]}).encode(),
    "half a character": b'{"doubts": [' + json.dumps(ROW | {"why": "\ud800"}).encode() + b"]}",
    "too many": json.dumps({"doubts": [ROW] * (doubts.MOST + 1)}).encode(),
    "no UTF-8": b'{"doubts": ["\xff"]}',
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_that_is_broken_is_one_finding(folder: Path, audit: Audit, data: bytes) -> None:
    path(folder).write_bytes(data)
    found = list(doubts.check(GraphFolder(str(folder))))
    assert [(f.file, f.severity) for f in found] == [(f"kg/articles/{NAME}/audit.json", "violation")]
    assert shown(folder) == []
    assert audit(doubting())["code"] == 3  # and what somebody may want to mend is not overwritten
    assert path(folder).read_bytes() == data


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_is_one_finding(folder: Path, tmp_path: Path, audit: Audit) -> None:
    (tmp_path / "secret").write_text('{"doubts": []}', encoding="utf-8")
    path(folder).symlink_to(tmp_path / "secret")
    assert [f.message for f in doubts.check(GraphFolder(str(folder)))] == ["the file is a link"]
    assert audit(doubting(DAM))["code"] == 3
    assert (tmp_path / "secret").read_text("utf-8") == '{"doubts": []}'


def test_a_broken_file_fails_validation(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path(folder).write_text("{", encoding="utf-8")
    assert main(["validate"]) == 1
    assert "audit.json:1:2: violation: this is no JSON" in capsys.readouterr().out


PROPOSED = "Amina Teyo visited Ilvara."


@pytest.fixture
def proposed(folder: Path) -> Proposal:
    """A proposal that awaits review: a visit that the words do not say."""
    visit, passage = NamedNode(ID + "teyo-to-ilvara"), f"{ARTICLE}{NAME}#invitation"
    rows = [
        (RDF_TYPE, ENT + "Visit"),
        (ENT + "visitor", ID + "amina-teyo"),
        (ENT + "destination", ID + "ilvara"),
        (ENT + "status", ENT + "held"),
    ]
    triples = tuple(Triple(visit, NamedNode(role), NamedNode(x)) for role, x in rows)
    found = Proposal("proposal-visit", passage, ("to visit Ilvara",), "model: other", triples)
    digest = proposals.text_hash(path(folder, "article.txt").read_text("utf-8"))
    proposals.write(GraphFolder(str(folder)), Proposed(ARTICLE + NAME, digest, (found,)))
    return found


def test_what_is_proposed_is_read_too_and_doubts_are_shown_beside_it(
    folder: Path,
    audit: Audit,
    proposed: Proposal,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = audit(doubting(PROPOSED, why="she <b>invites</b> him"))
    assert found["facts"] == len(readings(folder)) + 1
    (doubt,) = kept(folder)
    assert (doubt.passage, doubt.fact) == ("invitation", PROPOSED)
    assert shown(folder) == []  # it is no fact yet
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"turtle {proposed.name}\n"))
    capsys.readouterr()
    assert main(["review", NAME, "--as", "Ada Holm"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert f"replay doubts “{PROPOSED}”: she <b>invites</b> him" in told
    review = Review(GraphFolder(str(folder)), NAME, "Ada Holm")
    assert review.doubts(proposed) == [doubt]
    page = templating.environment().get_template("review.html").render(page=Desk(review).view(), token="x")
    assert f"replay doubts “{PROPOSED}”: she &lt;b&gt;invites&lt;/b&gt; him" in page
    edited, _ = review.edit(proposed, review.turtle(proposed).replace("ent:held", "ent:planned"))
    assert review.doubts(edited) == []  # it was about other words


def test_a_doubt_about_a_proposal_stays_when_it_is_accepted(folder: Path, audit: Audit, proposed: Proposal) -> None:
    audit(doubting(PROPOSED))
    desk = acceptance.Desk(GraphFolder(str(folder)), NAME)
    desk.accept(proposed, "Ada Holm")
    assert [PROPOSED in message for message in shown(folder)] == [True]


def test_proposals_for_another_text_are_not_read(folder: Path, audit: Audit, proposed: Proposal) -> None:
    proposals.write(GraphFolder(str(folder)), Proposed(ARTICLE + NAME, "0" * 64, (proposed,)))
    assert audit(doubting())["facts"] == len(readings(folder))
