"""The frozen outputs of torchvision's networks: of which, and what is kept of them.

No torch here: the modules are PyTorch's, torchvision's, or those of compat.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from tests.parity.cases.networks import Case, case

FILE: Final = Path(__file__).with_name("networks.json")
SMALL_VIT: Final = {
    "image_size": 32,
    "patch_size": 8,
    "num_layers": 3,
    "num_heads": 4,
    "hidden_dim": 48,
    "mlp_dim": 96,
    "num_classes": 10,
}
CASES: Final = {
    "resnet18": case("resnet18"),
    "mobilenet_v2": case("mobilenet_v2"),
    "VisionTransformer": Case(
        "VisionTransformer", (2, 3, 32, 32), SMALL_VIT, {}, runs=True, native=True
    ),
    "swin_t": case("swin_t")._replace(shape=(2, 3, 32, 40)),
    "convnext_tiny": case("convnext_tiny")._replace(shape=(2, 3, 32, 64)),
    "efficientnet_b0": case("efficientnet_b0"),
}
# Batch norms of few values amplify rounding: in training numbers are double.
DTYPES: Final = {False: "float32", True: "float64"}


def read() -> dict[str, Any]:
    """The frozen numbers by network."""
    found: dict[str, Any] = json.loads(FILE.read_text())
    return found


def build(one: Case, library: Any, models: Any) -> Any:
    """The network with PyTorch's initial parameters for the seed 0.

    Args:
        library: torch or compat.
        models: its `torchvision.models`.
    """
    library.manual_seed(0)
    return getattr(models, one.name)(**one.options)


def jogged(model: Any, library: Any) -> Any:
    """The network with other numbers everywhere, also in its running statistics."""
    generator = library.Generator().manual_seed(1)
    with library.no_grad():
        for name, tensor in model.state_dict().items():
            if not tensor.is_floating_point() or "relative" in name:
                continue
            noise = library.rand(tensor.shape, generator=generator)
            if name.endswith("running_var"):
                tensor.mul_(0.5 + noise)
            else:
                tensor.add_(0.1 * (tensor.std(correction=0) + 0.1) * (noise - 0.5))
    return model


def without_draws(model: Any) -> Any:
    """The network with dropout and stochastic depth switched off."""
    for module in model.modules():
        if type(module).__name__ in ("StochasticDepth", "Dropout"):
            module.p = 0.0
    return model


def arrays_of(state: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """A state dict as numpy arrays."""
    return {name: tensor.detach().numpy().copy() for name, tensor in state.items()}


def examples(one: Case, dtype: str) -> list[np.ndarray]:
    """The inputs."""
    rng = np.random.default_rng(2)
    return [
        rng.standard_normal(one.shape).astype("float32").astype(dtype)
        for _ in range(one.inputs)
    ]


def called(model: Any, one: Case, train: bool, library: Any) -> np.ndarray:
    """What a module gives in one mode."""
    dtype = DTYPES[train]
    without_draws(model).train(train).to(getattr(library, dtype))
    inputs = map(library.from_numpy, examples(one, dtype))
    with library.no_grad():
        y: np.ndarray = model(*inputs).numpy()
    return y


def kept(*arrays: np.ndarray) -> dict[str, Any]:
    """A few values, the largest, and sums over all.

    Values that changed places are seen in a sum weighed by cosines.
    """
    values = np.concatenate([array.astype("float64").ravel() for array in arrays])
    some = values[:: max(1, len(values) // 6)][:6]
    sums = {
        "sum": values.sum(),
        "weighed": values @ np.cos(np.arange(len(values))),
        "absolute": np.abs(values).sum(),
        "most": np.abs(values).max(),
    }
    return {"values": some.tolist()} | {name: float(x) for name, x in sums.items()}


def parameters(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """What is kept of parameters: of each array's values every 97th."""
    floats = [arrays[n] for n in sorted(arrays) if arrays[n].dtype.kind == "f"]
    return kept(*(array.reshape(-1)[::97] for array in floats))


def statistics(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """What is kept of the statistics of batch norms; nothing where there are none."""
    found = [arrays[name] for name in sorted(arrays) if "running_" in name]
    return kept(*found) if found else {}


def same(mine: dict[str, Any], wanted: dict[str, Any], tolerance: float) -> None:
    """Raise unless they differ by no more than this part of the largest numbers."""
    for name in wanted:
        scale = wanted["most" if name in ("values", "most") else "absolute"]
        error = np.abs(np.subtract(mine[name], wanted[name])).max() / scale
        assert error <= tolerance, f"{name}: differs by {error:.1e} of {scale:.3g}"
