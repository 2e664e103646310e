"""Networks that propose regions, as `torchvision.models.detection.rpn`.

Which regions stay depends on their values, so that a step is computed up to here before
it goes on. Proposals have no gradients.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.torchvision.models.detection import _utils as det_utils
from funcnet.compat.torchvision.models.detection.image_list import (
    ImageList,
    Sizes,
    Targets,
    as_index,
    on_host,
    suppressed,
)
from funcnet.compat.torchvision.ops import Conv2dNormActivation
from funcnet.compat.torchvision.ops import boxes as box_ops


class RPNHead(nn.Module):
    """For each anchor, whether it is an object, and where that is.

    Args:
        in_channels: of the feature maps.
        num_anchors: around each pixel.
        conv_depth: convolutions that both share.
    """

    _version = 2

    def __init__(self, in_channels: int, num_anchors: int, conv_depth: int = 1) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            *[
                Conv2dNormActivation(in_channels, in_channels, 3, norm_layer=None)
                for _ in range(conv_depth)
            ]
        )
        self.cls_logits = nn.Conv2d(in_channels, num_anchors, kernel_size=1, stride=1)
        self.bbox_pred = nn.Conv2d(
            in_channels, num_anchors * 4, kernel_size=1, stride=1
        )
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.normal_(layer.weight, std=0.01)
                if layer.bias is not None:
                    nn.init.constant_(layer.bias, 0)

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, *args: Any
    ) -> None:
        """Load files, too, in which the convolution stood by itself."""
        if local_metadata.get("version") is None or local_metadata["version"] < 2:
            for kind in ("weight", "bias"):
                old = f"{prefix}conv.{kind}"
                if old in state_dict:
                    state_dict[f"{prefix}conv.0.0.{kind}"] = state_dict.pop(old)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *args)

    def forward(self, x: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Return logits and codes of boxes, for each map."""
        shared = [self.conv(feature) for feature in x]
        return [self.cls_logits(t) for t in shared], [self.bbox_pred(t) for t in shared]


def permute_and_flatten(
    layer: Tensor,
    N: int,
    A: int,
    C: int,
    H: int,
    W: int,
) -> Tensor:
    """From `(N, A * C, H, W)` to `(N, H * W * A, C)`."""
    result: Tensor = layer.view(N, -1, C, H, W).permute(0, 3, 4, 1, 2).reshape(N, -1, C)
    return result


def by_anchor(layer: Tensor, columns: int) -> Tensor:
    """From `(batch, anchors * columns, height, width)` to `(batch, all, columns)`."""
    batch, channels, height, width = layer.shape
    anchors = channels // columns
    return permute_and_flatten(layer, batch, anchors, columns, height, width)


def concat_box_prediction_layers(
    box_cls: Sequence[Tensor], box_regression: Sequence[Tensor]
) -> tuple[Tensor, Tensor]:
    """Join the maps: `(n, classes)` and `(n, 4)`, image by image."""
    anchors = [codes.shape[1] // 4 for codes in box_regression]
    logits = [
        by_anchor(one, one.shape[1] // n)
        for one, n in zip(box_cls, anchors, strict=True)
    ]
    codes = [by_anchor(one, 4) for one in box_regression]
    return torch.cat(logits, 1).flatten(0, -2), torch.cat(codes, 1).reshape(-1, 4)


class RegionProposalNetwork(nn.Module):
    """Propose the regions of images that may be objects.

    Args:
        anchor_generator: makes the boxes that predictions start from.
        head: predicts logits and codes of boxes.
        fg_iou_thresh, bg_iou_thresh: from which and below which overlap with an object
            an anchor is one, or is none.
        batch_size_per_image, positive_fraction: the anchors that train, and of them the
            objects at most.
        pre_nms_top_n, post_nms_top_n: how many regions of a map are looked at, and how
            many of an image are kept, in "training" and "testing".
        nms_thresh: how much regions may overlap.
        score_thresh: the least probability.

    Source: Ren et al., "Faster R-CNN" (2015), https://arxiv.org/abs/1506.01497
    """

    def __init__(
        self,
        anchor_generator: nn.Module,
        head: nn.Module,
        fg_iou_thresh: float,
        bg_iou_thresh: float,
        batch_size_per_image: int,
        positive_fraction: float,
        pre_nms_top_n: dict[str, int],
        post_nms_top_n: dict[str, int],
        nms_thresh: float,
        score_thresh: float = 0.0,
    ) -> None:
        super().__init__()
        self.anchor_generator = anchor_generator
        self.head = head
        self.box_coder = det_utils.BoxCoder(weights=(1.0, 1.0, 1.0, 1.0))
        self.box_similarity = box_ops.box_iou
        self.proposal_matcher = det_utils.Matcher(
            fg_iou_thresh, bg_iou_thresh, allow_low_quality_matches=True
        )
        self.fg_bg_sampler = det_utils.BalancedPositiveNegativeSampler(
            batch_size_per_image, positive_fraction
        )
        self._pre_nms_top_n = pre_nms_top_n
        self._post_nms_top_n = post_nms_top_n
        self.nms_thresh = nms_thresh
        self.score_thresh = score_thresh
        self.min_size = 1e-3

    def pre_nms_top_n(self) -> int:
        """How many regions of each map are looked at."""
        return self._pre_nms_top_n["training" if self.training else "testing"]

    def post_nms_top_n(self) -> int:
        """How many regions of each image are kept."""
        return self._post_nms_top_n["training" if self.training else "testing"]

    def assign_targets_to_anchors(
        self, anchors: Sequence[Tensor], targets: Targets
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Return for each image what anchors are, and the objects' boxes.

        What an anchor is: 1 an object, 0 none, -1 neither.
        """
        labels, boxes = [], []
        for around, target in zip(anchors, targets, strict=False):
            wanted = target["boxes"]
            if wanted.numel() == 0:
                kind: dict[str, Any] = {"dtype": torch.float32, "device": around.device}
                boxes.append(torch.zeros(around.shape, **kind))
                labels.append(torch.zeros(around.shape[0], **kind))
                continue
            matches = self.proposal_matcher(self.box_similarity(wanted, around))
            boxes.append(wanted[matches.clamp(min=0)])
            between = matches == self.proposal_matcher.BETWEEN_THRESHOLDS
            found = (matches >= 0).to(torch.float32)
            labels.append(found.masked_fill(between, -1.0))
        return labels, boxes

    def _get_top_n_idx(
        self, objectness: Tensor, num_anchors_per_level: Sequence[int]
    ) -> Tensor:
        """The places of the highest logits of each map."""
        places, offset = [], 0
        for one in objectness.split(list(num_anchors_per_level), 1):
            count = det_utils._topk_min(one, self.pre_nms_top_n(), 1)
            places.append(one.topk(count, dim=1).indices + offset)
            offset += one.shape[1]
        result: Tensor = torch.cat(places, 1)
        return result

    def filter_proposals(
        self,
        proposals: Tensor,
        objectness: Tensor,
        image_shapes: Sizes,
        num_anchors_per_level: Sequence[int],
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Return the regions of each image that are kept, and their probabilities."""
        images = proposals.shape[0]
        logits = objectness.detach().reshape(images, -1)
        top = self._get_top_n_idx(logits, num_anchors_per_level)
        scores = on_host(logits.gather(1, top).sigmoid())
        corners = proposals.gather(1, top[..., None].expand(-1, -1, 4))
        levels = np.repeat(np.arange(len(num_anchors_per_level)), num_anchors_per_level)
        levels = levels[on_host(top)]
        kept: tuple[list[Tensor], list[Tensor]] = ([], [])
        for index, size in zip(range(images), image_shapes, strict=False):
            boxes = on_host(box_ops.clip_boxes_to_image(corners[index], size))
            sides = boxes[:, 2:] - boxes[:, :2]
            large = (sides >= self.min_size).all(1)
            places = np.flatnonzero(large & (scores[index] >= self.score_thresh))
            parts = boxes[places], scores[index][places], levels[index][places]
            chosen = suppressed(*parts, self.nms_thresh)[: self.post_nms_top_n()]
            for result, part in zip(kept, parts[:2], strict=True):
                result.append(torch.from_numpy(part[chosen]).to(proposals.device))
        return kept

    def compute_loss(
        self,
        objectness: Tensor,
        pred_bbox_deltas: Tensor,
        labels: Sequence[Tensor],
        regression_targets: Sequence[Tensor],
    ) -> tuple[Tensor, Tensor]:
        """Return the losses of what anchors are, and of where objects are."""
        positive, negative = (
            np.flatnonzero(np.concatenate([on_host(one) for one in masks]))
            for masks in self.fg_bg_sampler(labels)
        )
        sampled = as_index(np.concatenate([positive, negative]), objectness)
        # All that are sampled, of one number in most steps, with a mask.
        is_object = np.arange(len(sampled)) < len(positive)
        mask = torch.from_numpy(is_object).to(objectness.device)[:, None]
        codes = pred_bbox_deltas[sampled]
        wanted = torch.cat(list(regression_targets))[sampled]
        losses = F.smooth_l1_loss(
            codes.where(mask, 0), wanted.where(mask, 0), beta=1 / 9, reduction="sum"
        )
        kinds = torch.cat(list(labels))[sampled]
        logits = objectness.flatten()[sampled]
        loss = F.binary_cross_entropy_with_logits(logits, kinds)
        return loss, losses / sampled.numel()

    def forward(
        self,
        images: ImageList,
        features: Mapping[str, Tensor],
        targets: Targets | None = None,
    ) -> tuple[list[Tensor], dict[str, Tensor]]:
        """Return the regions of each image, and in training the losses."""
        maps = list(features.values())
        logits, deltas = self.head(maps)
        anchors = self.anchor_generator(images, maps)
        counts = [one[0].numel() for one in logits]
        objectness, codes = concat_box_prediction_layers(logits, deltas)
        decoded = self.box_coder.decode(codes.detach(), anchors)
        proposals = decoded.view(len(anchors), -1, 4)
        boxes, _ = self.filter_proposals(
            proposals, objectness, images.image_sizes, counts
        )
        if not self.training:
            return boxes, {}
        if targets is None:
            raise ValueError("targets should not be None")
        labels, wanted = self.assign_targets_to_anchors(anchors, targets)
        regression = self.box_coder.encode(wanted, anchors)
        losses = self.compute_loss(objectness, codes, labels, regression)
        return boxes, dict(
            zip(("loss_objectness", "loss_rpn_box_reg"), losses, strict=True)
        )
