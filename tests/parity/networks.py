"""What comparisons of networks share: torchvision's side, and how close is equal."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import torch

from tests.parity.cases.networks import Case, case
from tests.reference.networks import arrays_of, examples, without_draws
from tests.reference.networks import jogged as jogged
from tools.torch_names import without_compiled_operators

with without_compiled_operators():
    import torchvision.models as theirs

TOLERANCE = 1e-4


class Run(NamedTuple):
    """What one call gives: outputs, and gradients by name, as that of "input 0"."""

    outputs: list[np.ndarray]
    grads: dict[str, np.ndarray]
    state: dict[str, np.ndarray]  # after the call


def cases(built: list[str], full: bool) -> Iterator[Case]:
    """The cases of networks that both have, in the order of torchvision's list."""
    for name in theirs.list_models():
        if name in built:
            yield case(name, full)


def build(one: Case, seed: int = 0) -> torch.nn.Module:
    """torchvision's network with its default initialisation."""
    torch.manual_seed(seed)
    return _made(one)


def without_memory(one: Case) -> torch.nn.Module:
    """torchvision's network, on the device that holds no numbers where it can be."""
    device = "cpu" if one.name.startswith("regnet") else "meta"
    with torch.device(device):
        return _made(one)


def _made(one: Case) -> torch.nn.Module:
    """torchvision's network; its builders of MViT take no other size."""
    options, mvit = dict(one.options), theirs.video.mvit
    names = ("spatial_size", "temporal_size")
    sizes = {name: options.pop(name) for name in names if name in options}
    make = mvit._mvit
    mvit._mvit = lambda **given: make(**given | sizes)
    try:
        model: torch.nn.Module = theirs.get_model(one.name, weights=None, **options)
    finally:
        mvit._mvit = make
    return model


def weights_of(outputs: list[np.ndarray]) -> list[np.ndarray]:
    """By which the outputs are weighed in the sum whose gradient is compared."""
    rng = np.random.default_rng(3)
    return [rng.standard_normal(y.shape).astype("float32") for y in outputs]


def tensors_in(output: Any) -> list[Any]:
    """The tensors of an output, which may be a tuple or a dict."""
    if isinstance(output, Mapping):
        return [tensor for part in output.values() for tensor in tensors_in(part)]
    if isinstance(output, tuple | list):
        return [tensor for part in output for tensor in tensors_in(part)]
    return [] if output is None else [output]


def in_doubt_double(check: Callable[[str], None], train: bool) -> bool:
    """Run a comparison in float32, or where that is too coarse in float64.

    A batch norm of few values amplifies rounding until units switch, so that numbers
    are double in training. Returns whether they had to be in the other mode.
    """
    if not train:
        try:
            check("float32")
            return False
        except AssertionError:
            pass
    check("float64")
    return not train


def run(model: Any, one: Case, train: bool, library: Any, dtype: str) -> Run:
    """One call and its gradients, in PyTorch or in compat."""
    without_draws(model).train(train).to(getattr(library, dtype))
    model.zero_grad()
    inputs = [library.from_numpy(x).requires_grad_(True) for x in examples(one, dtype)]
    with _coordinates_in(dtype):
        outputs = tensors_in(model(*inputs, **one.call))
    weights = weights_of([y.detach().numpy() for y in outputs])
    weights = [w.astype(dtype) for w in weights]
    pairs = zip(outputs, map(library.from_numpy, weights), strict=True)
    sum((y * w).sum() for y, w in pairs).backward()
    grads = {f"input {i}": x.grad.numpy() for i, x in enumerate(inputs)} | {
        name: p.grad.numpy()
        for name, p in model.named_parameters()
        if p.grad is not None
    }
    state = arrays_of(model.state_dict())
    return Run([y.detach().numpy() for y in outputs], grads, state)


@contextmanager
def _coordinates_in(dtype: str) -> Iterator[None]:
    """Within, torchvision's RAFT computes with double coordinates, too."""
    raft = theirs.optical_flow.raft
    make = raft.make_coords_grid
    raft.make_coords_grid = lambda *args: make(*args).to(getattr(torch, dtype))
    try:
        yield
    finally:
        raft.make_coords_grid = make


def same_run(mine: Run, wanted: Run) -> None:
    """Raise unless outputs, gradients and state are as wanted."""
    assert len(mine.outputs) == len(wanted.outputs)
    for index, (y, w) in enumerate(zip(mine.outputs, wanted.outputs, strict=True)):
        close(f"output {index}", y, w, 0)
    assert mine.grads.keys() >= wanted.grads.keys()
    for name in mine.grads.keys() - wanted.grads.keys():  # heads that did not run
        assert not mine.grads[name].any(), f"there is no gradient of {name}"
    # A bias before a batch norm has no gradient but rounding: beside the others.
    least = 1e-2 * max(np.abs(g).max() for g in wanted.grads.values())
    for name, grad in wanted.grads.items():
        close(f"gradient of {name}", mine.grads[name], grad, least)
    for name, array in wanted.state.items():
        close(name, mine.state[name], array, 0)


def close(what: str, mine: np.ndarray, wanted: np.ndarray, least: float) -> None:
    """Raise unless two arrays are equal to 1e-4 of the largest number."""
    assert mine.shape == wanted.shape, f"{what}: {mine.shape}, not {wanted.shape}"
    scale = max(np.abs(wanted).max(initial=0.0), least, 1e-6)
    error = np.abs(mine - wanted).max(initial=0.0) / scale
    assert error <= TOLERANCE, f"{what}: differs by {error:.1e} of {scale:.3g}"
