"""The tools of an assistant, called by the client of the SDK over stdin and stdout."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client
from running import environment

from kg.rdf.namespaces import ENT

TOOLS = {"list_questions", "ask", "sparql", "show", "why", "search", "check_draft"}


def run(folder: Path, test: Callable[[Client], Awaitable[None]], *options: str) -> None:
    """Run a test with a client of a server of its own."""
    arguments = ["-m", "kg", "-C", str(folder), *options, "mcp"]
    parameters = StdioServerParameters(command=sys.executable, args=arguments, env=environment())

    async def within() -> None:
        async with Client(stdio_client(parameters)) as client:
            await test(client)

    anyio.run(within)


async def call(client: Client, tool: str, **arguments: Any) -> Any:
    found = await client.call_tool(tool, arguments)
    assert not found.is_error, found.content
    return found.structured_content


async def error(client: Client, tool: str, **arguments: Any) -> str:
    found = await client.call_tool(tool, arguments)
    assert found.is_error
    return str(getattr(found.content[0], "text", ""))


def test_each_tool_answers_with_receipts(shipped_folder: Path) -> None:
    async def test(client: Client) -> None:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert listed.keys() == TOOLS
        assert all(
            tool.description and tool.annotations and tool.annotations.read_only_hint for tool in listed.values()
        )
        assert "receipts" in str(client.instructions)

        questions = {q["name"]: q for q in (await call(client, "list_questions"))["questions"]}
        assert questions["who-leads"]["parameters"][0]["name"] == "state"

        answer = await call(client, "ask", question="who-leads", parameters={"state": "Turkey"})
        assert answer["row_count"] == len(answer["rows"]) > 0
        for row in answer["rows"]:
            assert row["values"]["of"] == "Turkey"
            assert row["things"]["of"] == "id:turkey"
            assert all(receipt["text"] for receipt in row["receipts"])
            assert row["receipts"]

        query = f"SELECT ?x {{ ?x a <{ENT}State> }} ORDER BY ?x"
        rows = (await call(client, "sparql", query=query))["rows"]
        assert {"Turkey", "Russia"} <= {row["values"]["x"] for row in rows}
        assert all(row["receipts"] for row in rows)
        assert (await call(client, "sparql", query="ASK {}"))["rows"][0]["values"] == {"answer": "yes"}
        assert "<x:p>" in (await call(client, "sparql", query="CONSTRUCT { <x:s> <x:p> 1 } {}"))["turtle"]

        shown = await call(client, "show", thing="Akkuyu")
        assert shown["thing"].startswith("id:")
        assert any(fact["receipts"] for fact in shown["facts"])

        proved = await call(client, "why", subject="Moscow", predicate="backs", object="Bashar al Assad")
        assert proved["holds"]
        assert proved["proof"]["premises"]
        assert "“" in proved["text"]
        assert not (await call(client, "why", subject="Turkey", predicate="backs", object="Bashar al Assad"))["holds"]

        found = await call(client, "search", text="turkey")
        assert found["things"][0]["thing"] == "id:turkey"
        assert any("Turkey" in thing["matches"] for thing in found["things"])
        assert (await call(client, "search", text="no such thing at all"))["things"] == []

    run(shipped_folder, test)


def test_a_draft_is_checked_and_not_kept(shipped_folder: Path) -> None:
    (article,) = (shipped_folder / "kg" / "articles").iterdir()
    facts, text = ((article / name).read_text("utf-8") for name in ("facts.trig", "article.txt"))
    draft = facts.replace(article.name, "2026-01-draft")
    before = sorted(path for path in shipped_folder.rglob("*") if ".kg" not in path.parts)

    async def test(client: Client) -> None:
        found = await call(client, "check_draft", facts=draft.replace("two", "seven", 1), text=text)
        assert found["article"] == "2026-01-draft"
        rules = {finding["rule"] for finding in found["findings"] if finding["severity"] == "violation"}
        assert rules
        assert all("2026-01-draft" in finding["file"] for finding in found["findings"])
        assert all(finding["line"] for finding in found["findings"] if finding["rule"] == "misquote")
        broken = await call(client, "check_draft", facts=draft + " broken", text=text)
        assert [f["rule"] for f in broken["findings"] if f["severity"] == "violation"] == ["syntax"]
        assert "name no article" in await error(client, "check_draft", facts="", text="")
        for name in ("..", "../../x", "a/b", "a\\b", "."):
            assert "name no article" in await error(client, "check_draft", facts=draft, text=text, name=name)

    run(shipped_folder, test)
    assert sorted(path for path in shipped_folder.rglob("*") if ".kg" not in path.parts) == before


def test_what_goes_wrong_is_said_and_the_next_call_is_answered(shipped_folder: Path) -> None:
    async def test(client: Client) -> None:
        assert "did you mean who-leads" in await error(client, "ask", question="who-lead")
        assert "its parameters: " in await error(client, "ask", question="who-leads", parameters={"x": "y"})
        assert "did you mean" in await error(client, "show", thing="Turkye")
        assert "line 1" in await error(client, "sparql", query="SELECT * {")
        assert "SERVICE" in await error(client, "sparql", query="ASK { SERVICE <http://127.0.0.1:1/> {} }")
        assert "INSERT" in await error(client, "sparql", query="INSERT DATA { <x:s> <x:p> 1 }")
        assert "nested too deeply" in await error(client, "sparql", query="ASK " + "{" * 5_000 + "}" * 5_000)
        cartesian = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        assert "no answer within 1 s" in await error(client, "sparql", query=cartesian)
        assert "Unknown tool" in await error(client, "no_tool")
        assert (await call(client, "sparql", query="ASK {}"))["row_count"] == 1

    run(shipped_folder, test, "--timeout", "1")


def test_a_graph_that_is_none_ends_it(tmp_path: Path, kg: Callable[..., Any]) -> None:
    found = kg("-C", str(tmp_path), "mcp")
    assert (found.returncode, found.stdout) == (3, "")
    assert "is no graph folder" in found.stderr


def test_it_ends_with_its_input(shipped_folder: Path, kg: Callable[..., Any]) -> None:
    found = kg("-C", str(shipped_folder), "mcp")
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


@pytest.mark.parametrize("line", ["", "not json", "[" * 100_000, '{"jsonrpc": "2.0", "id": 1, "method": "none"}'])
def test_what_is_no_request_ends_nothing(line: str, shipped_folder: Path, kg: Callable[..., Any]) -> None:
    found = kg("-C", str(shipped_folder), "mcp", stdin=f"{line}\n")
    assert found.returncode == 0
    assert "Traceback" not in found.stderr
