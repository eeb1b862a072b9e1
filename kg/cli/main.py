"""The entry point of `kg`: parse the command line, run the command, turn errors into messages and exit codes."""

import gc
import os
import sys

TYPE_CHECKING = False  # what is imported here is interrupted with a traceback
if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.errors import KgError


SERVERS = ("serve", "mcp")  # whose limits are those of each request


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Run the command; the result is the exit code (`kg.errors`). Without `arguments`, they are those of the process.

    Only in the latter case do --timeout and --memory make the command run in a worker process. Whatever goes wrong is
    one message and an exit code above 1; its traceback is shown with --debug.
    """
    try:
        return _main(arguments)
    except KeyboardInterrupt:
        return 130
    except SystemExit:  # of argparse
        raise
    except BaseException as error:  # a panic in Rust is no Exception
        from kg.terminal import say

        if "--debug" in (sys.argv if arguments is None else arguments):
            import traceback

            say(traceback.format_exc().rstrip(), wrapped=False)
        known = _known(error)
        say(str(known))
        return known.exit_code
    finally:
        if arguments is None:
            gc.freeze()  # the process ends; to search all objects for cycles would take a tenth of a query's time


def _main(arguments: "Sequence[str] | None") -> int:
    _open_streams()
    from kg.cli.parser import build_parser, parse

    given = sys.argv[1:] if arguments is None else arguments
    if "_ARGCOMPLETE" in os.environ:
        from kg.cli.completion import complete

        complete(build_parser())
    parser = build_parser(*given[:1])
    options = parse(parser, given)
    if not options.command:
        parser.print_help()
        return 0
    limited = options.timeout is not None or options.memory is not None
    if arguments is None and limited and options.command not in SERVERS:
        return _run_worker(options.timeout, options.memory)
    from kg.cli import commands

    code: int = getattr(commands, options.command)(options)
    return code


def _open_streams() -> None:
    """Make standard streams write UTF-8 and LF, and give each that is closed a file of its own.

    Otherwise the next file that is opened would be taken for it. What is written to a closed stdout is an error, as
    it is for other tools; what is written to a closed stderr goes nowhere.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            os.set_inheritable(number, True)  # a worker process has the same streams
            setattr(sys, name, open(number, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(encoding="utf-8", newline="\n", errors="backslashreplace")
    from kg.terminal import clean_stderr

    clean_stderr()


def _run_worker(seconds: float | None, memory: int | None) -> int:
    from kg import limits

    code = "import sys; from kg.cli.main import main; sys.exit(main(sys.argv[1:]))"
    return limits.run_limited(code, sys.argv[1:], seconds, memory)


def _known(error: BaseException) -> "KgError":
    """The error as one that has a message and an exit code."""
    from kg.errors import InputError, KgError, LimitError

    if isinstance(error, KgError):
        return error
    if isinstance(error, MemoryError | RecursionError):
        hint = "split it into smaller parts; raise the limit with --memory MEGABYTES if there is one"
        return LimitError("the input is too deep or too large", hint=hint, rule=type(error).__name__.lower())
    if isinstance(error, OSError):
        where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
        return InputError(str(error.strerror or error), where=where, rule="file")
    if isinstance(error, UnicodeEncodeError):  # an argument or a name of a file
        return InputError(f"“{error.object}” is not UTF-8", hint="choose another name", rule="encoding")
    hint = "this is a fault of kg: please report it, with what --debug shows"
    return InputError(f"{type(error).__name__}: {error}", hint=hint, rule="internal")
