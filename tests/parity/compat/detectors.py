"""Detectors: state dicts, losses and detections beside torchvision's.

In float64, so that which boxes are kept does not hang on last digits; with numbers that
make what a network predicts differ from box to box.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

from funcnet import compat
from funcnet.compat import torchvision as mine
from tests.parity.report import Tally, Trial
from tests.parity.torchvision_operators import theirs

SMALL = {"min_size": 96, "max_size": 128, "num_classes": 4}
FEW = {
    **SMALL,
    "rpn_pre_nms_top_n_train": 60,
    "rpn_post_nms_top_n_train": 30,
    "rpn_pre_nms_top_n_test": 40,
    "rpn_post_nms_top_n_test": 20,
    "box_batch_size_per_image": 12,
    "box_detections_per_img": 7,
}
SHORT = {**SMALL, "detections_per_img": 9, "topk_candidates": 50}
# Of heads, which begin with numbers so small that all boxes are alike.
JOGGED = ("cls_logits", "cls_score", "bbox_pred", "module_list")
# Without trained weights hundreds of boxes have one score; PyTorch orders ties as it
# comes, and of these other boxes suppress each other.
TIED = ("ssdlite320_mobilenet_v3_large",)
NETWORKS: dict[str, dict[str, Any]] = {
    "fasterrcnn_resnet50_fpn": FEW,
    "fasterrcnn_resnet50_fpn_v2": FEW,
    "maskrcnn_resnet50_fpn": FEW,
    "keypointrcnn_resnet50_fpn": {**FEW, "num_classes": 2, "num_keypoints": 5},
    "retinanet_resnet50_fpn": SHORT,
    "retinanet_resnet50_fpn_v2": SHORT,
    "fcos_resnet50_fpn": {**SHORT, "score_thresh": 0.05},
    "ssd300_vgg16": {"num_classes": 4, "detections_per_img": 9, "topk_candidates": 20},
    "ssdlite320_mobilenet_v3_large": {"num_classes": 4},
    "fasterrcnn_mobilenet_v3_large_fpn": FEW,
}


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for name, options in NETWORKS.items():
        yield Trial(name, "losses and detections", partial(_compare, name, options))
    for name in ("maskrcnn_resnet50_fpn_v2",):
        yield Trial(name, "state dict", partial(_names, name, SMALL))


def build(vision: Any, library: Any, name: str, options: dict[str, Any]) -> Any:
    library.manual_seed(5)
    maker: Callable[..., Any] = getattr(vision.models.detection, name)
    return maker(weights=None, weights_backbone=None, **options)


def _names(name: str, options: dict[str, Any]) -> tuple[Any, Any]:
    """Both networks; their names, order, first numbers and ways to print are equal."""
    ours, real = build(mine, compat, name, options), build(theirs, torch, name, options)
    wanted = {key: tuple(x.shape) for key, x in real.state_dict().items()}
    found = {key: tuple(x.shape) for key, x in ours.state_dict().items()}
    assert list(found.items()) == list(wanted.items()), "names, shapes or their order"
    for (key, x), y in zip(
        ours.state_dict().items(), real.state_dict().values(), strict=True
    ):
        if y.is_floating_point():
            off = np.abs(x.numpy() - y.numpy()).max(initial=0)
            assert off < 1e-5, f"{key} begins with other numbers: {off:.2g}"
    assert repr(ours.transform) == repr(real.transform)
    frozen = [[p.requires_grad for p in one.parameters()] for one in (ours, real)]
    assert frozen[0] == frozen[1], "what learns"
    return ours, real


def _compare(name: str, options: dict[str, Any]) -> None:
    ours, real = (one.double() for one in _names(name, options))
    random = np.random.default_rng(3)
    state = {}
    for key, x in real.state_dict().items():
        values = x.numpy().copy()
        if key.endswith("running_mean"):
            values += random.normal(0, 0.1, values.shape)
        elif key.endswith("running_var"):
            values *= random.uniform(0.8, 1.2, values.shape)
        elif values.dtype.kind == "f" and any(part in key for part in JOGGED):
            values += random.normal(0, 0.05, values.shape)
        state[key] = torch.from_numpy(values)
    real.load_state_dict(state)
    ours.load_state_dict({k: compat.from_numpy(x.numpy()) for k, x in state.items()})
    points = options.get("num_keypoints", 0)
    results = [
        _run(library, network, points)
        for library, network in ((compat, ours), (torch, real))
    ]
    for key, wanted in results[1].items():
        found = results[0][key]
        if name in TIED and key.startswith(("boxes", "scores", "labels")):
            continue
        assert found.shape == wanted.shape, f"{key}: {found.shape}, not {wanted.shape}"
        # Heat maps are highest somewhere: float32 in both.
        slack = 2e-4 if "keypoints" in key or "masks" in key else 1e-5
        bound = slack * max(1.0, float(np.abs(wanted).max(initial=0)))
        off = np.abs(found - wanted).max(initial=0)
        assert off <= bound, f"{key}: {off:.3g} off of {np.abs(wanted).max():.3g}"
    assert results[0].keys() == results[1].keys()


def _run(library: Any, network: Any, points: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(4)
    images = [random.random((3, *size)) for size in ((80, 100), (90, 70))]
    boxes = [[[5.0, 5, 60, 50], [20, 20, 90, 70]], [[10.0, 10, 60, 80]]]
    targets = []
    for image, corners in zip(images, boxes, strict=True):
        target = {"boxes": np.array(corners), "labels": np.arange(len(corners)) % 3 + 1}
        target["masks"] = (random.random((len(corners), *image.shape[1:])) > 0.4) * 1
        target["masks"] = target["masks"].astype("u1")
        if points:
            target["labels"][:] = 1
            seen = random.random((len(corners), points, 3)) + np.array([0.0, 0, 0.5])
            target["keypoints"] = (seen * [60, 50, 1]).astype("f4")
        targets.append(target)
    given = [library.from_numpy(image) for image in images]
    wanted = [
        {key: library.from_numpy(value.copy()) for key, value in target.items()}
        for target in targets
    ]
    library.manual_seed(7)
    network.train()
    losses = network(given, wanted)
    total = sum(losses.values())
    total.backward()
    result = {key: np.asarray(loss.detach().numpy()) for key, loss in losses.items()}
    for key, parameter in network.named_parameters():
        if parameter.grad is not None and key.count("layer") < 1:
            result[f"gradient of {key}"] = parameter.grad.numpy()
    network.eval()
    with library.no_grad():
        for index, found in enumerate(network(given)):
            result |= {f"{key} {index}": x.numpy() for key, x in found.items()}
    return result
