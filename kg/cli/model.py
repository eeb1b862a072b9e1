"""`kg propose --model`: what would be sent is shown, or sent, with a word before on where it goes."""

import sys
from argparse import Namespace

from kg.drafting.by_model import ModelSummary, propose_by_model, requests
from kg.drafting.model import audit
from kg.drafting.model.client import OpenAIClient
from kg.drafting.model.rounds import Budget
from kg.errors import clean, to_json
from kg.source.layout import GraphFolder
from kg.terminal import put, say


def dry_run(graph_folder: GraphFolder, article: str, options: Namespace) -> int:
    """Print the requests of the first round, an object of JSON each, and send none."""
    bodies = audit.requests if options.audit else requests
    for body in bodies(graph_folder, article, options.model):
        put(to_json(body) + "\n")
    return 0


def ask(graph_folder: GraphFolder, article: str, options: Namespace) -> ModelSummary:
    """Ask a model for the facts of an article. Raises KgError as `propose_by_model` and the client."""
    client, budget = _client(article, options)
    found = propose_by_model(
        graph_folder, article, options.model, client, budget, address=client.address, progress=_progress
    )
    done = found.outcome
    say(f"{done.asked} of {done.sentences} sentences asked, {done.tokens:,} tokens, {done.kept} answers from before")
    if done.stopped:
        say(f"partial: {done.stopped}")
    return found


def second_reader(graph_folder: GraphFolder, article: str, options: Namespace) -> int:
    """Have a model read the facts of an article once more, and print its doubts. Raises KgError as `audit`."""
    client, budget = _client(article, options)
    found = audit.audit(
        graph_folder, article, options.model, client, budget, address=client.address, progress=_progress
    )
    if options.format == "json":
        put(to_json(found.json()), data=True)
    else:
        rows = (f"“{clean(d.fact)}”\n  doubted by {clean(d.model)}: {clean(d.why)}\n" for d in found.doubts)
        put("".join(rows) or "no doubts, which proves nothing\n")
    say(f"{found.read} of {found.facts} facts read, {found.tokens:,} tokens, {found.kept} answers from before")
    if found.unanswered:
        say(f"no answer that can be read: {found.unanswered}")
    if found.stopped:
        say(f"partial: {found.stopped}")
    return 0


def _client(article: str, options: Namespace) -> tuple[OpenAIClient, Budget]:
    """The client and the budget of a run, once it is said where the words go."""
    client = OpenAIClient(options.address)
    say(f"the words of {clean(article)} are sent to {clean(client.address)}")
    limits = {"tokens": options.most_tokens, "seconds": options.most_seconds}
    return client, Budget(**{name: value for name, value in limits.items() if value})


def _progress(step: str) -> None:
    if sys.stderr.isatty():
        say(f"{step} …")
