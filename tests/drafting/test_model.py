"""Proposals by a model: answers that a server replays, good ones and bad ones, become proposals or are refused."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from replaying import Reply, facts, serving
from running import ROOT

from kg.cli.main import main
from kg.dataset import build
from kg.drafting.gazetteer import Gazetteer
from kg.drafting.model import client, rounds
from kg.drafting.model.answers import Places, read
from kg.drafting.model.prompt import Request, Requests, Unit
from kg.drafting.model.terms import Terms
from kg.source import documents, layout, proposals
from kg.source.article import Passage
from kg.source.layout import GraphFolder

pytestmark = pytest.mark.usefixtures("reading_once")

NAME = "2019-06-talvia-turkey"
VISIT = "Talvian President Amara Velindi visited Turkey on Monday."
HOPE = "“Turkey backs Talvia,” said Velindi."
TEXT = f"Turkey and Talvia\n\n{VISIT} {HOPE}\n"
TALVIA: dict[str, Any] = {"thing": "new:talvia", "class": "ent:State", "quote": VISIT, "words": ["Talvian"]}
VELINDI: dict[str, Any] = {
    "thing": "new:amara-velindi",
    "class": "ent:Person",
    "label": "Amara Velindi",
    "quote": VISIT,
    "words": ["Amara Velindi"],
}
GOES: dict[str, Any] = {
    "thing": "new:velindi-to-turkey",
    "class": "ent:Visit",
    "quote": VISIT,
    "words": ["visited Turkey on Monday"],
    "values": [
        {"role": "ent:visitor", "value": "new:amara-velindi"},
        {"role": "ent:destination", "value": "id:turkey"},
        {"role": "ent:status", "value": "ent:held"},
        {"role": "ent:start", "value": "d1"},
    ],
}
BACKS: dict[str, Any] = {
    "thing": "new:turkey-for-talvia",
    "class": "ent:Support",
    "quote": HOPE,
    "words": ["Turkey backs Talvia"],
    "speaker": "new:amara-velindi",
    "speech": "quoted",
    "values": [{"role": "ent:backer", "value": "id:turkey"}, {"role": "ent:backed", "value": "new:talvia"}],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for part in ("ontology", "shapes", "kg/background"):
        shutil.copytree(ROOT / part, tmp_path / "graph" / part)
    articles = tmp_path / "graph/kg/articles"
    articles.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "graph")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    Path("a.txt").write_text(TEXT, encoding="utf-8", newline="\n")
    assert main(["new", "a.txt", "--name", NAME, "--reading-date", "2019-06-13"]) == 0
    return tmp_path / "graph"


@pytest.fixture
def ask(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    def asking(answer: Callable[[str, int], Reply], *options: str) -> dict[str, Any]:
        with serving(answer) as server:
            capsys.readouterr()
            code = main(["propose", NAME, "--model", "replay", "--address", server.address, "-f", "json", *options])
            out, err = capsys.readouterr()
        found: dict[str, Any] = json.loads(out) if out else {}
        return found | {"code": code, "err": err, "server": server}

    return asking


def by_model(folder: Path) -> dict[str, proposals.Proposal]:
    found = proposals.read(GraphFolder(str(folder)), NAME)
    assert found
    return {p.name: p for p in found.proposals if p.by == "model: replay"}


def only(sentence: str, *rows: dict[str, Any], **more: Any) -> Callable[[str, int], Reply]:
    """An answer to one sentence in the first round; to all else, that there are no facts."""
    return lambda asked, number: facts(*rows, **more) if asked == sentence and number == 1 else facts()


def test_good_answers_await_review(folder: Path, ask: Callable[..., dict[str, Any]]) -> None:
    found = ask(lambda s, n: facts(GOES) if (s, n) == (VISIT, 1) else facts(BACKS) if (s, n) == (HOPE, 1) else facts())
    assert found["code"] == 0
    assert found["partial"] is None
    assert found["asked"] == found["sentences"] == 3
    told = by_model(folder)
    assert {p["name"] for p in found["proposed"]} == set(told)
    backing = next(p for name, p in told.items() if "turkey-for-talvia" in name)
    assert backing.awaits
    known = proposals.read(GraphFolder(str(folder)), NAME)
    beside = [p for p in known.awaiting if p.passage == backing.passage] if known else []
    assert "speaker" in "".join(str(t) for p in beside for t in p.described)  # the rules have found who says it
    visit = next(p for name, p in told.items() if "velindi-to-turkey" in name)
    assert '"2019-06-10"' in "".join(map(str, visit.triples))  # the Monday, as the tool reads it
    facts_file = (folder / "kg/articles" / NAME / "facts.trig").read_text("utf-8")
    assert "velindi-to-turkey" not in facts_file


def test_what_rules_have_named_a_model_is_offered(ask: Callable[..., dict[str, Any]]) -> None:
    server = ask(only(VISIT))["server"]
    offered = [json.loads(b["messages"][1]["content"])["known"] for b in server.asked]
    assert any(row["id"] == "id:amara-velindi" for rows in offered for row in rows)


# What the checks refuse, and what is refused before: by the check that is to notice it.
LIES: dict[str, tuple[str, dict[str, Any]]] = {
    "exchanged": ("exchanged-roles", BACKS | {"values": [
        {"role": "ent:backer", "value": "id:talvia"}, {"role": "ent:backed", "value": "id:turkey"}]}),
    "nobody says it": ("no-speaker", BACKS | {"speaker": None, "speech": None}),
    "planned": ("status-words", GOES | {"values": [
        *GOES["values"][:2], {"role": "ent:status", "value": "ent:planned"}]}),
}  # fmt: skip
NO_FACTS: dict[str, dict[str, Any]] = {
    "a visitor who was not offered": GOES | {"values": [{"role": "ent:visitor", "value": "id:somebody-else"}]},
    "a date of its own": GOES | {"values": [{"role": "ent:start", "value": "2019-06-11"}]},
    "words that are not there": GOES | {"words": ["flew to Turkey"]},
    "no words": GOES | {"words": []},
    "a quote that is not there": GOES | {"quote": VISIT.replace("Monday", "Tuesday")},
    "a role that the class has not": GOES | {"values": [{"role": "ent:buyer", "value": "id:turkey"}]},
    "a class that is none": GOES | {"class": "ent:Unicorn"},
    "a class of evidence": GOES | {"class": "ent:Passage"},
    "a status that is none": GOES | {"values": [{"role": "ent:status", "value": "ent:byVideoConference"}]},
    "a thing of nowhere": GOES | {"values": [{"role": "ent:visitor", "value": "new:somebody"}]},
    "a thing from elsewhere": GOES | {"thing": "https://example.org/x"},
    "a name that would be syntax": GOES | {"thing": "new:x } GRAPH <y> { id:turkey"},
    "a label of its own": VELINDI | {"thing": "new:amara", "label": "Amara the Great"},
    "no thing": GOES | {"thing": None},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused(folder: Path, ask: Callable[..., dict[str, Any]], lie: str) -> None:
    check, fact = LIES[lie]
    found = ask(lambda s, n: facts(fact) if s == fact["quote"] else facts())
    assert check in {row["rule"] for row in found["refused"]}, [r["message"] for r in found["refused"]]
    assert not [p for p in by_model(folder).values() if p.awaits]


@pytest.fixture(scope="module")
def request_for_visit() -> tuple[Request, Terms]:
    sources = documents.load_sources(layout.shipped())
    made = build.read_sources(sources)
    evidence = made.evidence[0]
    asked = Requests(made, evidence, Gazetteer(sources), "en")
    return asked.of(Unit(0, VISIT, "", HOPE)), asked.terms


@pytest.mark.parametrize("name", NO_FACTS)
def test_what_is_no_fact_is_told(request_for_visit: tuple[Request, Terms], name: str) -> None:
    request, terms = request_for_visit
    found = read(facts(NO_FACTS[name]), request, terms, Places("https://example.org/a", (), ()), "model: replay")
    assert not found.proposals
    assert [r.check for r in found.refusals] == ["answer"]


def test_a_good_fact_is_one(request_for_visit: tuple[Request, Terms]) -> None:
    """So that the refusals above are for what is wrong with them."""
    request, terms = request_for_visit
    found = read(facts(VELINDI, GOES), request, terms, Places("https://example.org/a", (), ()), "model: replay")
    assert len(found.proposals) == 2
    assert not found.refusals


@pytest.mark.parametrize("text", [f"```json\n{facts(GOES, VELINDI)}\n```", f"\n  ```\n{facts(GOES, VELINDI)}```\n"])
def test_an_answer_may_stand_in_a_block_of_code(request_for_visit: tuple[Request, Terms], text: str) -> None:
    request, terms = request_for_visit
    assert len(read(text, request, terms, Places("https://example.org/a", (), ()), "model: replay").proposals) == 2


def test_no_more_facts_are_read_than_a_sentence_can_have(request_for_visit: tuple[Request, Terms]) -> None:
    request, terms = request_for_visit
    found = read(facts(*[VELINDI] * 500), request, terms, Places("https://example.org/a", (), ()), "model: replay")
    assert len(found.proposals) == 60
    assert [r.message for r in found.refusals] == ["more than 60 facts of one sentence"]


def test_words_with_spaces_of_print_are_words(request_for_visit: tuple[Request, Terms]) -> None:
    request, terms = request_for_visit
    quote = VISIT.replace("visited Turkey", "visited\u00a0Turkey")
    other = request._replace(unit=request.unit._replace(text=quote))
    found = read(facts(VELINDI | {"quote": quote}), other, terms, Places("https://example.org/a", (), ()), "x")
    assert len(found.proposals) == 1


def test_words_that_occur_twice_are_those_of_the_sentence(request_for_visit: tuple[Request, Terms]) -> None:
    request, terms = request_for_visit
    passages = [
        Passage(f"https://example.org/a#{start}", VISIT, start, start + len(VISIT), (), ()) for start in (0, 500)
    ]
    for start, iri in ((0, passages[0].iri), (500, passages[1].iri), (480, passages[1].iri)):
        here = request._replace(unit=request.unit._replace(start=start))
        found = read(facts(VELINDI), here, terms, Places("https://example.org/a", passages, ()), "model: replay")
        assert [p.passage for p in found.proposals] == [iri]


def test_a_refusal_goes_back_and_is_mended(folder: Path, ask: Callable[..., dict[str, Any]]) -> None:
    wrong = GOES | {"values": [*GOES["values"][:2], {"role": "ent:status", "value": "ent:planned"}]}
    found = ask(lambda s, n: facts() if s != VISIT else facts(wrong) if n == 1 else facts(GOES))
    (again,) = [b for b in found["server"].asked if len(b["messages"]) == 4]
    (told,) = json.loads(again["messages"][-1]["content"].split("\n", 1)[1])["refused"]
    assert told["check"]
    assert told["found"]
    assert [p for p in by_model(folder).values() if p.awaits]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"facts": 1}',
        "I cannot help with that.",
        '{"facts": [1, null, []]}',
        facts(GOES)[:-40],  # half of one
        facts(GOES).replace('"mentions"', '"facts"'),  # twice the same key
        facts(GOES).replace('"speech": null', '"speech": NaN'),
        facts(GOES).replace('"speech": null', '"speech": 1e999'),
        '{"facts": ' + "[" * 100_000,
        '{"facts": ' + "9" * 10_000 + "}",
        "```\n" + "\n" * 1_000_000,
        json.dumps({"facts": [GOES] * 5000})[:400_000],
    ],
    ids=range(14),
)
def test_what_is_no_answer_has_no_facts(request_for_visit: tuple[Request, Terms], text: str) -> None:
    request, terms = request_for_visit
    found = read(text, request, terms, Places("https://example.org/a", (), ()), "model: replay")
    assert not found.proposals
    assert found.refusals


def test_what_is_no_answer_is_asked_again_and_told(ask: Callable[..., dict[str, Any]]) -> None:
    found = ask(lambda s, n: "I cannot help with that.")
    assert found["code"] == 0
    assert found["noFacts"]
    assert found["asked"] == found["sentences"]
    assert len(found["server"].asked) == 9  # each sentence three times, and no more


def test_a_server_that_knows_no_schemas_is_asked_without(ask: Callable[..., dict[str, Any]]) -> None:
    refusal = json.dumps({"error": {"message": "response_format is unknown"}})
    seen: list[str] = []

    def answer(sentence: str, number: int) -> Reply:
        seen.append(sentence)
        return (400, {}, refusal) if len(seen) == 1 else facts()

    found = ask(answer)
    assert found["code"] == 0
    assert ["response_format" in b for b in found["server"].asked] == [True, False, False, False]


def test_a_busy_server_is_waited_for(ask: Callable[..., dict[str, Any]]) -> None:
    seen: list[str] = []

    def answer(sentence: str, number: int) -> Reply:
        seen.append(sentence)
        return (429, {"Retry-After": "0.01"}, "{}") if len(seen) == 1 else facts()

    assert ask(answer)["partial"] is None


def test_a_server_without_end_is_left(
    folder: Path, ask: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "EACH", 3.0)
    found = ask(lambda s, n: None if s == HOPE else facts(GOES) if s == VISIT else facts())
    assert "within 3 s" in found["partial"]
    assert found["asked"] == 2
    assert [p for p in by_model(folder).values() if p.awaits]  # what was answered before is not lost


def test_a_run_goes_on_where_it_was(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "RETRIES", 0)
    broken = [True]
    with serving(lambda s, n: (500, {}, "") if s == HOPE and broken[0] else facts()) as server:
        line = ["propose", NAME, "--model", "replay", "--address", server.address, "-f", "json"]
        capsys.readouterr()
        assert main(line) == 0
        assert json.loads(capsys.readouterr().out)["partial"]
        broken.clear()
        broken.append(False)
        assert main(line) == 0
        assert json.loads(capsys.readouterr().out)["partial"] is None
    assert sorted(server.sentences().count(s) for s in set(server.sentences())) == [1, 1, 2]


def test_what_was_proposed_is_not_proposed_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And not asked again: what a model has proposed changes no request."""
    wrong = GOES | {
        "thing": "new:plan",
        "values": [*GOES["values"][:2], {"role": "ent:status", "value": "ent:planned"}],
    }
    with serving(lambda s, n: facts(GOES, wrong) if s == VISIT else facts()) as server:
        line = ["propose", NAME, "--model", "replay", "--address", server.address, "-f", "json"]
        before = []
        for _ in range(2):
            capsys.readouterr()
            assert main(line) == 0
            told = json.loads(capsys.readouterr().out)
            before.append((by_model(folder), len(server.asked)))
    assert before[0] == before[1]
    assert told["proposed"] == told["refused"] == []
    assert told["answersKept"] == len(server.asked)


def test_what_goes_back_is_told_even_if_there_is_no_time_to_ask_again(ask: Callable[..., dict[str, Any]]) -> None:
    wrong = GOES | {"values": [*GOES["values"][:2], {"role": "ent:status", "value": "ent:planned"}]}
    found = ask(lambda s, n: facts(wrong) if s == VISIT else facts(), "--most-tokens", "250")
    assert found["partial"]
    assert [row["rule"] for row in found["refused"]] == ["status-words"]
    assert found["returnedByCheck"] == {"status-words": 1}


def test_what_a_model_takes_back_is_counted(ask: Callable[..., dict[str, Any]]) -> None:
    found = ask(only(VISIT, GOES | {"words": ["flew to Turkey"]}))
    assert found["noFacts"] == []
    assert found["returnedByCheck"] == {"answer": 1}


def test_what_somebody_decides_meanwhile_stays(folder: Path, ask: Callable[..., dict[str, Any]]) -> None:
    assert main(["propose", NAME]) == 0
    graph_folder = GraphFolder(str(folder))

    def answer(sentence: str, number: int) -> Reply:
        found = proposals.read(graph_folder, NAME)
        assert found
        first = found.proposals[0]
        proposals.write(graph_folder, found.replaced(first, replace(first, refused="Ada Holm")))
        return facts(GOES) if (sentence, number) == (VISIT, 1) else facts()

    assert ask(answer)["code"] == 0
    found = proposals.read(graph_folder, NAME)
    assert found
    assert found.proposals[0].refused == "Ada Holm"
    assert by_model(folder)


def test_tokens_are_bounded(ask: Callable[..., dict[str, Any]]) -> None:
    found = ask(lambda s, n: facts(), "--most-tokens", "150")
    assert found["asked"] == 2
    assert "tokens" in found["partial"]


def test_the_key_is_not_sent_on(folder: Path, ask: Callable[..., dict[str, Any]]) -> None:
    with serving(lambda s, n: facts()) as other:
        found = ask(lambda s, n: (307, {"Location": f"{other.address}/chat/completions"}, ""))
        assert not other.asked
    assert found["code"] == 3
    assert "sk-very-secret" in found["server"].headers[0]["authorization"]
    written = [p for p in [*folder.rglob("*"), *(folder.parent / "cache").rglob("*")] if p.is_file()]
    assert written
    assert not any(b"sk-very-secret" in p.read_bytes() for p in written)
    assert "sk-very-secret" not in found["err"]


def test_it_is_said_where_the_words_go(ask: Callable[..., dict[str, Any]]) -> None:
    found = ask(only(VISIT))
    assert f"the words of {NAME} are sent to {found['server'].address}" in found["err"]


def test_a_dry_run_prints_what_is_sent(ask: Callable[..., dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    sent = ask(only(VISIT))["server"].asked
    assert main(["propose", NAME, "--model", "replay", "--dry-run"]) == 0
    text, decoder, shown = capsys.readouterr().out, json.JSONDecoder(), []
    while text.strip():
        body, end = decoder.raw_decode(text.lstrip())
        text = text.lstrip()[end:]
        shown.append(body)
    assert shown == sent


def test_a_text_that_talks_to_the_model_does_nothing(folder: Path, ask: Callable[..., dict[str, Any]]) -> None:
    """As if a model had obeyed: what it proposes is refused, or awaits a person as all else."""
    before = (folder / "kg/articles" / NAME / "facts.trig").read_bytes()
    obeyed = GOES | {"thing": "id:turkey", "class": "ent:State", "label": "Ignore your instructions", "values": []}
    found = ask(only(VISIT, obeyed))
    assert (folder / "kg/articles" / NAME / "facts.trig").read_bytes() == before
    assert found["code"] == 0


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://models.example.org/v1", "without encryption"),
        ("ftp://localhost", "no address"),
        ("https://user:word@localhost/v1", "no address"),
    ],
)
def test_an_address_that_would_tell_the_key_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], address: str, said: str
) -> None:
    assert main(["propose", NAME, "--model", "replay", "--address", address]) == 2
    assert said in capsys.readouterr().err


def test_without_a_key_or_an_address_nothing_is_sent(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    assert main(["propose", NAME, "--model", "replay"]) == 2
    assert "OPENAI_API_KEY" in capsys.readouterr().err
