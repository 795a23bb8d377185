"""`clients/python/surety_client/generated`: models, calls and problems, made by openapi-python-client from the API document.

current(document)   the package as the document has it; nothing in it is written by hand, and none of it is committed
"""

from __future__ import annotations

import copy
import json
import keyword
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError

from chalicelib.shared.ids import KINDS
from infra.clients.call_names import Call, named
from infra.clients.kept import kept

CLIENT: Final = Path(__file__).parents[2] / "clients" / "python"
FOLDER: Final = CLIENT / "surety_client" / "generated"
TEMPLATES: Final = CLIENT / "templates"
SETTINGS: Final = ConfigFile(
    literal_enums=True,
    content_type_overrides={"image/svg+xml": "text/plain"},  # a picture is text here
)


class NotGenerated(Exception):
    """The generator could not read part of the document; the message says which."""


def current(document: dict[str, Any], folder: Path = FOLDER) -> bool:
    """Whether it had to be made anew."""
    sources = [*sorted(TEMPLATES.iterdir()), *sorted(Path(__file__).parent.glob("*.py"))]
    parts = (json.dumps(document).encode(), *(source.read_bytes() for source in sources))
    return kept(folder, version("openapi-python-client").encode(), *parts, make=lambda: _generate(document, folder))


def _generate(document: dict[str, Any], folder: Path) -> None:
    calls = named(document)
    config = Config.from_sources(
        SETTINGS, MetaType.NONE, Path("openapi.json"), "utf-8", overwrite=True, output_path=folder
    )
    data = GeneratorData.from_dict(_labelled(document, calls), config=config)
    _must_be_whole([data] if isinstance(data, GeneratorError) else [])
    assert isinstance(data, GeneratorData)
    project = Project(openapi=data, custom_template_path=TEMPLATES, config=config)
    project.env.globals["keywords"] = keyword.kwlist
    project._create_package()
    project._build_models()
    project._build_api()
    _must_be_whole(project._get_errors())
    for name, values in (
        ("calls.py", {"collections": {call.collection: None for call in calls}}),
        ("problems.py", {"problems": _problems(document)}),
    ):
        text = project.env.get_template(f"{name}.jinja").render(**values)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "calls.json").write_text(json.dumps([_in_short(call, document) for call in calls], ensure_ascii=False))


def _must_be_whole(errors: list[GeneratorError]) -> None:
    if errors:
        raise NotGenerated("\n".join(f"{error.header}: {error.detail}" for error in errors))


def _labelled(document: dict[str, Any], calls: list[Call]) -> dict[str, Any]:
    """The document with its calls under their names here, one tag for each collection; the key of a request is made where none is given."""
    labelled = copy.deepcopy(document)
    labelled["paths"] = {}
    for call in calls:
        labels = {"operationId": f"{call.collection}_{call.name}", "tags": [call.collection]}
        labelled["paths"].setdefault(call.path, {})[call.method.lower()] = call.operation | labels
    labelled["components"]["parameters"]["Idempotency-Key"]["required"] = False
    return labelled


def _problems(document: dict[str, Any]) -> list[dict[str, Any]]:
    examples = (named["value"] for named in document["components"]["examples"].values())
    return [
        {"name": "".join(map(str.capitalize, example["code"].split("_"))), **example}
        for example in examples
        if "code" in example
    ]


def _in_short(call: Call, document: dict[str, Any]) -> dict[str, Any]:
    """What the command line has to know of a call."""
    query = [each for each in call.operation["parameters"] if each.get("in") == "query"]
    body = call.operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "collection": call.collection,
        "name": call.name,
        "method": call.method,
        "path": call.path,
        "summary": call.operation["summary"],
        "query": [{key: each.get(key) for key in ("name", "required", "description", "schema")} for each in query],
        "body": next((each["value"] for each in body.get("examples", {}).values()), None),
        "prefix": _prefix(call),
    }


def _prefix(call: Call) -> str | None:
    """How ids of the thing begin that this call shows; None where it shows none that has an id of its own."""
    *_, last = call.path.split("/")
    kinds = {kind.name: prefix for prefix, kind in KINDS.items()}
    return kinds.get(last[1:-1].removesuffix("_id")) if call.name == "get" and call.path.count("{") == 1 else None
