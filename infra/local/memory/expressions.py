"""Expressions that are read once.

The application writes some hundred different expressions, each thousands of times with other values. moto reads each anew, letter by
letter, and walks through an update ten times, asking at every step what it is looking at. Here what is read is kept, so is what is
found out about a kind of node, and what only an expression and its names decide is asked until it was answered well once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final

from moto.dynamodb.comparisons import AttributeValue, ConditionExpressionParser
from moto.dynamodb.parsing import ast_nodes, expressions, validators

KEPT: Final = 2_000
"""Expressions of each kind."""

_nodes: Final[Any] = ast_nodes
_expressions: Final[Any] = expressions
_condition: Final[Callable[..., Any]] = ConditionExpressionParser.parse
_make_operand: Final[Callable[..., Any]] = ConditionExpressionParser._make_operand
_update: Final[Callable[..., Any]] = _expressions.UpdateExpressionParser.make
_OF_THE_EXPRESSION: Final = (
    validators.ActionCountValidator,
    validators.OverlappingPathsValidator,
    validators.UpdateHashRangeKeyValidator,
)
"""What looks at an update and its names alone, and leaves both as they are."""


class _Read(ConditionExpressionParser):
    """The parts of a condition, however its values are."""

    root: Any = None

    def parse(self) -> Any:
        return _condition(self)

    def _lookup_expression_attribute_value(self, name: str) -> Any:
        return {}

    def _make_op_condition(self, node: Any) -> Any:
        self.root = node
        return None


@lru_cache(KEPT)
def _read(expression: str, names: tuple[tuple[str, str], ...]) -> _Read:
    read = _Read(expression, dict(names), {})
    read.parse()
    return read


def _filled(parser: Any) -> Any:
    """What moto makes of a condition, with the values that came this time."""
    if not parser.condition_expression:
        return _condition(parser)
    read = _read(parser.condition_expression, tuple((parser.expression_attribute_names or {}).items()))
    parser.expr_attr_names_found.extend(read.expr_attr_names_found)
    parser.expr_attr_values_found.extend(read.expr_attr_values_found)
    return parser._make_op_condition(read.root)


def _operand(parser: Any, node: Any) -> Any:
    if node.kind == parser.Kind.EXPRESSION_ATTRIBUTE_VALUE:
        return AttributeValue(parser._lookup_expression_attribute_value(node.text))
    return _make_operand(parser, node)


def _tree_apart(node: Any, memo: object = None) -> Any:
    apart = object.__new__(type(node))
    apart.__dict__.update(node.__dict__)
    if node.children is not None:
        apart.children = [_tree_apart(child) if _is_node[type(child)] else child for child in node.children]
        for child in apart.children:
            if _is_node[type(child)]:
                child.parent = apart
    return apart


@lru_cache(KEPT)
def _read_update(expression: str) -> Any:
    """Whoever works on it works on a copy."""
    read = _update(expression)
    read.surety_expression = expression
    return read


def _validate(validator: Any) -> Any:
    node, names = validator.node_to_validate, validator.expression_attribute_names
    expression = node.surety_expression
    _check(expression, None if names is None else tuple(names.items()), tuple(validator.table.table_key_attrs))
    for processor in validator.processors[len(_OF_THE_EXPRESSION) :]:
        if "(" in expression or not isinstance(processor, validators.UpdateExpressionFunctionEvaluator):
            node = processor.traverse(node)
    return node


@lru_cache(KEPT)
def _check(expression: str, names: tuple[tuple[str, str], ...] | None, keys: tuple[str, ...]) -> None:
    """What moto says to an update whatever its values are, if it says something."""
    key: Any = None if names is None else dict(names)
    count, overlap, of_keys = _OF_THE_EXPRESSION
    for processor in (count(), overlap(key), of_keys(list(keys), key or {})):
        processor.traverse(_read_update(expression))


class _Known(dict[type, bool]):
    """Whether a kind of node is such a one, found out once."""

    def __init__(self, is_one: Callable[[type], bool]) -> None:
        self._is_one = is_one

    def __missing__(self, kind: type) -> bool:
        known = self[kind] = self._is_one(kind)
        return known


_is_node: Final = _Known(lambda kind: issubclass(kind, _nodes.Node))
_is_leaf: Final = _Known(lambda kind: issubclass(kind, _nodes.LeafNode))
_looks_ahead: Final = _Known(
    lambda walk: walk.pre_processing_of_child is not _nodes.DepthFirstTraverser.pre_processing_of_child  # type: ignore[attr-defined]
)
_processed: Final[dict[type, _Known]] = {}


def _traverse(walk: Any, node: Any, child_id: int = -1) -> Any:
    """As moto does it: children first, and what a node becomes takes its place."""
    kind = type(walk)
    if kind not in _processed:
        _processed[kind] = _Known(partial(_is_among, walk.nodes_to_be_processed()))
    return _walk(walk, node, child_id, _processed[kind], _looks_ahead[kind]) if _is_node[type(node)] else node


def _is_among(kinds: tuple[type, ...], kind: type) -> bool:
    return issubclass(kind, kinds)


def _walk(walk: Any, node: Any, child_id: int, is_processed: _Known, looks_ahead: bool) -> Any:
    parent = node.parent
    if not _is_leaf[type(node)]:
        for place, child in enumerate(node.children or ()):
            if looks_ahead:
                walk.pre_processing_of_child(node, place)
            if _is_node[type(child)]:
                _walk(walk, child, place, is_processed, looks_ahead)
    if is_processed[type(node)]:
        node = walk.process(node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node


PATCHES: Final = (
    (ConditionExpressionParser, "parse", _filled),
    (ConditionExpressionParser, "_make_operand", _operand),
    (_expressions.UpdateExpressionParser, "make", staticmethod(_read_update)),
    (validators.UpdateExpressionValidator, "validate", _validate),
    (_nodes.Node, "__deepcopy__", _tree_apart),
    (_nodes.DepthFirstTraverser, "traverse_node_recursively", _traverse),
)
