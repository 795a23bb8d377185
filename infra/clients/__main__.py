"""`make clients`: brings what is generated of the clients up to what the API document says."""

from __future__ import annotations

import sys

from infra.clients import python_client, typescript_client
from infra.clients.document import document


def main() -> None:
    api = document()
    say("clients/python", is_new=python_client.current(api))
    try:
        say("clients/typescript", is_new=typescript_client.current(api))
    except typescript_client.NoNode as missing:
        sys.stdout.write(f"No clients/typescript: {missing}.\n")


def say(client: str, *, is_new: bool) -> None:
    sys.stdout.write(f"{'Made' if is_new else 'Current'}: {client}\n")


if __name__ == "__main__":
    main()
