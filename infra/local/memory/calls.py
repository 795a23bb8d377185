"""Calls about items that take no detour.

From the client to moto's engine in the same process, a call is signed, made into a request for a web server, read by it, answered in
JSON and read again along botocore's model: together several times what moto's action takes. Here what the client was asked goes straight
to the action, a copy of it, and what that returns is what the client gets; it is written as JSON for those who want to read a body. The
client's events and tries stay as they are. What moto refuses changed nothing, and is asked again the long way, which words the refusal.
"""

from __future__ import annotations

import itertools
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final
from urllib.parse import urlsplit

import botocore.endpoint
import moto.backends
import pynamodb.connection.base
from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict, create_request_object
from botocore.endpoint import Endpoint
from botocore.parsers import JSONParser
from botocore.regions import EndpointRulesetResolver
from botocore.serialize import JSONSerializer
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.exceptions import JsonRESTError, ServiceException
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb import responses
from moto.dynamodb.models import utilities
from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

from infra.local.memory.items import like
from infra.local.resources import ACCOUNT

_TARGET: Final = "DynamoDB_20120810."
_MEDIA: Final[Any] = HeadersDict({"Content-Type": "application/x-amz-json-1.0"})
_ACTIONS: Final = {
    name: camelcase_to_underscores(name)
    for name in (
        *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"),
        *("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
    )
}
"""Actions whose answer is what they return, as it is."""

_AS_THEY_ARE: Final = frozenset({str, int, float, bool, type(None)})
_empty: Final[dict[str, dict[str, Any]]] = {}
_create: Final[Callable[..., Any]] = Endpoint.create_request
_serialize: Final[Callable[..., dict[str, Any]]] = JSONSerializer.serialize_to_request
_resolve: Final[Callable[..., Any]] = EndpointRulesetResolver.construct_endpoint
_stub: Final[Callable[..., Any]] = BotocoreStubber.__call__
_make_urls: Final[Callable[..., dict[str, Any]]] = vars(BaseBackend)["urls"].fget
_list_services: Final[Callable[..., Any]] = moto.backends.list_of_moto_modules
_make_backends: Final[Callable[..., Any]] = BackendDict.__getitem__
_urls: Final[dict[type[BaseBackend], dict[str, Any]]] = {}
_told_at_length: Final[Callable[..., Any]] = utilities.dynamo_to_dict
_read_body: Final[Callable[..., Any]] = vars(JSONParser)["_handle_json_body"]


class Asked(dict[str, Any]):
    """What a client is about to send. The body of a call about items is written for who reads it, and for nobody else."""

    def __init__(self, members: dict[str, Any], parameters: dict[str, Any], write: Callable[[], bytes]) -> None:
        super().__init__(members)
        self.parameters, self._write = parameters, write

    def __missing__(self, name: str) -> Any:
        if name != "body":
            raise KeyError(name)
        self["body"] = self._write()
        return self["body"]


class ShortRequest(AWSPreparedRequest):
    """A call about items, nobody's in particular."""

    def __init__(self, parameters: dict[str, Any], action: str, region: str) -> None:
        self.asked, self.action, self.region = parameters, action, region
        self._was_recorded = False
        headers: Any = {name: value.encode() for name, value in parameters["headers"].items() if isinstance(value, str)}
        super().__init__(parameters["method"], parameters["url"], headers, None, stream_output=False)

    @property
    def body(self) -> Any:
        """Not for the first who reads it, who is botocore's recorder of all calls, which is off: it would have each one written."""
        if not self._was_recorded:
            self._was_recorded = True
            return None
        return self.asked["body"]

    @body.setter
    def body(self, body: Any) -> None:
        """It is in what was asked."""

    def reset_stream(self) -> None:
        """There is none."""


class Returned(AWSResponse):
    """What an action of moto returned. It becomes a body for those who read one in place, which clients do with scans alone."""

    def __init__(self, request: ShortRequest, result: dict[str, Any]) -> None:
        self.url, self.status_code, self.headers, self.raw = request.url, 200, _MEDIA, None
        self._content: Any = bytes(_Result(result)) if request.action == "scan" else _Result(result)


class _Result:
    """A body that is not made."""

    def __init__(self, result: dict[str, Any]) -> None:
        self.result = result

    def __bytes__(self) -> bytes:
        return json.dumps(self.result, default=_encoded).encode()


def _serialize_later(serializer: JSONSerializer, parameters: dict[str, Any], operation_model: Any) -> dict[str, Any]:
    if operation_model.name not in _ACTIONS or operation_model.service_model.service_name != "dynamodb":
        return _serialize(serializer, parameters, operation_model)
    empty = _empty.get(operation_model.name)
    if empty is None:
        empty = _serialize(serializer, {}, operation_model)
        del empty["body"]
        _empty[operation_model.name] = empty

    def write() -> bytes:
        written: bytes = _serialize(serializer, parameters, operation_model)["body"]
        return written

    return Asked(empty | {"headers": dict(empty["headers"])}, parameters, write)


def _create_unsigned(endpoint: Endpoint, params: dict[str, Any], operation_model: Any = None) -> Any:
    action = _ACTIONS.get(params["headers"].get("X-Amz-Target", "").removeprefix(_TARGET))
    if action is not None:
        match urlsplit(params["url"]).netloc.split("."):
            case ["dynamodb", region, "amazonaws", "com"]:
                return ShortRequest(params, action, region)
    return _create(endpoint, params, operation_model)  # something else, or on its way to a server


def _resolve_once(resolver: Any, operation_model: Any, call_args: Any, request_context: Any) -> Any:
    """Where a client's calls about items go, which is the same place each time: our tables go by their names."""
    if operation_model.name not in _ACTIONS or operation_model.service_model.service_name != "dynamodb":
        return _resolve(resolver, operation_model, call_args, request_context)
    if not hasattr(resolver, "surety_endpoint"):
        resolver.surety_endpoint = _resolve(resolver, operation_model, call_args, request_context)
    return resolver.surety_endpoint


def _answer(stubber: BotocoreStubber, event_name: str, request: Any, **about: Any) -> Any:
    if not isinstance(request, ShortRequest):
        return _stub(stubber, event_name, request, **about)
    if stubber.enabled:
        try:
            return Returned(request, _execute(request))
        except (ServiceException, HTTPException):
            pass
    return _stub(stubber, event_name, create_request_object(request.asked).prepare(), **about)


def _backends_of(backends: Any, account: str) -> Any:
    """Those of an account, where there are some: moto makes sure of it, and that it knows of the service, at each step of a call."""
    return dict.get(backends, account) or _make_backends(backends, account)


class _Numbers:
    """Names of calls that none reads: what is drawn by chance costs more than the step that it is drawn in."""

    uuid4 = staticmethod(partial(next, itertools.count()))


def _urls_once(backend: BaseBackend) -> dict[str, Any]:
    """The addresses of a service with what answers there, which moto puts together anew for each call."""
    if type(backend) not in _urls:
        _urls[type(backend)] = _make_urls(backend)
    return _urls[type(backend)]


def _execute(request: ShortRequest) -> dict[str, Any]:
    parameters = request.asked
    if isinstance(parameters, Asked) and "body" not in parameters:
        body = _copied(parameters.parameters)
    else:  # somebody has read it, and may have put another in its place
        body = json.loads(parameters["body"], object_hook=_decoded)
    handler = like(_handler(), region=request.region, body=body, params=body)
    returned: dict[str, Any] = getattr(handler, request.action)().result
    return returned


@lru_cache(maxsize=1)
def _handler() -> Any:
    handler: Any = DynamoHandler()
    handler.headers, handler.querystring, handler.current_account = {}, {}, ACCOUNT
    return handler


def _told(held: Any) -> Any:
    """What an answer says of something held, by its kind; moto asks of everything whether it is one thing after another."""
    kind = type(held)
    if kind in _AS_THEY_ARE:
        return held
    if kind is DynamoType and held.type not in ("B", "BS"):
        return {held.type: _told(held.value)}
    if kind is dict or kind is LimitedSizeDict:
        return {name: _told(value) for name, value in held.items()}
    if kind is list:
        return [_told(value) for value in held]
    return _told_at_length(held)


def _read_returned(parser: JSONParser, body: Any, shape: Any) -> Any:
    if isinstance(body, _Result):
        return {name: value for name, value in body.result.items() if value is not None and name in shape.members}
    return _read_body(parser, body, shape)


def _copied(parameter: Any) -> Any:
    """What reading it would give, had it been written."""
    kind = type(parameter)
    if kind in _AS_THEY_ARE:
        return parameter
    if isinstance(parameter, dict):
        return {name: _copied(value) for name, value in parameter.items()}
    if isinstance(parameter, list | tuple):
        return [_copied(value) for value in parameter]
    return bytes(parameter) if isinstance(parameter, bytes | bytearray) else str.__str__(parameter)


def _decoded(value: dict[str, Any]) -> dict[str, Any]:
    """A value that is bytes, as bytes. An attribute of that name holds a value, and no text."""
    match value:
        case {"B": str(told)}:
            return {"B": b64decode(told)}
        case {"BS": [str(), *_] as told}:
            return {"BS": [b64decode(each) for each in told]}
    return value


def _say_in_json(error: Any, error_type: str, message: str, *_: Any, **__: Any) -> None:
    """moto writes it in XML first, and an update asks by such a refusal whether there is an attribute."""
    HTTPException.__init__(error)
    error.error_type, error.message = error_type, message
    error.description = json.dumps({"__type": error_type, "message": message})
    error.content_type = "application/json"


def _encoded(value: bytes) -> str:
    return b64encode(value).decode()


PATCHES: Final = (
    (JSONSerializer, "serialize_to_request", _serialize_later),
    (JsonRESTError, "__init__", _say_in_json),
    (Endpoint, "create_request", _create_unsigned),
    (EndpointRulesetResolver, "construct_endpoint", _resolve_once),
    (BotocoreStubber, "__call__", _answer),
    (BaseBackend, "urls", property(_urls_once)),
    (BackendDict, "__getitem__", _backends_of),
    (botocore.endpoint, "uuid", _Numbers),
    (pynamodb.connection.base, "uuid", _Numbers),
    (moto.backends, "list_of_moto_modules", lru_cache(lambda: tuple(_list_services()))),
    (JSONParser, "_handle_json_body", _read_returned),
    (responses, "dynamo_to_dict", _told),
)
