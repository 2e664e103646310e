"""Memory that several tensors show: parameters, gradients, rows of tables."""

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat import nn


def close(x, wanted):
    np.testing.assert_allclose(x.detach().numpy(), wanted, rtol=1e-4)


# --- parameters that share memory: values of torch 2.13 ---

OVERLAPPING = {
    "one memory": ([1.0, 1.0], lambda w: w[:], [0.5, 0.5]),
    "turned": ([[1.0, 2], [3, 4]], lambda w: w.t(), [[0.5, 1.5], [2.5, 3.5]]),
    "a row": ([[1.0, 2], [3, 4]], lambda w: w[1], [[0.8, 1.8], [2.5, 3.5]]),
    "a slice": ([1.0, 2, 3], lambda w: w[1:], [0.8, 1.5, 2.5]),
}


@pytest.mark.parametrize("name", OVERLAPPING)
def test_both_updates_of_shared_memory_land(name):
    numbers, part, wanted = OVERLAPPING[name]
    base = torch.tensor(numbers)
    a, b = nn.Parameter(base), nn.Parameter(part(base))
    opt = torch.optim.SGD([a, b], lr=0.1)
    (2 * a.sum() + 3 * b.sum()).backward()
    opt.step()
    close(base, wanted)


def test_second_update_sees_the_first_in_decay_and_momentum():
    a = nn.Parameter(torch.ones(1))
    b = nn.Parameter(a.data)
    opt = torch.optim.SGD([a, b], lr=0.1, momentum=0.9, weight_decay=0.5)
    for _ in range(2):
        opt.zero_grad()
        (2 * a.sum() + 3 * b.sum()).backward()
        opt.step()
    close(a, [-0.6352])


def test_parameter_that_stands_twice_is_updated_twice():
    for make, wanted in (
        (lambda ps: torch.optim.SGD(ps, lr=0.1, momentum=0.5), [0.475]),
        (lambda ps: torch.optim.Adam(ps, lr=0.1), [0.6]),
    ):
        p = nn.Parameter(torch.ones(1))
        with pytest.warns(UserWarning, match="duplicate parameters"):
            opt = make([p, p])
        for _ in range(2):
            p.grad = torch.ones(1)
            opt.step()
        close(p, wanted)


def test_slices_apart_are_updated_in_one_program():
    flat = torch.arange(6.0)
    params = [nn.Parameter(flat[i : i + 2]) for i in (0, 2, 4)]
    opt = torch.optim.SGD(params, lr=1.0)
    sum((i * p).sum() for i, p in enumerate(params)).backward()
    opt.step()
    close(flat, [0, 1, 1, 2, 2, 3])


def test_parameters_in_one_array_of_numpy_are_updated_one_after_the_other():
    shared = np.ones(2, np.float32)
    a, b = (nn.Parameter(torch.from_numpy(shared)) for _ in range(2))
    opt = torch.optim.SGD([a, b], lr=0.1)
    (2 * a + 3 * b).sum().backward()
    opt.step()
    np.testing.assert_allclose(shared, [0.5, 0.5])


def test_lbfgs_adds_both_changes_of_shared_memory():
    a = nn.Parameter(torch.tensor([2.0]))
    b = nn.Parameter(a.data)
    opt = torch.optim.LBFGS([a, b], lr=0.1, max_iter=1)

    def closure():
        opt.zero_grad()
        loss = ((a - 1) ** 2 + 3 * b**2).sum()
        loss.backward()
        return loss

    opt.step(closure)
    close(a, [1.9])


def test_optimizer_shares_the_state_that_it_took_over():
    a, b = (nn.Parameter(torch.ones(1)) for _ in range(2))
    first, second = (torch.optim.SGD([p], lr=0.1, momentum=0.5) for p in (a, b))
    a.grad = b.grad = torch.ones(1)
    first.step()
    second.load_state_dict(first.state_dict())
    first.step()
    close(second.state[b]["momentum_buffer"], [1.5])


# --- gradients that are views ---

PARTS = {
    "a slice": lambda g: g[1:4],
    "a block": lambda g: g.view(2, 3)[:, 1],
    "a row": lambda g: g.view(2, 3)[1],
    "turned": lambda g: g.view(3, 2).t(),
    "every second": lambda g: g[::2],
}


@pytest.mark.parametrize("name", PARTS)
def test_gradient_that_is_a_view_is_added_up_in_its_buffer(name):
    flat = torch.zeros(6)
    part = PARTS[name](flat)
    p = nn.Parameter(torch.ones(part.shape))
    p.grad = part
    for _ in range(2):
        (3 * p).sum().backward()
    assert flat.shape == (6,)
    assert flat.tolist() == (2 * 3 * _ones_at(PARTS[name])).tolist()
    count = flat._version
    nn.utils.clip_grad_value_([p], 1.0)  # one bound, then the other
    assert flat._version == count + 2
    assert flat.tolist() == _ones_at(PARTS[name]).tolist()
    torch.optim.SGD([p], lr=0.5).step()
    assert set(p.detach().flatten().tolist()) == {0.5}
    torch.optim.SGD([p], lr=0.5).zero_grad(set_to_none=False)
    assert flat.tolist() == [0.0] * 6


def _ones_at(part):
    marks = torch.zeros(6)
    part(marks).fill_(1)
    return np.array(marks.tolist())


def test_module_clears_gradients_in_their_own_memory():
    layer = nn.Linear(2, 1, bias=False)
    flat = torch.ones(4)
    layer.weight.grad = flat[:2].view(1, 2)
    layer.zero_grad(set_to_none=False)
    assert flat.tolist() == [0, 0, 1, 1]
    layer(torch.ones(1, 2)).sum().backward()
    assert flat.tolist() == [1, 1, 1, 1]


def test_resizing_a_view_leaves_its_base_alone():
    base = torch.arange(6.0)
    view = base[2:4]
    view.resize_(3)
    assert base.shape == (6,)
    assert view.tolist() == [2, 3, 4]
    view.mul_(10)
    assert base.tolist() == [0, 1, 20, 30, 40, 5]


# --- retain_grad ---

CHANGES = {
    "mul_": lambda y: y.mul_(3),
    "zero_": lambda y: y.zero_(),
    "an index": lambda y: y.__setitem__(0, 7.0),
    "a view": lambda y: y[1:].mul_(5),
    "copy_": lambda y: y.copy_(y * 4),
    "unsqueeze_": lambda y: y.mul_(2).unsqueeze_(0).squeeze_(0),
}


@pytest.mark.parametrize("name", CHANGES)
def test_retained_gradient_is_that_of_the_new_value(name):
    x = torch.tensor([1.0, 2, 3], requires_grad=True)
    y = x * 1
    y.retain_grad()
    hooked = []
    y.register_hook(lambda grad: hooked.append(grad.tolist()))
    CHANGES[name](y)
    (y * torch.tensor([1.0, 10, 100])).sum().backward()
    assert y.grad.tolist() == [1, 10, 100]
    assert len(hooked) == 1  # a hook stays with what computed the old value


def test_retained_gradient_of_a_view_follows_its_base():
    x = torch.ones(4, requires_grad=True)
    y = x * 1
    view = y[:2]
    view.retain_grad()
    y.mul_(2)
    (view * 3).sum().backward()
    assert view.grad.tolist() == [3, 3]


# --- tables with a greatest norm ---


@pytest.mark.parametrize("mode", ["train", "eval", "no_grad"])
@pytest.mark.parametrize("kind", ["Embedding", "EmbeddingBag", "embedding_bag"])
def test_rows_looked_up_are_shrunk_in_the_table(kind, mode):
    weight = torch.tensor([[3.0, 4], [6, 8], [0.3, 0.4]])
    index = torch.tensor([[0, 2, 0]])
    if kind == "embedding_bag":
        call = lambda: nn.functional.embedding_bag(index, weight, max_norm=1.0)  # noqa: E731
    else:
        table = getattr(nn, kind)(3, 2, max_norm=1.0, _weight=weight)
        table.train(mode == "train")
        weight, call = table.weight, lambda: table(index)
    with torch.set_grad_enabled(mode != "no_grad"):
        call()
    close(weight.detach().norm(dim=1), [1.0, 10.0, 0.5])
    assert weight._version == 1


def test_embedding_renorm_refuses_a_leaf_that_wants_a_gradient():
    weight = torch.ones(2, 2, requires_grad=True)
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        torch.embedding_renorm_(weight, torch.tensor([0]), 1.0, 2.0)


# --- tensors without dimensions ---


@pytest.mark.parametrize(
    "call",
    [
        lambda x: nn.init.constant_(x, 2.0),
        nn.init.zeros_,
        nn.init.ones_,
        nn.init.uniform_,
        nn.init.normal_,
        nn.init.trunc_normal_,
        lambda x: x.fill_(2.0),
        lambda x: x.uniform_(),
        lambda x: x.normal_(),
        lambda x: x.random_(5),
        lambda x: x.bernoulli_(0.5),
        lambda x: x.exponential_(),
    ],
)
def test_number_written_into_a_tensor_without_dimensions_leaves_it_so(call):
    for x in (torch.empty(()), torch.zeros(3)[1]):
        call(x)
        assert x.shape == ()
        assert x.item() == x.item()
