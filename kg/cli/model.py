"""`kg propose --model`: what would be sent is shown, or sent, with a word before on where it goes."""

import sys
from argparse import Namespace

from kg.drafting.by_model import ModelSummary, propose_by_model, requests
from kg.drafting.model.client import OpenAIClient
from kg.drafting.model.rounds import Budget
from kg.errors import clean, to_json
from kg.source.layout import GraphFolder
from kg.terminal import put, say


def dry_run(graph_folder: GraphFolder, article: str, model: str) -> int:
    """Print the requests of the first round, an object of JSON each, and send none."""
    for body in requests(graph_folder, article, model):
        put(to_json(body) + "\n")
    return 0


def ask(graph_folder: GraphFolder, article: str, options: Namespace) -> ModelSummary:
    """Ask a model for the facts of an article. Raises KgError as `propose_by_model` and the client."""
    client = OpenAIClient(options.address)
    say(f"the words of {clean(article)} are sent to {clean(client.address)}")
    limits = {"tokens": options.most_tokens, "seconds": options.most_seconds}
    budget = Budget(**{name: value for name, value in limits.items() if value})
    found = propose_by_model(
        graph_folder, article, options.model, client, budget, address=client.address, progress=_progress
    )
    done = found.outcome
    say(f"{done.asked} of {done.sentences} sentences asked, {done.tokens:,} tokens, {done.kept} answers from before")
    if done.stopped:
        say(f"partial: {done.stopped}")
    return found


def _progress(step: str) -> None:
    if sys.stderr.isatty():
        say(f"{step} …")
