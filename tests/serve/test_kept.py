from typing import Any

import pytest

from kg.serve import kept
from kg.serve.kept import Kept
from kg.serve.protocol import Task

PAGE: dict[str, Any] = {"do": "page", "path": "/", "parameters": {}, "accept": None}


def response(body: bytes = b"x", **more: Any) -> tuple[dict[str, Any], bytes]:
    return {"status": 200, "version": "1", "keeps": True, **more}, body


def test_what_is_always_the_same_is_kept() -> None:
    store, other = Kept(), {**PAGE, "path": "/other/"}
    store.keep(PAGE, response(), "1")
    assert store.find(PAGE, "1") == response()
    assert store.find({**PAGE, "accept": "text/html"}, "1") == response()
    assert store.find(other, "1") is None
    assert store.find({**PAGE, "parameters": {"q": "x"}}, "1") is None
    described = {"do": "describe", "kind": "things", "name": "x", "accept": "text/turtle", "base": "http://a"}
    store.keep(described, response(b"turtle"), "1")
    assert store.find({**described, "base": "http://b"}, "1") == response(b"turtle")
    assert store.find({**described, "accept": "text/html"}, "1") is None


@pytest.mark.parametrize(
    "found",
    [
        response(keeps=False),
        response(status=404),
        response(version="0"),
        response(b"x" * (kept._LARGEST + 1)),
    ],
)
def test_nothing_else_is(found: tuple[dict[str, Any], bytes]) -> None:
    store = Kept()
    store.keep(PAGE, found, "1")
    assert store.find(PAGE, "1") is None


def test_strangers_do_not_push_out_what_links_lead_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 10 * kept._EACH)
    store = Kept()
    asked: list[Task] = [{"do": "sparql", "query": f"ASK {{}} #{n}", "accept": None} for n in range(50)]
    asked += [{**PAGE, "path": "/search/", "parameters": {"q": str(n)}} for n in range(50)]
    store.keep(PAGE, response(), "1")
    for task in asked:
        store.keep(task, response(), "1")
    assert store.find(PAGE, "1")
    assert 0 < sum(store.find(task, "1") is not None for task in asked) < 10


def test_the_tag_names_the_version_and_what_is_asked() -> None:
    tasks = [PAGE, {**PAGE, "path": "/other/"}, {"do": "sparql", "query": "ASK {}", "accept": None}]
    assert len({kept.entity_tag(task, version) for task in tasks for version in "12"}) == 6


def test_another_version_of_the_graph_has_none_of_them() -> None:
    store = Kept()
    store.keep(PAGE, response(), "1")
    assert store.find(PAGE, "2") is None
    store.keep(PAGE, response(b"y", version="2"), "2")
    assert store.find(PAGE, "2") == response(b"y", version="2")
    assert store.find(PAGE, "1") is None


def test_those_asked_for_longest_ago_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 2 * (10 + len(kept._key({**PAGE, "path": "/0/"})) + kept._EACH))
    store = Kept()
    pages = [{**PAGE, "path": f"/{n}/"} for n in range(3)]
    for page in pages[:2]:
        store.keep(page, response(b"x" * 10), "1")
    assert store.find(pages[0], "1")
    store.keep(pages[0], response(b"x" * 10), "1")  # once more: it counts once
    store.keep(pages[2], response(b"x" * 10), "1")
    assert [store.find(page, "1") is not None for page in pages] == [True, False, True]


def test_long_keys_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 100_000)
    store = Kept()
    for n in range(50):
        accept = f"text/turtle;x={n}{'y' * 10_000}"
        store.keep({"do": "describe", "kind": "things", "name": "x", "accept": accept}, response(), "1")
    assert len(store._shelves[False]) == 8
