"""Files of weights with the names and versions that torchvision's files have."""

from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

import funcnet.compat as torch
from funcnet import models
from funcnet.compat.torchvision import models as compat_models


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    return folder


def densenet_name(name: str) -> str:
    for part in ("norm", "conv"):
        for number in "12":
            old, new = f"{part}.{number}", f"{part}{number}"
            if "denselayer" in name:
                name = name.replace(f".{new}.", f".{old}.")
    return name


def vit_name(name: str) -> str:
    return name.replace(".mlp.0.", ".mlp.linear_1.").replace(
        ".mlp.3.", ".mlp.linear_2."
    )


OLD: list[tuple[str, Any]] = [
    ("densenet121", densenet_name),
    ("vit_b_32", vit_name),
    ("resnet18", str),
]


@pytest.mark.parametrize(("name", "old"), OLD, ids=[one[0] for one in OLD])
def test_old_files_load_in_both_halves(cache: Path, name: str, old: Any) -> None:
    weights = compat_models.get_model_weights(name).DEFAULT
    with torch.no_grad():
        source = compat_models.get_model(name).state_dict()
    # Files from before 2018 count no batches.
    counted = {n: x for n, x in source.items() if not n.endswith("_tracked")}
    written = {old(n): x for n, x in counted.items()}
    if old is not str:
        assert written.keys() != counted.keys()
    torch.save(written, cache / Path(weights.url).name)
    module = compat_models.get_model(name, weights="DEFAULT")
    for key, tensor in counted.items():
        assert torch.equal(module.state_dict()[key], tensor), key
    member = models.get_model_weights(name).DEFAULT
    params, state = models.load(models.get_model(name), member)
    leaves = jax.tree_util.tree_leaves_with_path((params, state))
    flat = {".".join(step.key for step in path[1:]): x for path, x in leaves}
    assert flat.keys() == source.keys()
    for key, tensor in counted.items():
        np.testing.assert_array_equal(flat[key], tensor.numpy(), key)


def test_a_script_loads_an_old_vit() -> None:
    block = compat_models.vision_transformer.MLPBlock(3, 5, 0.0)
    model = torch.nn.ModuleDict({"mlp": block})
    old = {vit_name(f".{name}")[1:]: x * 2 for name, x in model.state_dict().items()}
    assert "mlp.linear_2.weight" in old
    model.load_state_dict(old)
    assert torch.equal(block[3].weight, old["mlp.linear_2.weight"])


def test_the_first_version_of_mnasnet_has_another_stem() -> None:
    model = compat_models.mnasnet0_5()
    state = model.state_dict()
    assert state["layers.0.weight"].shape == (16, 3, 3, 3)
    wide = compat_models.mnasnet0_5()
    for index, layer in enumerate(compat_models.mnasnet._first_layers(32, 16, 16)):
        wide.layers[index] = layer
    old = wide.state_dict()
    old._metadata[""]["version"] = 1
    with pytest.warns(UserWarning, match="A new version of MNASNet"):
        model.load_state_dict(old)
    assert model.layers[0].weight.shape == (32, 3, 3, 3)
    assert model.state_dict()._metadata[""]["version"] == 1
    torch.manual_seed(0)
    x = torch.randn(1, 3, 32, 32)
    assert torch.equal(model.eval()(x), wide.eval()(x))
