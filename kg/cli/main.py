"""The entry point of `kg`: parse the command line, run the command, turn errors into messages and exit codes."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence

from kg.cli.parser import build_parser, complete
from kg.errors import InputError, KgError, LimitError
from kg.terminal import clean


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the result is the exit code (`kg.errors`). Without `arguments`, they are those of the process.

    Only in the latter case do --timeout and --memory make the command run in a worker process.
    """
    for stream in (sys.stdout, sys.stderr):  # UTF-8 and LF, whatever the platform's habit
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(encoding="utf-8", newline="\n", errors="backslashreplace")
    try:
        parser = build_parser()
        if "_ARGCOMPLETE" in os.environ:
            complete(parser)
        options = parser.parse_args(arguments)
        if not options.command:
            parser.print_help()
            return 0
        return _run(options, limited=arguments is None)
    except BrokenPipeError:  # the reader of a pipe has had enough; what is still buffered goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        if arguments is None:
            gc.freeze()  # the process ends; to search all objects for cycles would take a tenth of a query's time


def _run(options: argparse.Namespace, *, limited: bool) -> int:
    try:
        if limited and (options.timeout is not None or options.memory is not None):
            return _run_worker(options.timeout, options.memory)
        from kg.cli import commands

        code: int = getattr(commands, options.command)(options)
        sys.stdout.flush()
        return code
    except (MemoryError, RecursionError) as error:
        hint = "split it into smaller parts; raise the limit with --memory MEGABYTES if there is one"
        rule = type(error).__name__.lower()
        return _fail(LimitError("the input is too deep or too large", hint=hint, rule=rule), options)
    except KgError as error:
        return _fail(error, options)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _fail(InputError(str(error.strerror or error), where=str(error.filename or ""), rule="file"), options)
    except KeyboardInterrupt:
        return 130


def _run_worker(seconds: float | None, memory: int | None) -> int:
    from kg import limits

    code = "import sys; from kg.cli.main import main; sys.exit(main(sys.argv[1:]))"
    return limits.run_limited(code, sys.argv[1:], seconds, memory)


def _fail(error: KgError, options: argparse.Namespace) -> int:
    """Write the error to stderr, after its traceback with --debug; the result is its exit code."""
    if options.debug:
        import traceback

        traceback.print_exc()
    print(*map(clean, str(error).split("\n")), sep="\n", file=sys.stderr)
    return error.exit_code
