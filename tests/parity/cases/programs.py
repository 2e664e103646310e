"""Random programs: lines of PyTorch that read, write, look through and differentiate.

A program is written a line at a time while PyTorch runs it, so that most lines fit the
tensors that are there; those at which PyTorch raises stay, for the error is to be the
same.
"""

import copy
import pickle
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch

# What may stand in a line: a tensor, one more, an index, a number, a dimension.
VIEWS = (
    "{a}[{i}]",
    "{a}[1:]",
    "{a}[:, 1:3]",
    "{a}[..., ::2]",
    "{a}[None]",
    "{a}[..., None]",
    "{a}.t()",
    "{a}.T",
    "{a}.view(-1)",
    "{a}.view_as({b})",
    "{a}.reshape(-1, 2)",
    "{a}.unsqueeze({d})",
    "{a}.squeeze()",
    "{a}.squeeze({d})",
    "{a}.flatten()",
    "{a}.transpose(0, {d})",
    "{a}.permute(1, 0)",
    "{a}.expand(2, *{a}.shape)",
    "{a}.expand_as({b})",
    "{a}.diagonal()",
    "{a}.narrow({d}, 1, 2)",
    "{a}.select({d}, {i})",
    "{a}.chunk(2, {d})[{i}]",
    "{a}.split(2)[{i}]",
    "{a}.unbind({d})[{i}]",
    "{a}.unfold({d}, 2, 2)",
    "{a}.movedim(0, {d})",
    "{a}.view(2, -1)",
    "{a}.as_strided((2, 2), (1, 2), 1)",
    "{a}.detach()",
    "{a}.data",
)
VALUES = (
    "{a} + {b}",
    "{a} * {b}",
    "{a} - {n}",
    "{a} / 2",
    "{a} @ {b}",
    "{a} ** 2",
    "-{a}",
    "{a}.sin()",
    "{a}.tanh()",
    "{a}.relu()",
    "{a}.abs()",
    "{a}.exp().clamp(max=9)",
    "{a}.sum()",
    "{a}.sum({d})",
    "{a}.mean({d}, keepdim=True)",
    "{a}.max({d}).values",
    "{a}.cumsum({d})",
    "{a}.clone()",
    "{a}.contiguous()",
    "{a}.flip({d})",
    "{a}.repeat(2, 1)",
    "{a}.sort({d}).values",
    "{a}[[0, 1]]",
    "{a}[{a} > 0]",
    "{a}.double()",
    "{a}.softmax({d})",
    "torch.cat([{a}, {b}], {d})",
    "torch.stack([{a}, {b}])",
    "torch.where({a} > 0, {a}, {b})",
    "torch.maximum({a}, {b})",
    "torch.zeros_like({a})",
)
WRITES = (
    "{a}.add_({b})",
    "{a}.mul_({n})",
    "{a}.mul_({b})",
    "{a}.sub_(1)",
    "{a}.copy_({b}.clone())",
    "{a}.zero_()",
    "{a}.fill_({n})",
    "{a}.sin_()",
    "{a}.tanh_()",
    "{a}.relu_()",
    "{a}.clamp_(-1, 1)",
    "{a}.neg_()",
    "{a}.masked_fill_({a} > 0, {n})",
    "{a}.addcmul_({b}.clone(), {b}.clone(), value=0.5)",
    "{a}.index_fill_({d}, torch.tensor([0]), {n})",
    "{a}.squeeze_()",
    "{a}.unsqueeze_({d})",
    "{a}.t_()",
    "{a}.detach_()",
    "{a}[{i}] = {n}",
    "{a}[{i}] = {b}",
    "{a}[1:] = {b}[1:]",
    "{a}[:, 0] = {n}",
    "{a}[{a} > 0] = {n}",
    "{a}[[0, 1]] = {n}",
    "{a}[..., 1:] += {n}",
    "{a} += {b}",
    "{a} *= {n}",
)
# What PyTorch refuses, and these programs leave out: to read what is being written
# (here nothing is written too early), to write to views that came together, and
# indices of which some are outside, for the others are written before it raises.
_REFUSED = ("single memory location", "out of bounds")
_SHAPES = ("squeeze_", "unsqueeze_", "t_()", "detach_")
FREE_WRITES = tuple(
    f"with torch.no_grad(): {line}"
    for line in WRITES
    if not any(one in line for one in _SHAPES)
)
NUMPY = (
    "{a}.detach().numpy()[...] = {n}",
    "{a}.detach().numpy()[{i}] += {n}",
    "{v} = torch.from_numpy({a}.detach().numpy())",
    "{v} = torch.as_tensor({a}.detach().numpy())",
    "{v} = torch.tensor({a}.tolist())",
    "seen = round({a}.sum().item(), 2)",
    "seen = {a}.detach().mul(64).round().tolist()",
    "seen = repr({a}.detach())",
    "seen = {a}.shape, {a}.is_leaf, {a}.requires_grad",
    "seen = bool(({a} == {b}).all())",
)
# PyTorch does not notice these where it has kept the numbers for a gradient.
DATA = ("{a}.data.mul_({n})", "{a}.data = {b}.data", "{a}.detach().fill_({n})")
LAYOUTS = (
    "seen = [s for n, s in zip({a}.shape, {a}.stride()) if n > 1]",
    "seen = {a}.shape, {a}.storage_offset(), {a}.is_contiguous()",
)
GRADIENTS = (
    "{a}.sum().backward()",
    "({a} * {b}).sum().backward()",
    "({a} ** 2).mean().backward(retain_graph=True)",
    "{a}.backward(torch.ones_like({a}))",
    "{v}, = torch.autograd.grad({a}.sum(), {b})",
    "{v}, = torch.autograd.grad(({a} ** 2).sum(), {b}, create_graph=True)",
    "{v}, = torch.autograd.grad({a}.sum(), {b}, retain_graph=True, allow_unused=True)",
    "{a}.retain_grad()",
    "{a}.grad = None",
    "{a}.grad = torch.zeros(2, *{a}.shape)[1]",
    "{a}.grad.zero_()",
    "{v} = {a}.grad",
    "{v} = {a}.detach().requires_grad_()",
    "{v} = {a}.detach().clone().requires_grad_()",
)
PRELUDE = """
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, gradient):
        x, = ctx.saved_tensors
        return 2 * x * gradient


class Both(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, y, factor):
        ctx.factor, ctx.sizes = factor, (x.shape, y.shape)
        return x.sum() * factor, y.sum() + factor

    @staticmethod
    def backward(ctx, first, second):
        x, y = ctx.sizes
        found = first.expand(x) * ctx.factor if ctx.needs_input_grad[0] else None
        return found, second.expand(y), None


class Double_(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x)
        return x.mul_(2)

    @staticmethod
    def backward(ctx, gradient):
        return gradient * 2


from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
weight = torch.nn.Parameter(torch.full((4,), 0.5))
layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(4, 4))
torch.nn.init.constant_(layer.bias, 0.25)
layer.parametrizations.weight.original1.data.fill_(0.5)


def named(module):
    return dict(module.named_parameters())


def of(module, x=None, reduce=torch.sum):
    def function(parameters, x=x):
        y = torch.func.functional_call(module, parameters, (x,))
        return reduce(y) if reduce else y

    return function
"""
FUNCTIONS = (
    "{v} = Square.apply({a})",
    "{v} = Both.apply({a}, {b}, 3)[{i}]",
    "{v} = Double_.apply({a})",
    "{v} = Double_.apply({a}.clone())",
    "{v} = checkpoint(lambda t: t.tanh() * t, {a}, use_reentrant=False)",
    "{v} = checkpoint(lambda t: (t * {b}).sin(), {a}, use_reentrant=False)",
    "{v} = torch.func.grad(lambda t: (t**3).sum())({a})",
    "{v} = torch.func.vmap(lambda t: t.sum() * t)({a})",
    "{v} = torch.func.jacrev(lambda t: t * t)({a})",
    "{v} = torch.func.jvp(torch.sin, ({a},), (torch.ones_like({a}),))[1]",
    "{v} = torch.func.vjp(torch.tanh, {a})[1](torch.ones_like({a}))[0]",
    "{v} = torch.autograd.functional.hessian(lambda t: (t**3).sum(), {a})",
    "{v} = torch.autograd.functional.vjp(torch.exp, {a}, torch.ones_like({a}))[1]",
    "{v} = {a} * weight",
    "{v} = layer({a})",
    "{v} = torch.func.functional_call(layer, dict(layer.named_parameters()), {a})",
    "{v} = list(torch.func.grad(of(layer, {a}))(named(layer)).values())[{i}]",
    "found = torch.func.grad(of(layer, {a}))(named(layer)); "
    "seen = [g.shape == p.shape for g, p in zip(found.values(), layer.parameters())]; "
    "{v} = found['bias']",
    "{v} = list(torch.func.jacrev(of(layer, {a}, None))(named(layer)).values())[{i}]",
    "{v} = torch.func.vmap(torch.func.grad(of(layer)), (None, 0))(named(layer), {a})"
    "['bias']",
    "for p, g in zip(layer.parameters(), "
    "torch.func.grad(of(layer, {a}))(named(layer)).values()): p.grad = g",
    "{v}, rest = torch.func.vjp(of(layer, {a}, None), named(layer)); "
    "{v} = rest(torch.ones_like({v}))[0]['bias']",
    "{v} = torch.func.functional_call(layer, {{'bias': {b}}}, {a})",
    "{v} = torch.nn.utils.stateless.functional_call(layer, {{'bias': {b}}}, {a})",
    "layer.bias = torch.nn.Parameter({a}.detach()[:4])",
    "layer.bias.grad = {a}.detach()",
    "{a}.sum().backward(); {v} = weight.grad",
    "(layer({a}) ** 2).sum().backward(); {v} = layer.bias.grad.clone()",
    "layer.zero_grad()",
    "layer.bias.data.add_(1)",
    "{v} = torch.compile(lambda t: t * 2 + {b})({a})",
    "{v} = torch.nn.utils.parameters_to_vector([weight, {a}])",
    "with torch.enable_grad(): {v} = {a} * weight",
    "with torch.inference_mode(): {v} = {a} * 2",
    "with torch.set_grad_enabled(False): {v} = {a} * weight",
    "{v} = torch.no_grad()(lambda t: t * weight)({a})",
    "{v} = copy.deepcopy({a}.detach())",
    "{v} = pickle.loads(pickle.dumps({a}.detach()))",
)
_NEW = "{v} = torch.tensor({numbers}, requires_grad={flag})"
_VIEW, _VALUE = (tuple(f"{{v}} = {x}" for x in kind) for kind in (VIEWS, VALUES))
THEMES = {
    "layouts": (_VIEW, LAYOUTS),
    "views": (_VIEW, _VIEW, WRITES, _VALUE),
    "memory": (_VIEW, WRITES, NUMPY, NUMPY, _VALUE, DATA),
    "gradients": (_VALUE, _VALUE, GRADIENTS, GRADIENTS, _VIEW),
    "writes and gradients": (_VIEW, WRITES, GRADIENTS, _VALUE, FREE_WRITES),
    "functions": (_VALUE, GRADIENTS, FUNCTIONS, FUNCTIONS, _VIEW),
    "everything": (_VIEW, _VALUE, WRITES, FREE_WRITES, NUMPY, GRADIENTS),
}
SHAPES = ((3, 4), (4, 3), (4,), (2, 2), (3, 1), ())


@dataclass
class State:
    """What a program has made: its variables, and what each line gave or raised."""

    library: Any
    names: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    refused: bool = False

    def __post_init__(self) -> None:
        self.names |= {"torch": self.library, "copy": copy, "pickle": pickle}
        exec(
            PRELUDE.replace("from torch.", f"from {self.library.__name__}."), self.names
        )

    @property
    def tensors(self) -> dict[str, Any]:
        """The variables that are tensors."""
        kind = self.library.Tensor
        return {k: v for k, v in self.names.items() if isinstance(v, kind)}

    def run(self, line: str) -> None:
        """Run a line; note the error that it raises, or what it saw."""
        self.names["seen"] = None
        try:
            exec(line, self.names)
        except Exception as error:
            self.refused = any(one in str(error) for one in _REFUSED)
            # What torch.compile raises is called by a name of its own.
            self.told.append(type(error).__name__.replace("TorchRuntime", "Runtime"))
            return
        self.told.append(repr(self.names["seen"]))


def on_both(program: list[str], library: Any) -> tuple[State, State]:
    """Run a program on `library` and on PyTorch: each line gives or raises the same."""
    ours, theirs = State(library), State(torch)
    for line in program:
        ours.run(line)
        theirs.run(line)
        result, wanted = ours.told[-1], theirs.told[-1]
        assert result == wanted, f"{line}: {result}, PyTorch {wanted}"
    return ours, theirs


@contextmanager
def naming(program: list[str]) -> Iterator[None]:
    """Let what is raised inside show the program."""
    try:
        yield
    except AssertionError as error:
        error.args = (f"{error.args[0]} in: {'; '.join(program)}",)
        raise


def written(theme: str, seed: int, lines: int = 14) -> list[str]:
    """A program, the same for the same seed."""
    draw = random.Random(f"{theme} {seed}")
    state, program = State(torch), list[str]()
    for number in range(lines):
        line = _NEW if number < 2 else draw.choice(draw.choice(THEMES[theme]))
        shape = draw.choice(SHAPES)
        chosen = draw.choices(list(state.tensors) or [""], k=2)
        line = line.format(
            v=f"v{number}",
            a=chosen[0],
            b=chosen[1],
            i=draw.randrange(2),
            d=draw.randrange(2),
            n=draw.choice((-1.5, 0.5, 2)),
            numbers=_numbers(draw, shape),
            flag=draw.random() < 0.5,
        )
        state.run(line)
        # Most programs would otherwise end in errors that follow from errors.
        raised = state.told[-1].endswith("Error")
        if state.refused or (raised and draw.random() < 0.8):
            state = _again(program)
            continue
        program.append(line)
    return program


def _again(program: list[str]) -> State:
    """The state before a line that failed, which may have written something."""
    state = State(torch)
    for line in program:
        state.run(line)
    return state


def _numbers(draw: random.Random, shape: tuple[int, ...]) -> Any:
    if not shape:
        return draw.randrange(-8, 8) / 4
    return [_numbers(draw, shape[1:]) for _ in range(shape[0])]
