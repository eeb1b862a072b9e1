"""The review page in a browser: refuse, edit, accept and undo by keyboard, accept without scripts; axe is content."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import AXE
from reviewing import facts, reviewed, with_proposals

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return with_proposals(tmp_path / "graph")


@pytest.fixture
def first(folder: Path, tmp_path: Path) -> Iterator[str]:
    with reviewed(folder, tmp_path / "log") as address:
        yield address


def cards(page: Any) -> list[str]:
    return [str(card.get_attribute("id")) for card in page.locator("article.card").all()]


def test_refuse_edit_and_accept_by_keyboard(folder: Path, first: str, opened: Open) -> None:
    page = opened(first)
    assert page.url.endswith("/")
    assert "open" not in page.url
    refused, accepted, *_ = cards(page)
    with page.expect_navigation():
        page.keyboard.press("r")
    assert refused not in cards(page)
    assert page.evaluate("document.activeElement.id") == accepted
    page.keyboard.press("e")
    field = page.locator(f"[id='turtle.{accepted}']")
    assert field.is_visible()
    field.fill(field.input_value() + "\n<https://w3id.org/entente/id/talvia> a ent:City .")
    with page.expect_navigation():
        page.locator(f"[id='{accepted}'] button[value=edit]").click()
    assert "ent:City" in page.locator(f"[id='turtle.{accepted}']").input_value()
    before = facts(folder)
    page.locator(f"[id='{cards(page)[1]}']").focus()
    with page.expect_navigation(timeout=60_000):
        page.keyboard.press("a")
    after = facts(folder)
    assert 'ent:acceptedBy "Ada Holm"' in after
    with page.expect_navigation(timeout=60_000):
        page.keyboard.press("u")
    assert facts(folder) == before


def test_without_scripts(folder: Path, first: str, opened: Open) -> None:
    page = opened(first, scripts=False)
    (name, *_) = cards(page)
    page.locator(f"[id='{name}'] button[value=accept]").click(timeout=60_000)
    page.wait_for_load_state()
    assert name not in cards(page)
    assert 'ent:acceptedBy "Ada Holm"' in facts(folder)


def test_a_fact_is_said_in_words(folder: Path, first: str, opened: Open) -> None:
    page = opened(first)
    field = page.locator(".say input[type=text]").nth(1)
    field.focus()
    page.keyboard.type("Turkey is a state")  # no key of the page is pressed in a field
    with page.expect_navigation():
        page.keyboard.press("Enter")
    (said,) = (name for name in cards(page) if name.startswith("said-"))
    assert page.evaluate("document.activeElement.id") == said
    with page.expect_navigation(timeout=60_000):
        page.keyboard.press("a")
    assert 'ent:proposedBy "Ada Holm, in words"' in facts(folder)


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(first: str, opened: Open, dark: bool) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not there: `make browser` installs it")
    page = opened(first, dark=dark, narrow=dark)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document)")
    assert [v["id"] for v in found["violations"]] == []
