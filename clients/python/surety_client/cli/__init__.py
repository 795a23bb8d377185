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

    asked, words = _parser().parse_known_intermixed_args(arguments)
    out, err = Console(), Console(stderr=True)
    if asked.help or not asked.words or words:
        out.print(guide.text(asked.words), markup=False, highlight=False, soft_wrap=True, end="")
        return MISSPELT if words or not (asked.help or asked.words) else GRANTED
    try:
        told = _told(asked)
        (showing.as_json if asked.json else showing.show)(out, told)
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


def _told(asked: argparse.Namespace) -> Any:
    from surety_client.cli import commands
    from surety_client.cli.identity import connection

    spoken = connection(asked.url, asked.identity)
    try:
        if asked.key:
            spoken = spoken.with_headers({"Idempotency-Key": asked.key})
        first, *rest = asked.words
        if first in commands.SHORT:
            return commands.SHORT[first](spoken, rest)
        call, given = commands.found(first, rest)
        return commands.call(spoken, call, given, body=asked.body, everything=asked.all)
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
