"""`make clients`: brings what is generated of the clients up to what the API document says."""

from __future__ import annotations

import sys

from infra.clients import python_client, typescript_client
from infra.clients.document import document


def main() -> None:
    told = document()
    say("clients/python", made=python_client.current(told))
    try:
        say("clients/typescript", made=typescript_client.current(told))
    except typescript_client.NoNode as missing:
        sys.stdout.write(f"No clients/typescript: {missing}.\n")


def say(client: str, *, made: bool) -> None:
    sys.stdout.write(f"{'Made' if made else 'Current'}: {client}\n")


if __name__ == "__main__":
    main()
