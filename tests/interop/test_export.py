"""Models as StableHLO files that jax alone runs, with any batch size."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import jax
import jax.export
import jax.numpy as jnp
import numpy as np
import pytest

import funcnet
import funcnet.compat as torch
from funcnet import functional as F
from funcnet import models, nn, train
from funcnet.functional._conv.convolve import portable
from tests.nn.every_layer import EXAMPLES


class Net(nn.Model):
    def __init__(self) -> None:
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.grouped = nn.Conv2d(4, 4, 3, groups=2)
        self.drop = nn.Dropout()
        self.head = nn.Linear(4, 3)

    def forward(self, x: Any) -> Any:
        x = self.grouped(F.relu(self.norm(self.conv(x))))
        return self.head(self.drop(x.mean((2, 3))))


@pytest.fixture
def trained(key: jax.Array) -> Any:
    """A model with running statistics that are not the first ones."""
    net = Net()
    params, state = net.init(key)
    x = jax.random.normal(key, (6, 1, 8, 8))
    _, state = net.apply(params, state, x, key=key, train=True)
    return net, params, state, x


def test_a_file_runs_in_a_process_with_jax_alone(trained: Any, tmp_path: Path) -> None:
    net, params, state, x = trained
    funcnet.export(net, params, x[:1], tmp_path / "net", state=state)
    np.save(tmp_path / "x.npy", x)
    code = """if True:
        import sys, jax, jax.export, numpy
        with open("net", "rb") as file:
            program = jax.export.deserialize(file.read())
        numpy.save("y.npy", program.call(numpy.load("x.npy")))
        assert not any(name.startswith("funcnet") for name in sys.modules)
    """
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    wanted, _ = net.apply(params, state, x)
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), wanted, atol=1e-5)


def test_a_program_is_for_all_platforms_and_batch_sizes(trained: Any) -> None:
    net, params, state, x = trained
    program = funcnet.export(net, params, x, state=state)
    assert program.platforms == ("cpu", "cuda")
    assert program.call(x[:2]).shape == (2, 3)
    assert program.call(x).shape == (6, 3)


def test_parameters_may_be_inputs(trained: Any) -> None:
    net, params, state, x = trained
    baked = funcnet.export(net, params, x, state=state)
    program = funcnet.export(net, params, x, state=state, params_as_input=True)
    zeros = jax.tree.map(jnp.zeros_like, params)
    assert not program.call(zeros, state, x).any()
    np.testing.assert_allclose(program.call(params, state, x), baked.call(x), atol=1e-6)
    assert len(program.mlir_module_serialized) < len(baked.mlir_module_serialized)


# These draw in evaluation too, so that a program of them would always draw the same.
DRAWING = ("FractionalMaxPool2d", "FractionalMaxPool3d")
SOME = "ConvTranspose2d MaxPool2d AdaptiveAvgPool2d LSTM MultiheadAttention Fold "
SOME += "TransformerEncoder EmbeddingBag GroupNorm UpsamplingBilinear2d "
SOME += "AdaptiveLogSoftmaxWithLoss"


@pytest.mark.parametrize("name", SOME.split())
def test_layers_take_a_free_batch_size(name: str) -> None:
    check_free_batch(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({*EXAMPLES} - {*SOME.split(), *DRAWING}))
def test_every_layer_takes_a_free_batch_size(name: str) -> None:
    check_free_batch(name)


def check_free_batch(name: str) -> None:
    """Compare a program whose inputs' first sizes are free, where they are the same."""
    layer, inputs = EXAMPLES[name].make(), EXAMPLES[name].inputs
    params, state = layer.init(jax.random.key(0))
    sizes = {x.shape[:1] for x in jax.tree.leaves(inputs)}
    program = funcnet.export(
        layer, params, inputs, state=state, free_batch=len(sizes) == 1
    )
    wanted, _ = layer.apply(params, state, *inputs)
    for y, z in zip(
        jax.tree.leaves(program.call(*inputs)), jax.tree.leaves(wanted), strict=True
    ):
        np.testing.assert_allclose(y, z, atol=1e-5)


class Fixed(nn.Model):
    """Needs the number of samples."""

    def __init__(self) -> None:
        self.inner = Inner()

    def forward(self, x: Any) -> Any:
        return self.inner(x)


class Inner(nn.Model):
    def forward(self, x: Any) -> Any:
        return x * len(range(x.shape[0]))


def test_a_layer_that_needs_the_batch_size_is_named() -> None:
    with pytest.raises(funcnet.InputError, match=r"inner.*free_batch=False"):
        funcnet.export(Fixed(), {}, jnp.ones((3, 2)))
    program = funcnet.export(Fixed(), {}, jnp.ones((3, 2)), free_batch=False)
    assert program.call(jnp.ones((3, 2)))[0, 0] == 3


def test_inputs_without_a_common_batch_are_refused() -> None:
    inputs = jnp.ones((3, 4)), jnp.ones((2, 3))
    params, _ = nn.Bilinear(4, 3, 5).init(jax.random.key(0))
    with pytest.raises(funcnet.InputError, match=r"\(3, 4\), \(2, 3\)"):
        funcnet.export(nn.Bilinear(4, 3, 5), params, inputs)


class Words(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = torch.nn.Embedding(11, 8)
        self.layer = torch.nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        self.head = torch.nn.Linear(8, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.layer(self.embed(x)).mean(1)).view(x.size(0), 3)


def images() -> torch.nn.Module:
    conv = torch.nn.Conv2d(3, 4, 3, padding=1)
    norm, pool = torch.nn.BatchNorm2d(4), torch.nn.MaxPool2d(2)
    flat, head = torch.nn.Flatten(), torch.nn.Linear(36, 5)
    return torch.nn.Sequential(conv, norm, torch.nn.ReLU(), pool, flat, head)


MODULES = {
    "images": (images, (3, 6, 6), "float32"),
    "words": (Words, (5,), "int32"),
    "lstm": (lambda: torch.nn.LSTM(3, 4, batch_first=True), (5, 3), "float32"),
}


@pytest.mark.parametrize("name", MODULES)
def test_modules_of_compat_are_exported_through_pure(name: str) -> None:
    make, shape, dtype = MODULES[name]
    torch.manual_seed(0)
    apply, params, state = torch.pure(make().eval())
    program = funcnet.export(
        apply, params, jax.ShapeDtypeStruct((1, *shape), dtype), state=state
    )
    x = (jax.random.uniform(jax.random.key(1), (4, *shape)) * 9).astype(dtype)
    wanted, _ = apply(params, state, x)
    for y, z in zip(
        jax.tree.leaves(program.call(x)), jax.tree.leaves(wanted), strict=True
    ):
        np.testing.assert_allclose(y, z, atol=1e-5)


@pytest.mark.parametrize("name", ["onnx.export", "export.export", "jit.save"])
def test_the_exports_of_torch_lead_here(name: str) -> None:
    function = eval(f"torch.{name}", {"torch": torch})
    with pytest.raises(NotImplementedError, match=r"funcnet\.export\(apply, params"):
        function(torch.nn.Linear(1, 1), "model.pt")


def test_the_parameters_of_a_training_are_exported(tmp_path: Path) -> None:
    import optax

    ts = train.TrainState.create(Net(), optax.sgd(0.1), jax.random.key(0))
    example = jax.ShapeDtypeStruct((1, 1, 8, 8), "float32")
    program = funcnet.export(Net(), ts.params, example, state=ts.state)
    assert program.call(jnp.ones((2, 1, 8, 8))).shape == (2, 3)


def images_of(net: nn.Layer) -> Any:
    return net, jax.ShapeDtypeStruct((1, 3, 32, 32), "float32")


class Lines(nn.Model):
    def __init__(self) -> None:
        self.embed = nn.Embedding(20, 8)
        self.lstm = nn.LSTM(8, 8, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(16, 3)

    def forward(self, x: Any) -> Any:
        return self.head(self.lstm(self.embed(x))[0].mean(1))


def families() -> dict[str, Any]:
    """A network of each family, and its input."""
    words = jax.ShapeDtypeStruct((1, 7), "int32")
    blocks = models.resnet.BasicBlock
    return {
        "resnet": images_of(models.ResNet(blocks, [1, 1, 1, 1], 5)),
        "vit": images_of(models.VisionTransformer(32, 16, 2, 2, 16, 32, num_classes=5)),
        "lstm": (Lines(), words),
        "gpt": (models.NanoGPT(7, 20, 2, 2, 16), words),
    }


def test_families_of_networks_run_with_jax_alone(
    tmp_path: Path, key: jax.Array
) -> None:
    wanted = {}
    for name, (net, example) in families().items():
        params, state = net.init(key)
        program = funcnet.export(net, params, example, tmp_path / name, state=state)
        assert program.platforms == ("cpu", "cuda")
        shape = (3, *example.shape[1:])
        x = np.random.default_rng(0).uniform(0, 9, shape).astype(example.dtype)
        np.save(tmp_path / f"{name}.x.npy", x)
        wanted[name] = jax.tree.leaves(net.apply(params, state, x)[0])[0]
    code = """if True:
        import glob, sys, jax, jax.export, numpy
        for x in glob.glob("*.x.npy"):
            with open(x[:-6], "rb") as file:
                program = jax.export.deserialize(file.read())
            y = jax.tree.leaves(program.call(numpy.load(x)))[0]
            numpy.save(x[:-6] + ".y.npy", y)
        assert not any(name.startswith("funcnet") for name in sys.modules)
    """
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    for name, y in wanted.items():
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.y.npy"), y, atol=1e-4)


def test_the_name_of_a_symbol_means_nothing(trained: Any) -> None:
    net, params, state, _ = trained
    for name in ("batch", "n"):
        (size,) = jax.export.symbolic_shape(name)
        x = jax.ShapeDtypeStruct((size, 1, 8, 8), "float32")
        with portable():
            program = jax.export.export(
                jax.jit(lambda x: net.apply(params, state, x)[0])
            )(x)
        assert program.call(jnp.ones((2, 1, 8, 8))).shape == (2, 3)


def test_a_program_for_a_gpu_has_no_formulation_for_cpus(trained: Any) -> None:
    net, params, state, x = trained
    options = {"state": state, "free_batch": False, "platforms": ("cuda",)}
    program = funcnet.export(net, params, x, **options)
    assert program.mlir_module().count("stablehlo.convolution") == 2
