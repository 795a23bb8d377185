"""`make clients`: brings what is generated of the clients up to what the API document says."""

from __future__ import annotations

import sys

from infra.clients import python_client
from infra.clients.document import document


def main() -> None:
    made = python_client.current(document())
    sys.stdout.write(
        f"{'Made' if made else 'Current'}: {python_client.FOLDER.relative_to(python_client.CLIENT.parent)}\n"
    )


if __name__ == "__main__":
    main()
