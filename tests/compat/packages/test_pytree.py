"""`torch.utils._pytree`: containers with leaves, in PyTorch's order."""

import dataclasses
from collections import OrderedDict, defaultdict, deque, namedtuple
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat.utils import _pytree as pytree

Pair = namedtuple("Pair", "a b")
TREE = {
    "b": [1, (2, None)],
    "a": Pair(3, OrderedDict(z=4, y=5)),
    "c": defaultdict(list, {1: 6}),
    "d": deque([7], maxlen=3),
    "s": torch.Size([1, 2]),
}


def test_flattened_and_put_together_again() -> None:
    leaves, spec = pytree.tree_flatten(TREE)
    assert leaves == [1, 2, None, 3, 4, 5, 6, 7, 1, 2]
    again = pytree.tree_unflatten(leaves, spec)
    assert again == TREE
    assert [type(part) for part in again.values()] == [
        *(list, Pair, defaultdict, deque, torch.Size)
    ]
    assert list(again) == list(TREE)
    assert again["d"].maxlen == 3
    assert (spec.num_leaves, spec.num_nodes, spec.num_children) == (10, 18, 5)
    assert pytree.tree_structure(again) == spec
    assert hash(pytree.tree_structure(again)) == hash(spec)
    with pytest.raises(ValueError, match="has length 1 but the spec refers to a"):
        pytree.tree_unflatten([1], spec)
    result, _ = pytree.tree_flatten(torch.ones(2, 2).max(0))
    assert [x.tolist() for x in result] == [[1, 1], [0, 0]]


@pytest.mark.parametrize(
    ("tree", "shown"),
    [
        (1, "*"),
        ((), "TreeSpec(tuple, None, [])"),
        ({"b": 1, "a": 2}, "TreeSpec(dict, ['b', 'a'], [*,\n  *])"),
        ([(1, 2)], "TreeSpec(list, None, [TreeSpec(tuple, None, [*,\n    *])])"),
        (deque([1], 3), "TreeSpec(deque, 3, [*])"),
    ],
)
def test_structures_are_shown_as_in_pytorch(tree: Any, shown: str) -> None:
    assert repr(pytree.tree_structure(tree)) == shown


def test_mapping() -> None:
    assert pytree.tree_map(lambda *x: x, {"a": 1, "b": 2}, {"b": 3, "a": 4}) == {
        "a": (1, 4),
        "b": (2, 3),
    }
    assert pytree.tree_map_only(int, lambda x: x + 1, {"a": 1, "b": "x"}) == {
        "a": 2,
        "b": "x",
    }
    assert pytree.tree_map_only(lambda x: x == 1, lambda x: -x, [1, 2]) == [-1, 2]
    assert pytree.tree_leaves({"a": (1, 2)}, lambda x: type(x) is tuple) == [(1, 2)]
    assert pytree.tree_all(lambda x: x > 0, [1, (2,)])
    assert pytree.tree_any_only(int, lambda x: x > 1, ["a", (2,)])
    for other, words in (
        ({"b": 2}, "missing key"),
        ([1], "type mismatch"),
    ):
        with pytest.raises(ValueError, match=words):
            pytree.tree_map(lambda *x: x, {"a": 1}, other)
    with pytest.raises(ValueError, match="arity mismatch; expected 2, but got 1"):
        pytree.tree_map(lambda *x: x, (1, 2), (1,))


def test_paths() -> None:
    result, _ = pytree.tree_flatten_with_path(TREE)
    assert [pytree.keystr(path) for path, _ in result][2:5] == [
        *("['b'][1][1]", "['a'].a", "['a'].b['z']")
    ]
    assert all(pytree.key_get(TREE, path) == leaf for path, leaf in result)
    assert pytree.tree_map_with_path(lambda p, x: (pytree.keystr(p), x), [1]) == [
        ("[0]", 1)
    ]


def test_structures_are_written_and_read() -> None:
    spec = pytree.tree_structure({"b": [1, (2, OrderedDict(z=3))]})
    text = pytree.treespec_dumps(spec)
    assert text.startswith('[1, {"type": "builtins.dict", "context": "[\\"b\\"]",')
    assert pytree.treespec_loads(text) == spec
    with pytest.raises(NotImplementedError, match="Can't serialize TreeSpec of named"):
        pytree.treespec_dumps(pytree.tree_structure(Pair(1, 2)))


def test_classes_are_registered() -> None:
    class Box:
        def __init__(self, content: Any) -> None:
            self.content = content

    @dataclasses.dataclass
    class Point:
        x: Any
        y: Any

    settings = (lambda box: ([box.content], None), lambda xs, _: Box(*xs))
    pytree.register_pytree_node(Box, *settings)
    with pytest.raises(ValueError, match="is already registered as pytree node"):
        pytree.register_pytree_node(Box, *settings)
    pytree.register_dataclass(Point)
    assert pytree.tree_leaves([Box(3), Point(1, 2)]) == [3, 1, 2]
    result = torch.func.grad(lambda p: (p.x * p.y).sum())(
        Point(torch.ones(2), 2 * torch.ones(2))
    )
    assert [result.x.tolist(), result.y.tolist()] == [[2, 2], [1, 1]]
    result = torch.func.vmap(lambda box: Box(box.content * 2))(Box(torch.ones(2)))
    assert result.content.tolist() == [2, 2]
