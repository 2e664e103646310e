"""`torchvision.models.detection` in compat: its parts, and a detector that learns.

That networks are torchvision's, with their losses and detections, `make parity
ARGS=compat_detectors` shows.
"""

from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._core.counts import counts
from funcnet.compat.torchvision import models
from funcnet.compat.torchvision.models import detection
from funcnet.compat.torchvision.models.detection import _utils as utils
from funcnet.compat.torchvision.models.detection import roi_heads, ssd
from funcnet.compat.torchvision.models.detection.anchor_utils import (
    AnchorGenerator,
    DefaultBoxGenerator,
)
from funcnet.compat.torchvision.models.detection.image_list import ImageList
from funcnet.compat.torchvision.models.detection.transform import (
    GeneralizedRCNNTransform,
)
from funcnet.compat.torchvision.ops import MultiScaleRoIAlign

BOXES = torch.tensor([[5.0, 5, 25, 20], [10, 12, 18, 30], [0, 0, 8, 9]])


class Backbone(nn.Module):
    """Small enough for a test."""

    out_channels = 8

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride=8, padding=1)

    def forward(self, x: torch.Tensor) -> Any:
        return self.conv(x).relu()


def faster_rcnn(**options: Any) -> detection.FasterRCNN:
    head = detection.faster_rcnn.TwoMLPHead(8 * 9, 16)
    return detection.FasterRCNN(
        Backbone(),
        rpn_anchor_generator=AnchorGenerator(((16, 32),), ((1.0,),)),
        box_roi_pool=MultiScaleRoIAlign(["0"], 3, 2),
        box_head=head,
        box_predictor=detection.faster_rcnn.FastRCNNPredictor(16, 3),
        **{"min_size": 64, "max_size": 64, **options},
    )


def batch() -> tuple[list[torch.Tensor], list[dict[str, torch.Tensor]]]:
    torch.manual_seed(0)
    images = [torch.rand(3, 64, 48), torch.rand(3, 50, 64)]
    targets = [
        {"boxes": BOXES[:2] * 1.5, "labels": torch.tensor([1, 2])},
        {"boxes": BOXES[2:] * 3, "labels": torch.tensor([1])},
    ]
    return images, targets


def test_a_coder_of_boxes_reads_what_it_has_written() -> None:
    anchors = BOXES + torch.tensor([1.0, -2, 4, 3])
    coder = utils.BoxCoder((10.0, 10.0, 5.0, 5.0))
    again = coder.decode_single(coder.encode_single(BOXES, anchors), anchors)
    assert torch.allclose(again, BOXES, atol=1e-4)
    linear = utils.BoxLinearCoder()
    again = linear.decode(linear.encode(anchors, BOXES), anchors)
    assert torch.allclose(again, BOXES, atol=1e-4)
    none = coder.decode(torch.zeros(0, 12), [torch.zeros(0, 4)])
    assert none.shape == (0, 12)


def test_a_matcher_gives_each_object_its_best_prediction() -> None:
    quality = torch.tensor([[0.9, 0.45, 0.1, 0.0], [0.2, 0.1, 0.3, 0.0]])
    assert utils.Matcher(0.7, 0.4)(quality).tolist() == [0, -2, -1, -1]
    assert utils.Matcher(0.7, 0.4, True)(quality).tolist() == [0, -2, 1, -1]
    assert utils.SSDMatcher(0.7)(quality).tolist() == [0, -1, 1, -1]
    with pytest.raises(ValueError, match="No ground-truth boxes"):
        utils.Matcher(0.7, 0.4)(torch.zeros(0, 3))


def test_a_sampler_fills_up_with_negatives() -> None:
    kinds = torch.tensor([1, 0, 0, -1, 1, 1, 0, 0])
    sampler = utils.BalancedPositiveNegativeSampler(6, 0.5)
    positive, negative = (masks[0] for masks in sampler([kinds]))
    assert positive.sum() == negative.sum() == 3
    assert not positive[kinds != 1].any()
    assert not negative[kinds != 0].any()


def test_anchors_stand_around_each_pixel() -> None:
    images = ImageList(torch.zeros(2, 3, 32, 64), [(32, 64), (30, 60)])
    anchors = AnchorGenerator(((8,),), ((1.0, 2.0),))
    first, second = anchors(images, [torch.zeros(2, 4, 2, 4)])
    assert torch.equal(first, second)
    assert first.shape == (16, 4)
    assert first[:3].tolist() == [[-4, -4, 4, 4], [-3, -6, 3, 6], [12, -4, 20, 4]]
    default = DefaultBoxGenerator([[2]], scales=[0.5, 0.5])
    boxes = default(images, [torch.zeros(2, 4, 1, 2)])[0]
    assert boxes.shape == (8, 4)
    assert boxes[0].tolist() == [0, 8, 32, 24]


def test_images_are_resized_with_their_targets_and_back() -> None:
    transform = GeneralizedRCNNTransform(40, 100, [0.0] * 3, [1.0] * 3).eval()
    image = torch.rand(3, 20, 30)
    target = {"boxes": BOXES, "masks": torch.ones(3, 20, 30, dtype=torch.uint8)}
    images, targets = transform([image], [target])
    assert images.tensors.shape == (1, 3, 64, 64)
    assert images.image_sizes == [(40, 60)]
    assert targets is not None
    assert torch.equal(targets[0]["boxes"], BOXES * 2)
    assert targets[0]["masks"].shape == (3, 40, 60)
    assert torch.equal(target["boxes"], BOXES)
    found = transform.postprocess([{"boxes": BOXES * 2}], [(40, 60)], [(20, 30)])
    assert torch.equal(found[0]["boxes"], BOXES)


def test_masks_are_laid_over_their_boxes() -> None:
    boxes = torch.tensor([[2.0, 3, 9, 12], [-3, -3, 5, 5]])
    pasted = roi_heads.paste_masks_in_image(torch.ones(2, 1, 14, 14), boxes, (20, 16))
    assert pasted.shape == (2, 1, 20, 16)
    assert pasted[0, 0, 4:11, 4:8].min() > 0.9
    assert pasted[0, 0, 15:].max() == 0
    assert pasted[1, 0, 0, 0] == 1


def test_points_are_where_maps_are_highest() -> None:
    maps = torch.zeros(1, 1, 8, 8)
    maps[0, 0, 2, 5] = 1
    places, heights = roi_heads.heatmaps_to_keypoints(
        maps, torch.tensor([[10.0, 20, 26, 36]])
    )
    assert places[0, 0, 2] == 1
    assert abs(places[0, 0, 0] - 21) <= 1
    assert abs(places[0, 0, 1] - 25) <= 1
    assert heights[0, 0] > 0.7


def test_a_detector_of_two_stages_learns_and_finds() -> None:
    model, (images, targets) = faster_rcnn(), batch()
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    totals = []
    for _ in range(15):
        losses = model(images, targets)
        total = sum(losses.values())
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        totals.append(total.item())
    assert set(losses) == {
        *("loss_classifier", "loss_box_reg", "loss_objectness", "loss_rpn_box_reg"),
    }
    assert np.mean(totals[-3:]) < 0.8 * np.mean(totals[:3])
    with torch.no_grad():
        found = model.eval()(images)
    assert [set(one) for one in found] == [{"boxes", "labels", "scores"}] * 2
    for image, one in zip(images, found, strict=True):
        height, width = image.shape[-2:]
        limits = torch.tensor([width, height, width, height])
        assert (one["boxes"] <= limits + 1e-3).all()


def test_an_image_without_objects_has_losses() -> None:
    images, targets = batch()
    targets[0] = {
        "boxes": torch.zeros(0, 4),
        "labels": torch.zeros(0, dtype=torch.int64),
    }
    for model in (faster_rcnn(), retinanet()):
        losses = model(images, targets)
        assert all(loss.isfinite() for loss in losses.values())


def retinanet() -> detection.RetinaNet:
    return detection.RetinaNet(
        Backbone(),
        3,
        min_size=64,
        max_size=64,
        anchor_generator=AnchorGenerator(((16, 32),), ((1.0,),)),
    )


def test_a_step_of_one_stage_is_computed_at_its_end() -> None:
    model, (images, targets) = retinanet(), batch()
    optimizer = torch.optim.SGD(model.parameters(), 1e-3)
    runs = []
    for _ in range(3):
        before = counts.runs
        total = sum(model(images, targets).values())
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        runs.append(counts.runs - before)
        assert total.isfinite()
    # One program resizes images and boxes, whose sizes are looked at; one is the step.
    assert runs == [2, 2, 2]


def test_ssd_counts_the_hardest_of_the_background() -> None:
    loss = torch.tensor([[5.0, 1, 4, 3, 2, 0.5]])
    is_object = torch.tensor([[True, False, False, False, False, False]])
    chosen = ssd.SSD._hardest(
        type("Any", (), {"neg_to_pos_ratio": 3})(), loss, is_object
    )  # type: ignore[arg-type]
    assert chosen.tolist() == [[False, False, True, True, True, False]]


def test_wrong_targets_are_refused() -> None:
    model, (images, targets) = faster_rcnn(), batch()
    with pytest.raises(AssertionError, match="targets should not be none"):
        model(images)
    targets[0]["boxes"] = torch.tensor([[5.0, 5, 5, 9]])
    with pytest.raises(AssertionError, match="positive height and width"):
        model(images, targets)
    with pytest.raises(ValueError, match="num_classes should not be None"):
        detection.FasterRCNN(Backbone())
    with pytest.raises(TypeError, match="rpn_anchor_generator should be of type"):
        detection.FasterRCNN(Backbone(), 2, rpn_anchor_generator=nn.ReLU())  # type: ignore[arg-type]


def test_detectors_are_listed_by_name() -> None:
    assert "ssd300_vgg16" in models.list_models(detection)
    assert "fcn_resnet50" in models.list_models(models.segmentation)
    weights = models.get_weight("FasterRCNN_ResNet50_FPN_Weights.COCO_V1")
    assert len(weights.meta["categories"]) == 91
    assert models.get_model_weights("ssd300_vgg16").DEFAULT.url.endswith(".pth")
