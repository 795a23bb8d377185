"""Files of other people that the console loads: which, and where in `node_modules` they are. `infra/local/node.py` copies exactly these."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "vendor"
FILES: Final[Mapping[str, str]] = {
    "lit.js": "lit/index.js",
    "lit-element.js": "lit-element/lit-element.js",
    "lit-html.js": "lit-html/lit-html.js",
    "is-server.js": "lit-html/is-server.js",
    "reactive-element.js": "@lit/reactive-element/reactive-element.js",
    "css-tag.js": "@lit/reactive-element/css-tag.js",
    "chart.js": "chart.js/dist/chart.umd.min.js",
    "uplot.js": "uplot/dist/uPlot.esm.js",
    "uplot.css": "uplot/dist/uPlot.min.css",
}
"""By the name under which each is served."""
MODULES: Final[Mapping[str, str]] = {
    "lit": "lit.js",
    "lit-element/lit-element.js": "lit-element.js",
    "lit-html": "lit-html.js",
    "lit-html/is-server.js": "is-server.js",
    "@lit/reactive-element": "reactive-element.js",
    "uplot": "uplot.js",
    "chart.js": "chart.js",
}
"""What a module imports by name, and which of the files that is: the import map of the page."""
