"""`surety`: the API from a terminal.

main(arguments)   what the process ends with: 0, 1 refused, 2 misspelt, 3 nobody answers
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

GRANTED: Final = 0
REFUSED: Final = 1
MISSPELT: Final = 2
UNREACHABLE: Final = 3
INTERRUPTED: Final = 130


def main(arguments: list[str] | None = None) -> int:
    try:
        from surety_client.cli import showing
    except ModuleNotFoundError:
        sys.stderr.write("The command line needs rich: pip install 'surety-client[cli]'\n")
        return MISSPELT
    from rich.console import Console

    from surety_client.cli import commands, guide
    from surety_client.cli.identity import NoIdentity
    from surety_client.problems import Problem, SuretyError

    options, words = _parser().parse_known_intermixed_args(arguments)
    out, err = Console(), Console(stderr=True)
    if options.help or not options.words or words:
        out.print(guide.text(options.words), markup=False, highlight=False, soft_wrap=True, end="")
        return MISSPELT if words or not (options.help or options.words) else GRANTED
    try:
        answer = _answer(options)
        (showing.as_json if options.json else showing.show)(out, answer)
        return GRANTED
    except Problem as refused:
        showing.problem(err, refused)
        return REFUSED
    except (commands.Misspelt, NoIdentity) as wrong:
        err.print(str(wrong), markup=False, highlight=False, soft_wrap=True)
        return MISSPELT
    except SuretyError as silent:
        err.print(str(silent), markup=False, highlight=False, soft_wrap=True)
        return UNREACHABLE
    except KeyboardInterrupt:
        return INTERRUPTED


def _answer(options: argparse.Namespace) -> Any:
    from surety_client.cli import commands
    from surety_client.cli.identity import connection

    spoken = connection(options.url, options.identity)
    try:
        if options.key:
            spoken = spoken.with_headers({"Idempotency-Key": options.key})
        first, *rest = options.words
        if first in commands.SHORT:
            return commands.SHORT[first](spoken, rest)
        call, given = commands.command_of(first, rest)
        return commands.call(spoken, call, given, body=options.body, everything=options.all)
    finally:
        spoken.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="surety", add_help=False, allow_abbrev=False)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--url")
    parser.add_argument("--as", dest="identity")
    parser.add_argument("--body")
    parser.add_argument("--key")
    for flag in ("--json", "--all", "--help"):
        parser.add_argument(flag, action="store_true")
    return parser
