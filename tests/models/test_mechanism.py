"""Networks are written once: as descriptions here, and as modules of compat."""

import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import funcnet.compat as torch
from funcnet import InputError, InputTypeError, checkpoint, models, nn
from funcnet.compat import nn as compat_nn
from funcnet.compat.torchvision import models as compat_models
from funcnet.models import _api


def run(code: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


@pytest.mark.parametrize("package", ["funcnet", "funcnet.compat.torchvision"])
def test_one_network_imports_no_other(package: str) -> None:
    code = (
        f"import sys; from {package} import models; models.resnet18; "
        "before = [m for m in sys.modules if m.endswith('models.resnet')];"
        "models.ResNet; import funcnet.models._catalog as c;"
        "print(before, sorted(f for f in c.FILES if f'{models.__name__}.{f}' in "
        "sys.modules))"
    )
    assert run(code) == "[] ['resnet']"


def test_a_file_is_executed_in_both_halves() -> None:
    ours, theirs = models.resnet.__file__, compat_models.resnet.__file__
    assert ours == theirs
    assert issubclass(models.ResNet, nn.Model)
    assert issubclass(compat_models.ResNet, compat_nn.Module)
    assert compat_models.resnet.resnet18 is compat_models.resnet18
    assert compat_models.__dict__["resnet18"] is compat_models.resnet18


def test_both_halves_have_the_same_names_and_numbers() -> None:
    torch.manual_seed(0)
    module = compat_models.resnet18(num_classes=4)
    description = models.resnet18(num_classes=4)
    arrays = {name: x.numpy() for name, x in module.state_dict().items()}
    like = jax.eval_shape(description.init, jax.random.key(0))
    leaves = [
        ".".join(step.key for step in path)
        for tree in like
        for path, _ in jax.tree_util.tree_leaves_with_path(tree)
    ]
    assert sorted(leaves) == sorted(arrays)
    path = str(Path(torch.hub.get_dir(), "nowhere"))
    assert not Path(path).exists()


def test_a_network_s_own_initialisation(monkeypatch: pytest.MonkeyPatch) -> None:
    net = models.ResNet(
        models.resnet.BasicBlock, [1, 1, 1, 1], 3, zero_init_residual=True
    )
    params, _ = net.init(jax.random.key(0))
    weight = params["layer2"]["0"]["conv1"]["weight"]  # (128, 64, 3, 3)
    assert float(weight.std()) == pytest.approx((2 / (128 * 9)) ** 0.5, rel=0.02)
    assert not params["layer1"]["0"]["bn2"]["weight"].any()
    assert params["layer1"]["0"]["bn1"]["weight"].all()
    again, _ = net.init(jax.random.key(0))
    jax.tree.map(np.testing.assert_array_equal, params, again)


class Shifted(nn.Model):
    def __init__(self) -> None:
        self.inner = [nn.Linear(2, 3), nn.Linear(3, 2, bias=False)]
        self.scale = nn.Parameter((2,), lambda key, shape, dtype: jnp.ones(shape))

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Linear):
                m.weight.draw(lambda key, shape, dtype: jnp.full(shape, 2.0))
                if m.bias is not None:
                    m.bias.draw(lambda key, shape, dtype: jnp.full(shape, 3.0))
        self.scale.draw(lambda key, shape, dtype: jnp.full(shape, 4.0))
        assert self.inner[0].out_features == 3
        assert [*self.children()] == ["inner"]

    def forward(self, x):
        return self.inner[1](self.inner[0](x)) * self.scale


def test_a_model_draws_its_parameters_anew() -> None:
    params, state = Shifted().init(jax.random.key(0))
    assert params["inner"]["1"]["weight"].tolist() == [[2.0] * 3] * 2
    assert Shifted().apply(params, state, jnp.ones(2))[0].tolist() == [168.0, 168.0]


class Counted(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(nn.Linear(2, 3), nn.ReLU())
        self.out_channels = 3


def test_a_subclass_of_a_container_may_have_settings() -> None:
    net = Counted()
    assert len(net) == 2
    assert isinstance(net[1], nn.ReLU)
    params, state = net.init(jax.random.key(0))
    assert net.apply(params, state, jnp.ones(2))[0].shape == (3,)


# --- surgery, as people do it ---------------------------------------------------------


def test_a_head_is_replaced_and_the_rest_frozen() -> None:
    torch.manual_seed(0)
    model = compat_models.resnet18()
    for parameter in model.parameters():
        parameter.requires_grad = False
    model.fc = compat_nn.Linear(512, 5)
    seen = {}
    model.layer4[1].conv2.register_forward_hook(
        lambda module, inputs, output: seen.update(shape=tuple(output.shape))
    )
    model(torch.randn(2, 3, 32, 32)).sum().backward()
    assert seen["shape"] == (2, 512, 1, 1)
    named = dict(model.named_parameters())
    assert [n for n, p in named.items() if p.grad is not None] == [
        "fc.weight",
        "fc.bias",
    ]


def test_what_is_before_the_head_is_a_sequence() -> None:
    model = compat_models.resnet18()
    body = compat_nn.Sequential(*list(model.children())[:-1])
    assert body(torch.randn(2, 3, 32, 32)).shape == (2, 512, 1, 1)


def test_a_subclass() -> None:
    class Net(compat_models.ResNet):
        def __init__(self) -> None:
            block = compat_models.resnet.BasicBlock
            super().__init__(block, [1, 1, 1, 1], num_classes=3)
            self.extra = compat_nn.Linear(3, 2)

        def forward(self, x):
            return self.extra(super().forward(x))

    assert Net()(torch.randn(2, 3, 32, 32)).shape == (2, 2)


def test_networks_travel() -> None:
    import copy
    import pickle

    model = compat_models.resnet18(num_classes=2)
    again = pickle.loads(pickle.dumps(model))
    assert repr(again) == repr(model) == repr(copy.deepcopy(model))
    net = models.resnet18(num_classes=2)
    assert pickle.loads(pickle.dumps(net)) == net
    weights = compat_models.ResNet18_Weights.DEFAULT
    assert pickle.loads(pickle.dumps(weights)) is weights


# --- by name, weights -----------------------------------------------------------------


def test_networks_by_name() -> None:
    assert "resnet18" in compat_models.list_models(include="resnet*", exclude="*50")
    assert "resnet50" not in compat_models.list_models(compat_models, exclude="*50")
    assert isinstance(
        compat_models.get_model("ResNet18", num_classes=2), compat_models.ResNet
    )
    with pytest.raises(ValueError, match="Unknown model resnet19"):
        compat_models.get_model("resnet19")
    enumeration = compat_models.get_model_weights("resnet50")
    assert enumeration is compat_models.ResNet50_Weights
    assert enumeration is compat_models.get_model_weights(compat_models.resnet50)
    best = compat_models.get_weight("ResNet50_Weights.DEFAULT")
    assert best is enumeration.IMAGENET1K_V2
    assert best.meta["num_params"] == 25557032
    assert best.meta["categories"][0] == "tench"
    image = torch.zeros(3, 300, 400, dtype=torch.uint8)
    assert best.transforms()(image).shape == (3, 224, 224)


def test_a_builder_of_one_s_own() -> None:
    def mine() -> int:
        return 3

    assert _api.register_model("of_my_own")(mine) is mine
    try:
        assert models.get_model("of_my_own") == 3
        with pytest.raises(ValueError, match="already registered"):
            _api.register_model("of_my_own")(mine)
    finally:
        del _api.BUILTIN_MODELS["of_my_own"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of downloads with the weights of a ResNet-18."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    torch.manual_seed(3)
    path = folder / "resnet18-f37072fd.pth"
    torch.save(compat_models.resnet18().state_dict(), path)
    return path


def test_weights_are_taken_from_the_cache(cache: Path) -> None:
    stored = checkpoint.load(cache)["fc"]["bias"]
    for said in ("DEFAULT", "ResNet18_Weights.IMAGENET1K_V1"):
        model = compat_models.resnet18(weights=said)
        np.testing.assert_array_equal(model.fc.bias.detach().numpy(), stored)
    with pytest.warns(UserWarning, match="'pretrained' is deprecated since 0.13") as w:
        model = compat_models.resnet18(pretrained=True)
    assert any("`weights=ResNet18_Weights.IMAGENET1K_V1`" in str(x.message) for x in w)
    assert {x.filename for x in w} == {__file__}
    np.testing.assert_array_equal(model.fc.bias.detach().numpy(), stored)
    with pytest.warns(UserWarning, match="as positional parameter"):
        compat_models.resnet18(None, True)
    params, state = models.load(models.resnet18(), models.ResNet18_Weights.DEFAULT)
    np.testing.assert_array_equal(params["fc"]["bias"], stored)
    assert "running_mean" in state["bn1"]
    with pytest.raises(ValueError, match="expected value 1000 but got 5"):
        compat_models.resnet18(weights="DEFAULT", num_classes=5)
    with pytest.raises(TypeError, match="expected ResNet18_Weights but received"):
        compat_models.resnet18(weights=compat_models.ResNet34_Weights.DEFAULT)


def test_weights_that_are_nowhere_are_asked_for(cache: Path, monkeypatch) -> None:
    monkeypatch.setenv("FUNCNET_HOME", str(cache.parent / "mine"))

    def no_network(*args: object, **options: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr("urllib.request.urlopen", no_network)
    with pytest.raises(InputError, match=r"Fetch https://.*resnet34-b627a593\.pth and"):
        compat_models.resnet34(weights="DEFAULT")
    folder = cache.parent / "mine" / "checkpoints"
    folder.mkdir(parents=True)
    torch.save(compat_models.resnet34().state_dict(), folder / "resnet34-b627a593.pth")
    compat_models.resnet34(weights="DEFAULT")


def test_a_description_has_no_weights() -> None:
    with pytest.raises(InputTypeError, match=r"params, state = models\.load"):
        models.resnet18(weights="DEFAULT")


def test_inputs_are_prepared_as_arrays() -> None:
    change = models.ResNet50_Weights.IMAGENET1K_V2.transforms()
    image = np.zeros((3, 300, 400), np.uint8)
    theirs = compat_models.ResNet50_Weights.IMAGENET1K_V2.transforms()
    wanted = theirs(torch.from_numpy(image)).numpy()
    np.testing.assert_allclose(change(image), wanted, rtol=1e-6)
