"""Expressions that are read once.

The application writes some hundred different expressions, each thousands of times with other values. moto reads each anew, letter by
letter, and walks through an update ten times, asking at every step what it is looking at. Here what is read is kept, and so is what
is found out about a kind of node.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from moto.dynamodb.comparisons import AttributeValue, ConditionExpressionParser
from moto.dynamodb.parsing import ast_nodes, expressions

KEPT: Final = 2_000
"""Expressions of each kind."""

_nodes: Final[Any] = ast_nodes
_expressions: Final[Any] = expressions
_condition: Final[Callable[..., Any]] = ConditionExpressionParser.parse
_make_operand: Final[Callable[..., Any]] = ConditionExpressionParser._make_operand
_update: Final[Callable[..., Any]] = _expressions.UpdateExpressionParser.make


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
        apart.children = [_tree_apart(child) if _is_node(type(child)) else child for child in node.children]
        for child in apart.children:
            if _is_node(type(child)):
                child.parent = apart
    return apart


def _traverse(walk: Any, node: Any, child_id: int = -1) -> Any:
    """As moto does it: children first, and what a node becomes takes its place."""
    if not _is_node(type(node)):
        return node
    parent = node.parent
    for place, child in enumerate(node.children or ()):
        walk.pre_processing_of_child(node, place)
        _traverse(walk, child, place)
    if _is_processed(walk, type(node)):
        node = walk.process(node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node


def _is_node(kind: type) -> bool:
    known = _kinds.get(kind)
    if known is None:
        known = _kinds[kind] = issubclass(kind, _nodes.Node)
    return known


def _is_processed(walk: Any, kind: type) -> bool:
    known = _processed.get((type(walk), kind))
    if known is None:
        known = _processed[type(walk), kind] = issubclass(kind, walk.nodes_to_be_processed())
    return known


_kinds: Final[dict[type, bool]] = {}
_processed: Final[dict[tuple[type, type], bool]] = {}


PATCHES: Final = (
    (ConditionExpressionParser, "parse", _filled),
    (ConditionExpressionParser, "_make_operand", _operand),
    (
        _expressions.UpdateExpressionParser,
        "make",
        staticmethod(lru_cache(KEPT)(_update)),
    ),  # whoever works on it works on a copy
    (_nodes.Node, "__deepcopy__", _tree_apart),
    (_nodes.DepthFirstTraverser, "traverse_node_recursively", _traverse),
)
