"""`torchvision.ops` in compat: as packages call it, its errors, what is traced.

That the numbers are torchvision's `make parity ARGS=compat_vision_ops` shows; that the
mathematics is right, tests/functional/test_ops.py.
"""

import importlib
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat._core.counts import counts
from funcnet.compat._tiers import tier
from funcnet.compat.torchvision import ops
from funcnet.functional.ops import regions

FILES = {
    "boxes": "nms box_iou _box_inter_union",
    "ciou_loss": "complete_box_iou_loss",
    "deform_conv": "deform_conv2d DeformConv2d",
    "diou_loss": "distance_box_iou_loss",
    "drop_block": "drop_block2d drop_block3d DropBlock2d DropBlock3d",
    "feature_pyramid_network": "ExtraFPNBlock LastLevelMaxPool LastLevelP6P7",
    "focal_loss": "sigmoid_focal_loss",
    "giou_loss": "generalized_box_iou_loss",
    "misc": "ConvNormActivation FrozenBatchNorm2d SqueezeExcitation",
    "poolers": "LevelMapper MultiScaleRoIAlign initLevelMapper",
    "ps_roi_align": "ps_roi_align PSRoIAlign",
    "ps_roi_pool": "ps_roi_pool PSRoIPool",
    "roi_align": "roi_align RoIAlign",
    "roi_pool": "roi_pool RoIPool",
    "stochastic_depth": "stochastic_depth StochasticDepth",
    "_utils": "convert_boxes_to_roi_format split_normalization_params _upcast",
}


def boxes(count: int, seed: int = 0) -> torch.Tensor:
    random = np.random.default_rng(seed)
    corner = random.uniform(0, 30, (count, 2))
    far = corner + random.uniform(1, 20, (count, 2))
    return torch.from_numpy(np.concatenate([corner, far], 1).astype("f4"))


@pytest.mark.parametrize("file", FILES)
def test_each_file_of_torchvision_has_its_names(file: str) -> None:
    module = importlib.import_module(f"funcnet.compat.torchvision.ops.{file}")
    for name in FILES[file].split():
        assert callable(getattr(module, name))


def test_a_function_hides_the_file_of_its_name() -> None:
    for name in ("roi_align", "roi_pool", "ps_roi_align", "stochastic_depth"):
        assert type(getattr(ops, name)).__name__ == "function"
    with pytest.raises(AttributeError, match="Did you mean 'box_area'"):
        _ = ops.box_aera


def test_operators_are_found_as_packages_call_them() -> None:
    where, scores = boxes(20), torch.arange(20.0)
    kept = torch.ops.torchvision.nms(where, scores, 0.3)
    assert kept.tolist() == ops.nms(where, scores, 0.3).tolist()
    x, rois = torch.rand(1, 4, 9, 9), torch.cat([torch.zeros(20, 1), where], 1)
    result = torch.ops.torchvision.roi_align(x, rois, 0.25, 2, 3, 2, False)
    assert torch.equal(result, ops.roi_align(x, rois, (2, 3), 0.25, 2))
    pooled, place = torch.ops.torchvision.roi_pool(x, rois, 0.25, 2, 2)
    assert torch.equal(pooled, ops.roi_pool(x, rois, 2, 0.25))
    assert place.dtype is torch.int32
    _, channel = torch.ops.torchvision.ps_roi_align(x, rois, 0.25, 2, 2, 2)
    assert channel[3].flatten().tolist() == [0, 1, 2, 3]
    with pytest.raises(AttributeError, match="no attribute 'qnms'"):
        _ = torch.ops.torchvision.qnms


def test_wrong_boxes_are_refused_in_torchvisions_words() -> None:
    with pytest.raises(RuntimeError, match="boxes should be a 2d tensor, got 1D"):
        ops.nms(torch.ones(4), torch.ones(1), 0.5)
    with pytest.raises(RuntimeError, match="same number of elements in dimension 0"):
        ops.nms(torch.ones(3, 4), torch.ones(2), 0.5)
    with pytest.raises(RuntimeError, match="same type as scores"):
        ops.nms(torch.ones(2, 4), torch.ones(2).double(), 0.5)
    with pytest.raises(AssertionError, match=r"not correct as Tensor\[K, 5\]"):
        ops.roi_align(torch.ones(1, 1, 2, 2), torch.ones(1, 4), 2)
    with pytest.raises(ValueError, match="Unsupported Bounding Box Conv"):
        ops.box_convert(torch.ones(1, 4), "xyxy", "yxyx")
    with pytest.raises(NotImplementedError, match="Unsupported Bounding Box Conv"):
        ops.box_convert(torch.ones(1, 4), "xyxy", "xywhr")
    with pytest.raises(RuntimeError, match="multiple of pooling height"):
        ops.ps_roi_pool(torch.ones(1, 3, 2, 2), torch.zeros(1, 5), 2)


def test_suppression_neither_traces_nor_compiles() -> None:
    ops.nms(boxes(10), torch.arange(10.0), 0.5)
    before = counts.compiles
    sizes = [
        len(ops.nms(boxes(n, n), torch.arange(float(n)), 0.4)) for n in range(11, 40)
    ]
    assert max(sizes) > min(sizes)
    assert counts.compiles == before


def test_regions_of_another_number_are_not_traced_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    traced, grid = [], regions._grid

    def noted(rois: Any, *args: Any) -> Any:
        traced.append(rois.shape)
        return grid(rois, *args)

    monkeypatch.setattr(regions, "_grid", noted)
    x = torch.rand(1, 8, 20, 20, requires_grad=True)
    for count in (20, 23, 27, 31, 38, 44):
        rois = torch.cat([torch.zeros(count, 1), boxes(count)], 1)
        with tier("interpret"):
            ops.roi_align(x, rois, 7, 0.5, 2).sum().backward()
            assert x.grad is not None
            x.grad.sum().item()
        if count == 27:
            traced.clear()
    assert not traced


def test_pooling_keeps_the_dtype_inside_autocast() -> None:
    x, rois = torch.rand(1, 2, 6, 6).bfloat16(), torch.tensor([[0.0, 0, 0, 4, 4]])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert ops.roi_align(x, rois, 2).dtype is torch.bfloat16
    with pytest.raises(RuntimeError, match="one dtype"):
        ops.roi_align(x, rois, 2)


def test_a_frozen_norm_has_buffers_only_and_forgets_the_count() -> None:
    layer = ops.FrozenBatchNorm2d(3)
    assert not list(layer.parameters())
    state = {**torch.nn.BatchNorm2d(3).state_dict(), "running_mean": torch.ones(3)}
    layer.load_state_dict(state)
    y = layer(torch.ones(1, 3, 2, 2))
    assert torch.allclose(y, torch.zeros(()), atol=1e-6)
    assert repr(layer) == "FrozenBatchNorm2d(3, eps=1e-05)"


def test_a_pyramid_loads_files_of_the_first_version() -> None:
    network = ops.FeaturePyramidNetwork([2, 3], 4)
    old = {
        name.replace(".0.weight", ".weight").replace(".0.bias", ".bias"): value
        for name, value in network.state_dict().items()
    }
    assert "inner_blocks.0.weight" in old
    ops.FeaturePyramidNetwork([2, 3], 4).load_state_dict(old)


def test_parameters_are_parted_by_normalization() -> None:
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.Linear(2, 2)
    )
    split = importlib.import_module("funcnet.compat.torchvision.ops._utils")
    norms, others = split.split_normalization_params(model)
    assert [len(norms), len(others)] == [2, 4]
