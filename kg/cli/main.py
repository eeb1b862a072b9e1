"""The command line: parse, call the library, print, return a code. The contract of exit codes is in `kg.errors`."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence

from kg.cli.parser import build_parser
from kg.errors import InputError, KgError, LimitError
from kg.terminal import clean


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the result is the exit code. Without arguments it is that of the process, which then ends."""
    _utf8()
    try:
        return _main(arguments)
    except BrokenPipeError:  # the reader of a pipe has had enough; what is still buffered goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        if arguments is None:
            gc.freeze()  # else Python searches all objects for cycles at its end, which takes 15 ms of 100


def _main(arguments: Sequence[str] | None) -> int:
    parser = build_parser()
    if "_ARGCOMPLETE" in os.environ:
        from kg.cli import completion

        completion.complete(parser)
    options = parser.parse_args(arguments)
    try:
        if arguments is None and _is_limited(options):
            return _run_apart(options)
        return _run(parser, options)
    except (MemoryError, RecursionError) as error:
        hint = "split it into smaller parts; raise the limit with --memory MEGABYTES if there is one"
        _tell(LimitError("the input is too deep or too large", hint=hint, rule=type(error).__name__.lower()), options)
        return LimitError.exit_code
    except KgError as error:
        _tell(error, options)
        return error.exit_code
    except BrokenPipeError:
        raise
    except OSError as error:
        _tell(InputError(str(error.strerror or error), where=str(error.filename or ""), rule="file"), options)
        return InputError.exit_code
    except KeyboardInterrupt:
        return 130


def _tell(error: KgError, options: argparse.Namespace) -> None:
    """The error on stderr, after its traceback where that is wanted."""
    if options.debug:
        import traceback

        traceback.print_exc()
    print(*map(clean, str(error).split("\n")), sep="\n", file=sys.stderr)


def _is_limited(options: argparse.Namespace) -> bool:
    """Whether the command works in a process of its own: a limit was set that an engine could break."""
    return options.memory is not None or _whole(options) is not None


def _whole(options: argparse.Namespace) -> float | None:
    """The seconds for the command as a whole; of `query` the time limit is for the answer alone."""
    return None if options.command in (None, "query") else options.timeout


def _run_apart(options: argparse.Namespace) -> int:
    from kg import limits

    sys.stdout.flush()
    code = "import sys; from kg.cli import main as cli; sys.exit(cli.main(sys.argv[1:]))"
    return limits.run_limited(code, sys.argv[1:], _whole(options), options.memory)


def _run(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    from kg.cli import commands

    if not options.command:
        parser.print_help()
        return 0
    code: int = getattr(commands, options.command)(options)
    sys.stdout.flush()
    return code


def _utf8() -> None:
    """UTF-8 and LF on both streams, whatever the platform's habit."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", newline="\n", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
