"""`torchvision.models.feature_extraction`, and decorators of builders."""

import copy
import warnings
from typing import Any

import pytest
from funcnet.compat.torchvision.models._utils import (
    handle_legacy_interface,
    kwonly_to_pos_or_kw,
    sequence_to_str,
)

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat.torchvision import models
from funcnet.compat.torchvision.models.feature_extraction import (
    create_feature_extractor,
    get_graph_node_names,
)


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Dropout(0.5))
        self.inner = nn.Sequential(nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4))
        self.head = nn.Linear(4, 2)

    def forward(self, x: Any) -> Any:
        x = self.body(x)
        y = torch.relu(self.inner(x)) + x
        y = torch.relu(y).flatten(2)
        return self.head(y.mean(2)) if self.training else y


NAMES = [
    *("x", "body.0", "body.1", "body.2", "inner.0", "inner.1", "relu", "add", "relu_1"),
    "flatten",
]


def test_nodes_are_named_by_the_path_of_their_module() -> None:
    model = Net().eval()
    with pytest.warns(UserWarning, match="in eval mode are a subsequence of those"):
        train, evaluation = get_graph_node_names(model)
    assert train == [*NAMES, "mean", "head"]
    assert evaluation == NAMES
    assert not model.training


def test_numbers_count_within_a_module() -> None:
    names, _ = get_graph_node_names(models.resnet18())
    assert names[:5] == ["x", "conv1", "bn1", "relu", "maxpool"]
    assert names[8:12] == [
        *("layer1.0.conv2", "layer1.0.bn2", "layer1.0.add", "layer1.0.relu_1")
    ]
    assert names[-3:] == ["avgpool", "flatten", "fc"]


def test_features_are_those_that_hooks_see() -> None:
    torch.manual_seed(0)
    model = models.resnet18(num_classes=3).eval()
    seen: dict[str, Any] = {}
    for name in ("layer1", "layer3"):
        module = model.get_submodule(name)
        module.register_forward_hook(lambda m, i, y, name=name: seen.update({name: y}))
    body = create_feature_extractor(model, {"layer1": "low", "layer3": "high"})
    x = torch.randn(2, 3, 64, 64)
    features = body(x)
    model(x)
    assert list(features) == ["low", "high"]
    assert torch.equal(features["low"], seen["layer1"])
    assert torch.equal(features["high"], seen["layer3"])
    names = [name for name, _ in body.named_children()]
    assert names == ["conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3"]
    name = "layer1.0.conv1.weight"
    assert body.get_parameter(name) is model.get_parameter(name)
    features["high"].sum().backward()
    assert model.conv1.weight.grad is not None


def test_each_mode_has_its_graph() -> None:
    torch.manual_seed(0)
    body = create_feature_extractor(
        Net(),
        train_return_nodes={"head": "y"},
        eval_return_nodes=["flatten", "body"],
        suppress_diff_warning=True,
    )
    x = torch.randn(2, 3, 8, 8)
    assert list(body(x)) == ["y"]
    other = copy.deepcopy(body).eval()
    assert {name: y.shape for name, y in other(x).items()} == {
        "body": (2, 4, 6, 6),
        "flatten": (2, 4, 36),
    }
    assert body.training
    assert list(other.train()(x)) == ["y"]
    assert other.state_dict().keys() == body.state_dict().keys()


def test_names_that_are_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="node: 'nowhere' is not present in model"):
        create_feature_extractor(Net(), ["nowhere"])
    with pytest.raises(ValueError, match="Either `return_nodes` or"):
        create_feature_extractor(Net())
    with pytest.raises(ValueError, match="then both should be specified"):
        create_feature_extractor(Net(), train_return_nodes=["head"])


def test_a_builder_may_be_called_as_earlier() -> None:
    chosen = models.ResNet18_Weights.IMAGENET1K_V1

    @handle_legacy_interface(weights=("pretrained", chosen))
    def build(*, weights: Any = None, progress: bool = True) -> Any:
        return weights, progress

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert build() == (None, True)
        assert build(weights=chosen, progress=False) == (chosen, False)
    with pytest.warns(UserWarning, match="'pretrained' is deprecated since 0.13"):
        assert build(pretrained=True) == (chosen, True)
    with pytest.warns(UserWarning, match="Using 'weights' and 'progress' as posi"):
        assert build(False, False) == (None, False)
    with pytest.raises(TypeError, match="no keyword-only parameter on function 'f'"):

        @kwonly_to_pos_or_kw
        def f(x: Any) -> Any:
            return x


@pytest.mark.parametrize(
    ("words", "last", "text"),
    [
        ((), "", ""),
        (("a",), "and ", "'a'"),
        (("a", "b"), "", "'a', 'b'"),
        (("a", "b"), "or ", "'a' or 'b'"),
        (("a", "b", "c"), "and ", "'a', 'b', and 'c'"),
    ],
)
def test_words_are_listed(words: Any, last: str, text: str) -> None:
    assert sequence_to_str(words, last) == text


def test_classes_are_named_where_scripts_look() -> None:
    from funcnet.compat.torchvision.models import _meta

    assert len(_meta._IMAGENET_CATEGORIES) == 1000
    assert _meta._COCO_CATEGORIES[1] == "person"
    assert _meta._KINETICS400_CATEGORIES[0] == "abseiling"
    assert _meta._COCO_PERSON_KEYPOINT_NAMES[0] == "nose"
    assert len(_meta._VOC_CATEGORIES) == 21
