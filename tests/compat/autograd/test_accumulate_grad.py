"""The node at a leaf: found through edges, with hooks of its own."""

import gc
import weakref
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat.autograd.graph import Node, get_gradient_edge


def test_an_edge_ends_in_the_node_of_the_leaf() -> None:
    x = torch.ones(2, requires_grad=True)
    y = x * x
    node, index = y.grad_fn.next_functions[0]
    assert x.grad_fn is None
    assert node.variable is x
    assert index == 0
    assert (3 * x).grad_fn.next_functions[0][0] is node
    assert get_gradient_edge(x).node is node
    assert isinstance(node, Node)
    assert node.next_functions == ()
    assert node.name() == "torch::autograd::AccumulateGrad"
    assert repr(node).startswith("<AccumulateGrad object at 0x")


def test_hooks_of_the_node_run_around_those_of_the_leaf() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = (x * x).sum()
    node = get_gradient_edge(x).node
    seen: list[Any] = []

    def before(grads: Any) -> Any:
        seen.append(("before", grads[0].tolist()))
        return (grads[0] * 2,)

    def after(grad_inputs: Any, grad_outputs: Any) -> None:
        seen.append(("after", grad_inputs, grad_outputs[0].tolist(), x.grad.tolist()))

    node.register_prehook(before)
    handle = node.register_hook(after)
    x.register_post_accumulate_grad_hook(lambda x: seen.append(x.grad.tolist()))
    x.register_hook(lambda grad: seen.append(("tensor", grad.tolist())))
    y.backward(retain_graph=True)
    assert seen == [
        ("tensor", [2, 4]),
        ("before", [2, 4]),
        [4, 8],
        ("after", (), [4, 8], [4, 8]),
    ]
    handle.remove()
    seen.clear()
    assert torch.autograd.grad(y, x)[0].tolist() == [2, 4]
    assert seen == [("tensor", [2, 4])]  # the leaf gets no gradient


def test_hooks_of_the_node_are_forgotten_with_it() -> None:
    x = torch.ones(1, requires_grad=True)
    (2 * x).grad_fn.next_functions[0][0].register_hook(lambda *grads: 1 / 0)
    (2 * x).backward()
    assert x.grad.tolist() == [2]


def test_a_hook_of_a_node_gives_a_tuple() -> None:
    x = torch.ones(1, requires_grad=True)
    y = 2 * x
    y.grad_fn.register_prehook(lambda grads: grads[0])
    with pytest.raises(TypeError, match="expected tuple, but hook returned 'Tensor'"):
        y.backward()


def test_a_leaf_and_its_node_are_no_cycle() -> None:
    gc.disable()
    try:
        x = torch.ones(1, requires_grad=True)
        x.mul(2).backward()
        gone = weakref.ref(x)
        y = x * 3
        del x
        assert gone() is not None  # the graph needs it
        del y
        assert gone() is None
    finally:
        gc.enable()


def test_hooks_of_leaves_run_as_soon_as_their_gradient_is_known() -> None:
    order: list[str] = []
    y = torch.ones(1)
    leaves = [torch.ones(1, requires_grad=True) for _ in range(2)]
    for name, x in zip("ab", leaves, strict=True):
        y = y * x
        y.register_hook(lambda grad, name=name: order.append(f"result {name}"))
        x.register_post_accumulate_grad_hook(lambda x, name=name: order.append(name))
    y.backward()
    assert order == ["result b", "b", "result a", "a"]


def test_hooks_of_leaves_that_get_no_gradient_are_not_called() -> None:
    x, y = (torch.ones(1, requires_grad=True) for _ in range(2))
    x.register_hook(lambda grad: 1 / 0)
    (x * y).backward(inputs=[y])
    assert y.grad.tolist() == [1]
    assert x.grad is None
    assert torch.autograd.grad(x * y, y)[0].tolist() == [1]


def test_an_input_that_is_named_twice_gets_its_gradient_once() -> None:
    x = torch.ones(1, requires_grad=True)
    y = 2 * x
    z = 3 * y
    result = torch.autograd.grad(z, [x, x, y, y], retain_graph=True)
    assert [grad.item() for grad in result] == [6, 6, 3, 3]
    z.backward(inputs=[y, y])
    assert y.grad.tolist() == [3]
    assert y.retains_grad


def test_a_leaf_that_a_node_uses_twice_gets_one_gradient() -> None:
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    y = torch.tensor([1.0, 4.0], requires_grad=True)
    for more, wanted in ((0.0, [4.0, 6.0]), (1.0, [6.0, 8.0])):
        x.grad = y.grad = None
        loss = (x * x).sum()
        if more:
            loss = loss + torch.stack([y, x, x]).sum()
        loss.backward()
        assert x.grad is not None
        assert x.grad.tolist() == wanted
        assert x.grad._version == 0


def test_what_looks_at_a_gradient_on_its_way_sees_a_tensor() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    z = y * y
    seen: list[Any] = []
    y.register_hook(lambda grad: seen.append(grad) or grad * 10)
    z.retain_grad()
    z.sum().backward()
    assert [type(grad) for grad in seen] == [torch.Tensor]
    assert seen[0].tolist() == [6.0, 12.0]
    assert z.grad is not None
    assert z.grad.tolist() == [1.0, 1.0]
    assert x.grad is not None
    assert x.grad.tolist() == [180.0, 360.0]
