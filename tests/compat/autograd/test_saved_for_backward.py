"""Writing in place to what PyTorch keeps for a gradient is an error, else it is not."""

import re

import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat.nn import functional as F

MODIFIED = re.escape(
    "one of the variables needed for gradient computation has been modified by an "
    "inplace operation: [torch.FloatTensor ["
)

# The call, of `x` and `w` of (2, 2); and which of x, w and the result y are kept when
# both want a gradient: what torch 2.13 was seen to do.
KEPT = {
    "add": (lambda x, w: x + w, ""),
    "mul": (lambda x, w: x * w, "xw"),
    "div": (lambda x, w: x / w, "xw"),
    "one by x": (lambda x, w: 1 / x + w, ""),
    "square": (lambda x, w: x**2 + w, "x"),
    "power": (lambda x, w: x**w, "xwy"),
    "exp": (lambda x, w: (x + w).exp(), "y"),
    "sin": (lambda x, w: x.sin() + w, "x"),
    "relu": (lambda x, w: F.relu(x + w), "y"),
    "gelu": (lambda x, w: F.gelu(x) + w, "x"),
    "sigmoid": (lambda x, w: (x + w).sigmoid(), "y"),
    "softmax": (lambda x, w: (x + w).softmax(1), "y"),
    "softmax of channels": (lambda x, w: nn.Softmax2d()((x + w)[None])[0], "y"),
    "maximum": (lambda x, w: torch.maximum(x, w), "xw"),
    "where": (lambda x, w: torch.where(x > 0, x, w), ""),
    "matmul": (lambda x, w: x @ w, "xw"),
    "addmm": (lambda x, w: torch.addmm(x, x.detach(), w), "x"),
    "lerp": (lambda x, w: x.lerp(w, 0.5), ""),
    "linear": (lambda x, w: F.linear(x, w), "xw"),
    "bias": (lambda x, w: F.linear(x.detach(), w.detach(), w[0]) + x, ""),
    "mean": (lambda x, w: x.mean() + w, ""),
    "std": (lambda x, w: x.std() + w, "x"),
    "norm": (lambda x, w: torch.linalg.vector_norm(x) + w, "x"),
    "cumprod": (lambda x, w: (x + w).cumprod(0), "y"),
    "mse": (lambda x, w: F.mse_loss(x, w), "xw"),
    "cross entropy": (lambda x, w: F.cross_entropy(x, torch.tensor([0, 1])) + w, ""),
    "layer norm": (lambda x, w: F.layer_norm(x, (2, 2), w), "xw"),
    "inverse": (lambda x, w: torch.linalg.inv(x + w), "y"),
    "cat": (lambda x, w: torch.cat([x, w]), ""),
    "view": (lambda x, w: x.t() + w, ""),
    "no grad": (lambda x, w: x + w * w.detach(), "w"),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_must_not_be_written_to(name):
    call, kept = KEPT[name]
    for place in "xwy":
        x = torch.tensor([[1.0, 2], [3, 5]], requires_grad=True)
        w = torch.tensor([[2.0, 1], [1, 3]], requires_grad=True)
        y = call(x, w)
        with torch.no_grad():
            {"x": x, "w": w, "y": y}[place].mul_(1)
        if place in kept:
            with pytest.raises(RuntimeError, match=MODIFIED):
                y.sum().backward()
        else:
            y.sum().backward()


LAYERS = {
    "Linear": (lambda: nn.Linear(2, 2), (1, 2), "weight"),
    "Conv2d": (lambda: nn.Conv2d(2, 2, 1), (1, 2, 2, 2), "weight"),
    "LayerNorm": (lambda: nn.LayerNorm(2), (1, 2), "weight bias"),
    "LSTM": (
        lambda: nn.LSTM(2, 2),
        (3, 1, 2),
        "weight_ih_l0 weight_hh_l0 bias_ih_l0 bias_hh_l0",
    ),
    "GRU": (lambda: nn.GRU(2, 2), (3, 1, 2), "weight_ih_l0 weight_hh_l0"),
    "row": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2), nn.ReLU()),
        (1, 2),
        "0.weight 2.weight",
    ),
}


@pytest.mark.parametrize("name", LAYERS)
def test_parameters_stepped_before_backward(name):
    make, shape, kept = LAYERS[name]
    module = make()
    for title, parameter in module.named_parameters():
        output = module(torch.ones(shape, requires_grad=True))
        output = output[0] if isinstance(output, tuple) else output
        parameter.grad = torch.ones_like(parameter)
        torch.optim.SGD([parameter], lr=0.0).step()
        if title in kept.split():
            with pytest.raises(RuntimeError, match="modified by an inplace operation"):
                output.sum().backward()
        else:
            output.sum().backward()


IN_PLACE = {
    "elu": (F.elu, True),
    "celu": (F.celu, True),
    "selu": (F.selu, True),
    "leaky_relu": (F.leaky_relu, True),
    "rrelu": (F.rrelu, True),
    "relu": (F.relu, True),
    "hardtanh": (F.hardtanh, False),
    "silu": (F.silu, False),
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_activation_in_place_keeps_its_result(name):
    run, keeps = IN_PLACE[name]
    x = torch.tensor([0.5, -0.5], requires_grad=True)
    y = run(x * 1, inplace=True)
    y.sum().backward()
    y = run(x * 1, inplace=True)
    with torch.no_grad():
        y.mul_(1)
    if keeps:
        with pytest.raises(RuntimeError, match=MODIFIED):
            y.sum().backward()
    else:
        y.sum().backward()


MASK = torch.tensor([[True, False], [True, True]])
ROWS = torch.tensor([0])
# The call, of `x` and another tensor; and which of them, and of the result y, are kept,
# which depends on the arguments.
BY_ARGUMENTS = {
    "masked sum": (lambda x, o: torch.masked.sum(x, mask=o), MASK, "o"),
    "masked sum, wide": (lambda x, o: torch.masked.sum(x, mask=o), MASK[0], ""),
    "masked amax": (lambda x, o: torch.masked.amax(x, 0, mask=o), MASK, "oy"),
    "masked amax of all": (lambda x, o: torch.masked.amax(x, 0), MASK, "xy"),
    "masked cumsum": (lambda x, o: torch.masked.cumsum(x, 0, mask=o), MASK, "o"),
    "spectral": (lambda x, o: torch.linalg.norm(x, 2), ROWS, "y"),
    "nuclear": (lambda x, o: torch.norm(x, "nuc"), ROWS, ""),
    "rfft": (lambda x, o: torch.fft.rfft(x).abs(), ROWS, "x"),
    "rfft, padded": (lambda x, o: torch.fft.rfft(x, 3).abs(), ROWS, ""),
    "area": (lambda x, o: F.interpolate(x[None], 1, mode="area"), ROWS, ""),
    "index_put": (lambda x, o: x.index_put((o,), torch.ones(2)), ROWS, "o"),
    "matrices by x": (lambda x, o: x @ o, torch.ones(2, 2, 2), ""),
    "poisson": (
        lambda x, o: F.poisson_nll_loss(x, o, log_input=False),
        torch.ones(2, 2),
        "o",
    ),
}


@pytest.mark.parametrize("name", BY_ARGUMENTS)
def test_what_is_kept_depends_on_the_arguments(name):
    call, other, kept = BY_ARGUMENTS[name]
    for place in "xoy":
        x = torch.tensor([[1.0, 2], [3, 5]], requires_grad=True)
        o = other.clone()
        y = call(x, o)
        torch.autograd.graph.increment_version({"x": x, "o": o, "y": y}[place])
        if place in kept:
            with pytest.raises(RuntimeError, match="modified by an inplace"):
                y.sum().backward()
        else:
            y.sum().backward()


def test_steps_of_two_networks_in_the_wrong_order():
    maker, judge = nn.Linear(1, 2), nn.Linear(2, 1)
    opt = torch.optim.Adam(judge.parameters())
    loss = judge(maker(torch.ones(3, 1))).mean()
    loss.backward(retain_graph=True)
    opt.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_batch_norm_runs_twice_before_backward():
    norm = nn.BatchNorm1d(2)
    first, second = norm(torch.rand(3, 2)), norm(torch.rand(3, 2))
    (first.sum() + second.sum()).backward()
    assert norm.running_mean._version == 1  # of the initialisation
    assert norm.num_batches_tracked._version == 3


WRITES = {
    "optimizer": (lambda p: torch.optim.SGD([p], lr=0.1).step(), 1),
    "AdamW": (lambda p: torch.optim.AdamW([p], lr=0.1).step(), 2),
    "add_": (lambda p: p.detach().add_(1), 1),
    "copy_": (lambda p: p.detach().copy_(p + 1), 1),
    "init": (nn.init.zeros_, 1),
    "embedding_renorm_": (
        lambda p: F.embedding(torch.tensor([0]), p, max_norm=0.1),
        1,
    ),
    "data": (lambda p: p.data.add_(1), 0),
    "a view of data": (lambda p: p.data[0].add_(1), 0),
    "data assigned": (lambda p: setattr(p, "data", p.data + 1), 0),
    "numpy": (lambda p: p.detach().numpy().fill(3), 0),
}


@pytest.mark.parametrize("name", WRITES)
def test_version_counts_what_pytorch_counts(name):
    write, count = WRITES[name]
    p = nn.Parameter(torch.ones(2, 2))
    p.grad = torch.ones(2, 2)
    write(p)
    assert p._version == count


def test_message_names_what_made_the_tensor():
    x = torch.ones(2, requires_grad=True)
    y = (x + 1).exp()
    y.add_(1)
    words = (
        r"\[torch.FloatTensor \[2\]\], which is output 0 of Exp, is at "
        "version 1; expected version 0 instead"
    )
    with pytest.raises(RuntimeError, match=words):
        y.sum().backward()
    w = torch.ones(2, requires_grad=True)
    loss = (w * x).sum()
    with torch.no_grad():
        w.zero_()
    with pytest.raises(
        RuntimeError, match=r"Tensor \[2\]\] is at version 1; expected v"
    ):
        loss.backward()
