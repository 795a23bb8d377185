"""The page where nothing is: what may be wrong with the address, and where to go on. Pure."""

from __future__ import annotations

from chalicelib.shared.texts import say
from chalicelib.showcase.frame import Sheet
from chalicelib.showcase.markup import tag


def sheet(path: str, base_url: str) -> Sheet:
    return Sheet(
        base_url=base_url,
        path=path,
        title=say("Nothing is here"),
        summary=say("Nothing is here"),
        is_found=False,
        body=[
            tag("h1", say("Nothing is here")),
            tag(
                "p",
                say("The address may have been cut off on its way to you: it ends with an id of 30 characters."),
                class_="lead",
            ),
            tag(
                "ul",
                tag("li", say("Ask whoever sent it for the whole address.")),
                tag("li", say("A badge without a page that answers proves nothing: do not pay by it.")),
                tag("li", tag("a", say("All channels"), href=f"{base_url}/v1/channels")),
            ),
        ],
    )
