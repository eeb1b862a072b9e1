"""Proposals: what is proposed of a text, judged, reviewed by a person and made facts, from first to last."""

import io
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from running import ROOT

from kg.cli.main import main
from kg.drafting import acceptance
from kg.drafting.acceptance import Desk
from kg.drafting.session import Review
from kg.errors import InputError
from kg.findings import Finding
from kg.graph import Graph
from kg.rdf.terms import value
from kg.source import layout, proposals
from kg.source.layout import GraphFolder

pytestmark = pytest.mark.usefixtures("reading_once")

NAME = "2019-06-talvia-turkey"
TEXT = """Turkey and Talvia agree on a railway

Talvian President Amara Velindi visited Turkey on Monday. Her visit cost 2 million US dollars.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for part in ("ontology", "shapes", "kg/background"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "kg/articles").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8", newline="\n")
    assert main(["new", "a.txt", "--name", NAME, "--reading-date", "2019-06-13"]) == 0
    return tmp_path


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def review(*answers: str, by: str = "Ada Holm") -> int:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in answers)))
        return main(["review", NAME, "--as", by])

    return review


def facts(folder: Path) -> str:
    return (folder / "kg/articles" / NAME / "facts.trig").read_text("utf-8")


def waiting(folder: Path) -> list[str]:
    found = proposals.read(GraphFolder(str(folder)), NAME)
    return [p.name for p in found.awaiting] if found else []


def test_from_a_text_to_facts_by_review(
    folder: Path, answering: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["propose", NAME]) == 0
    assert {"proposal-amara-velindi", "proposal-velindi-as-president"} <= set(waiting(folder))
    capsys.readouterr()
    assert main(["validate", f"kg/articles/{NAME}", "--fail-on", "violation"]) == 1
    assert f"{len(waiting(folder))} proposals await review: kg review {NAME}" in capsys.readouterr().err
    assert answering(*(f"accept {name}" for name in waiting(folder))) == 0
    shown = capsys.readouterr()
    assert "Amara Velindi is the President of Talvia" in shown.out
    assert "“Talvian President [Amara Velindi] visited Turkey on Monday.”" in shown.out
    assert "0 proposals await review" in shown.err
    assert waiting(folder) == []
    assert "id:velindi-as-president a ent:Tenure ;" in facts(folder)
    assert 'ent:proposedBy "rules" ;\n    ent:acceptedBy "Ada Holm" .' in facts(folder)
    assert main(["fmt", "--check", "kg/articles"]) == 0
    capsys.readouterr()
    main(["validate", f"kg/articles/{NAME}"])
    wrong = re.findall(r"violation: .*\[([\w-]+)\]", capsys.readouterr().out)
    assert set(wrong) <= {"empty-passage"}


def test_what_is_proposed_is_no_fact(folder: Path) -> None:
    before = Graph(GraphFolder(str(folder))).export()
    assert main(["propose", NAME]) == 0
    assert waiting(folder)
    graph = Graph(GraphFolder(str(folder)))
    assert graph.export() == before
    assert b"amara-velindi" not in before


def test_what_was_refused_is_not_proposed_again(folder: Path, answering: Callable[..., int]) -> None:
    main(["propose", NAME])
    first, *others = waiting(folder)
    assert answering(f"refuse {first}") == 0
    assert waiting(folder) == others
    assert main(["propose", NAME]) == 0
    assert waiting(folder) == others


def test_what_is_stated_by_another_name_is_not_proposed_again(folder: Path, answering: Callable[..., int]) -> None:
    assert main(["propose", NAME]) == 0
    assert answering(*(f"accept {name}" for name in waiting(folder))) == 0
    told = facts(folder)
    visit, cost = (next(iter(re.findall(rf"(id:\S+) a ent:{kind} ", told))) for kind in ("Visit", "Quantity"))
    path = folder / "kg/articles" / NAME / "facts.trig"
    path.write_text(told.replace(visit, "id:my-visit").replace(cost, "id:my-cost"), encoding="utf-8", newline="\n")
    assert main(["propose", NAME]) == 0
    assert waiting(folder) == []
    path.write_text(facts(folder).replace(" a ent:Visit ", " a ent:Meeting "), encoding="utf-8", newline="\n")
    assert main(["propose", NAME]) == 0
    assert waiting(folder) == [visit.replace("id:", "proposal-")]


def test_what_nobody_had_said_comes_back_once_somebody_says_it(folder: Path) -> None:
    text = "Quarrel over a loan\n\nTalvia and Norland met.\n\n“Talvia owes Norland $6 billion.”\n"
    (folder / "b.txt").write_text(text, encoding="utf-8", newline="\n")
    assert main(["new", "b.txt", "--name", "loan", "--reading-date", "2019-06-13"]) == 0
    review = Review(GraphFolder(str(folder)), "loan", "Ada Holm")

    def awaiting() -> set[str]:
        return {p.name for p in review.desk.proposed.awaiting}

    withheld = {p.name for p in review.desk.proposed.proposals if p.refused == "check: no-speaker"}
    assert any("6-billion" in name for name in withheld)
    while (proposal := review.next()) is not None:
        assert review.accept(proposal) == []
    passage = next(p for p in review.passages() if "owes" in p.quote)
    (said,) = review.say(passage, "Norland says this").proposals
    assert review.accept(said) == []
    assert withheld <= awaiting()
    assert review.undo()
    assert not withheld & awaiting()


def test_what_is_left_for_later_comes_again_and_last(
    folder: Path, answering: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["propose", NAME])
    first, second, *_ = waiting(folder)
    assert answering(f"later {first}", f"refuse {second}", "undo") == 0
    assert {first, second} <= set(waiting(folder))
    capsys.readouterr()
    assert answering(f"accept {second}") == 0
    assert first in waiting(folder)


def test_an_undo_takes_back_what_was_accepted(folder: Path, answering: Callable[..., int]) -> None:
    main(["propose", NAME])
    first, before = waiting(folder)[0], facts(folder)
    assert answering(f"accept {first}", "undo") == 0
    assert (facts(folder), waiting(folder)[0]) == (before, first)


def test_an_answer_from_a_pipe_names_what_it_is_for(
    folder: Path, answering: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["propose", NAME])
    before = facts(folder)
    assert answering("a") == 2
    assert "does not name what is asked" in capsys.readouterr().err
    assert facts(folder) == before


def test_what_the_checks_refuse_is_not_proposed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "kg/articles" / NAME / "facts.trig"
    wrong = facts(folder).replace("{\n", '{\n    id:amara-velindi a ent:City ; rdfs:label "Amara Velindi"@en .\n', 2)
    path.write_text(wrong, encoding="utf-8", newline="\n")
    path.with_name("proposed.trig").unlink()
    capsys.readouterr()
    assert main(["propose", NAME, "-f", "json"]) == 0
    assert "proposal-velindi-as-president" not in waiting(folder)
    assert '"refusedByCheck": {' in capsys.readouterr().out


def test_an_edit_is_checked_again(
    folder: Path, answering: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = folder / "editor.py"
    script.write_text(
        "import sys\npath = sys.argv[1]\ntext = open(path, encoding='utf-8').read()\n"
        "open(path, 'w', encoding='utf-8').write(text.replace('a ent:', 'a ent:Government , ent:'))\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" "{script}"' if os.name != "nt" else f"{sys.executable} {script}")
    main(["propose", NAME])
    first = waiting(folder)[0]
    assert answering(f"edit {first}") == 0
    found = proposals.read(GraphFolder(str(folder)), NAME)
    assert found is not None
    (edited,) = (p for p in found.proposals if p.name == first)
    assert edited.by.endswith(acceptance.EDITED)
    assert any(value(t.object).endswith("#Government") for t in edited.triples)


def test_what_was_edited_and_accepted_does_not_come_back(
    folder: Path, answering: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = folder / "editor.py"
    script.write_text(
        "import sys\npath = sys.argv[1]\ntext = open(path, encoding='utf-8').read()\n"
        "assert not sys.stdin.read()\n"  # the answers are none of its input
        "open(path, 'w', encoding='utf-8').write(text + 'id:turkey ent:wording \"railway\"@en .\\n')\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" "{script}"' if os.name != "nt" else f"{sys.executable} {script}")
    main(["propose", NAME])
    first = waiting(folder)[0]
    assert answering(f"edit {first}", f"accept {first}") == 0
    left = waiting(folder)
    assert first not in left
    main(["propose", NAME])
    assert waiting(folder) == left


def test_a_proposal_says_that_another_which_it_rests_on_was_refused(
    folder: Path, answering: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["propose", NAME])
    names = waiting(folder)
    thing = next(n for n in names if n == "proposal-amara-velindi")
    order = [f"refuse {n}" if n == thing else f"later {n}" for n in names]
    capsys.readouterr()
    answering(*order)
    out = capsys.readouterr().out
    visit = next(n for n in names if "visit" in n)
    assert "which was refused: nothing introduces id:amara-velindi" in " ".join(out[out.index(visit) :].split())


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets the process die at the n-th write from now on, before it or after it by turns."""
    real = layout.write_atomic

    def arm(at: int) -> None:
        count = 0

        def write(path: str, data: bytes, mode: int = 0o666, *, durable: bool = True) -> None:
            nonlocal count
            count += 1
            if count == (at + 1) // 2:
                if at % 2 == 0:
                    real(path, data, mode, durable=durable)
                raise KeyboardInterrupt
            real(path, data, mode, durable=durable)

        monkeypatch.setattr(layout, "write_atomic", write)

    return arm


@pytest.mark.parametrize("at", range(1, 9))
def test_a_kill_at_any_write_loses_nothing_and_accepts_nothing_twice(
    folder: Path, answering: Callable[..., int], killed: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    main(["propose", NAME])
    names = waiting(folder)[:2]
    graph_folder, before = GraphFolder(str(folder)), facts(folder)
    with monkeypatch.context():
        killed(at)
        code = answering(f"accept {names[0]}", f"accept {names[1]}")
        monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert code in (0, 130)
    desk = Desk(graph_folder, NAME)
    left = {p.name for p in desk.proposed.awaiting}
    read = proposals.read(graph_folder, NAME)
    assert read is not None
    for proposal in read.proposals:  # each is a fact, or still proposed, and never both once it is looked at
        stated = acceptance.is_stated(desk.article.facts, proposal)
        assert stated != (proposal.name in left)
    accepted = facts(folder).count("rdfs:label") - before.count("rdfs:label")
    assert accepted == len([n for n in names if n not in left])


def test_nothing_is_accepted_where_the_facts_have_changed(folder: Path) -> None:
    main(["propose", NAME])
    desk = Desk(GraphFolder(str(folder)), NAME)
    path = folder / "kg/articles" / NAME / "facts.trig"
    path.write_text(facts(folder) + "\n", encoding="utf-8", newline="\n")
    with pytest.raises(InputError, match="changed meanwhile"):
        desk.accept(desk.proposed.awaiting[0], "Ada Holm")
    assert "acceptedBy" not in facts(folder)


def test_nothing_is_reviewed_for_another_text(folder: Path) -> None:
    main(["propose", NAME])
    (folder / "kg/articles" / NAME / "article.txt").write_text(TEXT + "More.\n", encoding="utf-8", newline="\n")
    with pytest.raises(InputError, match="the text has changed"):
        Desk(GraphFolder(str(folder)), NAME)


WHOLE = 'p:y a ent:Proposal ; ent:proposedFor p:x ; ent:words "a" ; ent:proposedBy "b" .'
HOSTILE = {
    "no TriG": "p:x a",
    "facts outside": "id:melk a ent:City .",
    "a graph of another article": "<https://w3id.org/entente/article/other#x> { id:melk a ent:City . }",
    "a background graph": "<https://w3id.org/entente/background/x> { id:melk a ent:City . }",
    "a passage of its own": 'p:x a ent:Passage ; ent:quote "Turkey" . p:x { id:melk a ent:City . }',
    "blank nodes": f"{WHOLE} p:y {{ [] a ent:City . }}",
    "no words": 'p:y a ent:Proposal ; ent:proposedFor p:x ; ent:proposedBy "b" . p:y { id:melk a ent:City . }',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_proposals_are_a_finding_and_harm_nothing(
    folder: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "".join(line for line in facts(folder).splitlines(keepends=True) if line.startswith("@prefix"))
    before = Graph(GraphFolder(str(folder))).export()
    (folder / "kg/articles" / NAME / "proposed.trig").write_text(head + HOSTILE[kind], encoding="utf-8", newline="\n")
    found: list[Finding] = list(proposals.check(GraphFolder(str(folder))))
    assert found
    assert all(f.file.endswith("proposed.trig") for f in found)
    assert Graph(GraphFolder(str(folder))).export() == before
    assert main(["review", NAME, "--as", "Ada Holm"]) == 3


@pytest.mark.parametrize(
    ("given", "configured", "name"), [("Ada Holm", "", "Ada Holm"), ("", " Ada  Holm\n", "Ada Holm")]
)
def test_who_accepts_is_a_name(given: str, configured: str, name: str) -> None:
    assert acceptance.author(given, configured) == name


@pytest.mark.parametrize("given", ["", "ada@example.org", "Ada\x1b[1m"])
def test_an_address_is_no_name(given: str) -> None:
    with pytest.raises(InputError):
        acceptance.author(given, "")
