"""`torchvision.ops`: values and gradients beside torchvision's.

What its wheel computes in C++ is defined in Python (`torchvision_operators`).
"""

# ruff: noqa: E731 - the rows of a table are calls

from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

import funcnet.compat.torchvision.ops  # noqa: F401
from funcnet import compat
from funcnet.compat import torchvision as mine
from tests.parity.report import Tally, Trial
from tests.parity.torchvision_operators import arrays, theirs

FORMATS = ("xyxy", "xywh", "cxcywh")
ROTATED = ("xywhr", "cxcywhr", "xyxyxyxy")
PAIRED = ("generalized_box_iou", "distance_box_iou", "complete_box_iou")
Make = Callable[[Any, Any], Any]


def boxes(random: Any, *shape: int, kind: str = "f4", most: int = 40) -> np.ndarray:
    corner = random.uniform(-3, most, (*shape, 2))
    result = np.concatenate([corner, corner + random.uniform(1, most, (*shape, 2))], -1)
    return result.astype(kind)


def rois(random: Any, count: int, images: int, most: int = 20) -> np.ndarray:
    inside = np.clip(boxes(random, count, most=most), 0, 2 * most)
    image = random.integers(0, images, (count, 1)).astype("f4")
    return np.concatenate([image, inside], 1).astype("f4")


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for name, label, call, given, slack in (*_boxes(), *_regions(), *_layers()):
        yield Trial(name, label, partial(_compare, call, given, slack))
    for name, label, make in _modules():
        yield Trial(name, label, partial(_compare_module, make))


Row = tuple[str, str, Callable[..., Any], list[np.ndarray], float]


def _boxes() -> Iterator[Row]:
    random = arrays(0)
    for kind in ("f4", "f8", "i4", "i8"):
        one, two = boxes(random, 5, kind=kind), boxes(random, 7, kind=kind)
        same = boxes(random, 5, kind=kind)
        for fmt in FORMATS:
            run: Any = lambda V, a, fmt=fmt: V.box_area(a, fmt)
            yield "box_area", f"{fmt} {kind}", run, [one], 1e-6
            run = lambda V, a, b, fmt=fmt: V.box_iou(a, b, fmt)
            yield "box_iou", f"{fmt} {kind}", run, [one, two], 1e-6
            for other in FORMATS:
                run = lambda V, a, fmt=fmt, o=other: V.box_convert(a, fmt, o)
                yield "box_convert", f"{fmt} to {other} {kind}", run, [one], 1e-6
        for name in PAIRED:
            run = lambda V, a, b, name=name: getattr(V, name)(a, b)
            yield name, kind, run, [one, two], 1e-5
            for reduction in ("none", "mean", "sum"):
                loss = f"{name}_loss"
                run = lambda V, a, b, name=loss, r=reduction: getattr(V, name)(
                    a, b, reduction=r
                )
                yield loss, f"{reduction} {kind}", run, [one, same], 1e-5
                yield loss, f"{reduction} of none", run, [one[:0], same[:0]], 1e-5
        run = lambda V, a: V.clip_boxes_to_image(a, (30, 25))
        yield "clip_boxes_to_image", kind, run, [one], 0
        run = lambda V, a: V.remove_small_boxes(a, 9)
        yield "remove_small_boxes", kind, run, [boxes(random, 20, kind=kind)], 0
        turned = np.c_[one, random.uniform(-180, 180, 5)].astype(kind)
        corners = random.uniform(0, 30, (5, 8)).astype(kind)
        for fmt in ROTATED:
            for other in ROTATED:
                run = lambda V, a, fmt=fmt, o=other: V.box_convert(a, fmt, o)
                given = [corners if fmt == ROTATED[2] else turned]
                yield "box_convert", f"{fmt} to {other} {kind}", run, given, 2e-5
    batch = [boxes(random, 2, 3, 4), boxes(random, 2, 3, 6)]
    yield "box_iou", "batches", lambda V, a, b: V.box_iou(a, b), batch, 1e-6
    masks = (random.random((6, 9, 11)) > 0.95).astype("f4")
    yield "masks_to_boxes", "", lambda V, a: V.masks_to_boxes(a), [masks], 0
    logits = random.normal(0, 3, (6, 5)).astype("f4")
    targets = (random.random((6, 5)) > 0.7).astype("f4")
    for alpha in (0.25, -1, 0.7):
        for gamma in (2, 0, 1.5):
            for reduction in ("none", "mean", "sum"):
                run = lambda V, x, y, *s, a=alpha, g=gamma, r=reduction: (
                    V.sigmoid_focal_loss(x, y, a, g, r)
                )
                label = f"{alpha} {gamma} {reduction}"
                yield "sigmoid_focal_loss", label, run, [logits, targets], 1e-5
    for count in (0, 1, 30, 200, 1200):
        many = boxes(random, count, most=60)
        # With ties; of many boxes torchvision sorts those in any order.
        ties = random.integers(0, 50, count) if count <= 1000 else np.arange(count)
        scores = random.permutation(ties).astype("f4") / 50
        classes = random.integers(0, 4, count)
        for threshold in (0.1, 0.3, 0.5, 0.7):
            run = lambda V, a, s, t=threshold: V.nms(a, s, t)
            if count <= 200:
                yield "nms", f"{count} {threshold}", run, [many, scores], 0
            run = lambda V, a, s, c, t=threshold: V.batched_nms(a, s, c, t)
            given = [many, scores, classes]
            yield "batched_nms", f"{count} {threshold}", run, given, 0


def _regions() -> Iterator[Row]:
    random = arrays(1)
    maps = random.normal(size=(2, 8, 10, 12)).astype("f4")
    for count in (0, 1, 6):
        where = rois(random, count, 2)
        for size in ((1, 1), (3, 2), 4):
            for ratio in (2, 3, -1):
                for aligned in (False, True):
                    run: Any = lambda V, x, r, s=size, n=ratio, a=aligned: V.roi_align(
                        x, r, s, 0.25, n, a
                    )
                    label = f"{count} {size} {ratio} {aligned}"
                    yield "roi_align", label, run, [maps, where], 2e-5
            run = lambda V, x, r, s=size: V.roi_pool(x, r, s, 0.25)
            yield "roi_pool", f"{count} {size}", run, [maps, where], 1e-6
        for ratio in (2, -1):
            run = lambda V, x, r, n=ratio: V.ps_roi_align(x, r, 2, 0.25, n)
            yield "ps_roi_align", f"{count} {ratio}", run, [maps, where], 2e-5
        run = lambda V, x, r: V.ps_roi_pool(x, r, (2, 2), 0.25)
        yield "ps_roi_pool", str(count), run, [maps, where], 1e-5
    lists = [maps, boxes(random, 3, most=20).clip(0), boxes(random, 2, most=20).clip(0)]
    run = lambda V, x, a, b: V.roi_align(x, [a, b], 3, 0.25, 2)
    yield "roi_align", "lists", run, lists, 2e-5
    for stride, padding, dilation, groups, kernels in (
        (1, 0, 1, 1, (3, 3)),
        ((2, 1), (1, 2), 1, 2, (2, 3)),
        (1, 1, 2, 4, (3, 1)),
    ):
        x = random.normal(size=(2, 8, 9, 8)).astype("f4")
        weight = random.normal(size=(6, 4, *kernels)).astype("f4")
        bias = random.normal(size=6).astype("f4")
        plain = torch.nn.functional.conv2d(
            torch.zeros(1, 8, 9, 8),
            *(torch.zeros(6, 4, *kernels), None, stride, padding, dilation, 2),
        ).shape[2:]
        taps = groups * kernels[0] * kernels[1]
        offset = random.normal(0, 1.5, (2, 2 * taps, *plain)).astype("f4")
        mask = random.random((2, taps, *plain)).astype("f4")
        call = lambda V, x, o, w, b, *m, s=stride, p=padding, d=dilation: (
            V.deform_conv2d(x, o, w, b, s, p, d, *m)
        )
        given = [x, offset, weight, bias]
        yield "deform_conv2d", f"{kernels} plain", call, given, 5e-5
        yield "deform_conv2d", f"{kernels} mask", call, [*given, mask], 5e-5


def _layers() -> Iterator[Row]:
    """What draws: under a seed."""
    random = arrays(2)
    image = random.normal(size=(3, 4, 9, 8)).astype("f4")
    volume = random.normal(size=(2, 3, 7, 6, 8)).astype("f4")
    for mode in ("row", "batch"):
        for p in (0.0, 0.4, 1.0):
            run: Any = lambda V, x, p=p, m=mode: V.stochastic_depth(x, p, m)
            yield "stochastic_depth", f"{mode} {p}", run, [image], 1e-6
    for side in (1, 3, 5):
        run = lambda V, x, n=side: V.drop_block2d(x, 0.3, n)
        yield "drop_block2d", str(side), run, [image], 1e-6
        run = lambda V, x, n=side: V.drop_block3d(x, 0.2, n)
        yield "drop_block3d", str(side), run, [volume], 1e-6


def _compare(call: Callable[..., Any], given: list[np.ndarray], slack: float) -> None:
    outcomes = [
        _outcome(library, vision, call, given)
        for library, vision in ((compat, mine), (torch, theirs))
    ]
    _close(*outcomes, slack)


def _outcome(
    library: Any, vision: Any, call: Callable[..., Any], given: list[np.ndarray]
) -> Any:
    library.manual_seed(3)
    leaves = [library.from_numpy(one.copy()) for one in given]
    floats = [x for x in leaves if x.is_floating_point()]
    for leaf in floats:
        leaf.requires_grad_()
    try:
        result = call(vision.ops, *leaves)
    except (ValueError, RuntimeError, NotImplementedError) as error:
        return error
    found = [str(result.dtype).removeprefix("torch."), result.detach().numpy()]
    if result.requires_grad:
        weights = np.sin(np.arange(result.numel()) + 1).reshape(tuple(result.shape))
        total = (result * library.from_numpy(weights).to(result.dtype)).sum()
        for grad in library.autograd.grad(total, floats, allow_unused=True):
            # What no number depends on has no gradient, or zeros.
            found.append(None if grad is None else grad.numpy())
    return found


def _close(mine_: Any, theirs_: Any, slack: float) -> None:
    if isinstance(theirs_, Exception):
        assert isinstance(mine_, type(theirs_)), f"torchvision says {theirs_!r}"
        return
    assert not isinstance(mine_, Exception), repr(mine_)
    assert mine_[0] == theirs_[0], f"{mine_[0]}, torchvision {theirs_[0]}"
    for a, b in zip(mine_[1:], theirs_[1:], strict=False):
        if a is None or b is None:
            assert a is None or not np.any(a), "a gradient that torchvision lacks"
            assert b is None or not np.any(b), "no gradient"
            continue
        assert a.shape == b.shape, f"{a.shape}, torchvision {b.shape}"
        if not b.size:
            continue
        bound = slack * max(1.0, float(np.nanmax(np.abs(b.astype("f8")), initial=0)))
        off = np.abs(a.astype("f8") - b.astype("f8"))
        assert (np.isnan(a) == np.isnan(b)).all(), "NaN elsewhere"
        assert np.nanmax(off, initial=0) <= bound, f"{np.nanmax(off):.3g} off"


def _modules() -> Iterator[tuple[str, str, Make]]:
    """Modules: how they print, their states, values and gradients of parameters."""
    image = arrays(4).normal(size=(2, 4, 8, 8)).astype("f4")

    def on_image(make: Make) -> Make:
        def run(library: Any, vision: Any) -> Any:
            return make(library, vision.ops), (library.from_numpy(image.copy()),)

        return run

    makers: dict[str, list[Make]] = {
        "Conv2dNormActivation": [
            lambda t, V: V.Conv2dNormActivation(4, 6),
            lambda t, V: V.Conv2dNormActivation(4, 6, (3, 5), 2, groups=2, dilation=2),
            lambda t, V: V.Conv2dNormActivation(4, 6, 1, norm_layer=None, inplace=None),
            lambda t, V: V.Conv2dNormActivation(4, 6, activation_layer=None, bias=True),
        ],
        "SqueezeExcitation": [
            lambda t, V: V.SqueezeExcitation(4, 2),
            lambda t, V: V.SqueezeExcitation(4, 3, t.nn.SiLU, t.nn.Hardsigmoid),
        ],
        "MLP": [
            lambda t, V: V.MLP(8, [5, 7]),
            lambda t, V: V.MLP(8, [5, 7, 3], t.nn.LayerNorm, t.nn.GELU, dropout=0.3),
        ],
        "Permute": [lambda t, V: V.Permute([0, 2, 3, 1])],
        "FrozenBatchNorm2d": [lambda t, V: V.FrozenBatchNorm2d(4)],
        "StochasticDepth": [lambda t, V: V.StochasticDepth(0.4, "row")],
        "DropBlock2d": [lambda t, V: V.DropBlock2d(0.3, 3)],
        "DropBlock3d": [lambda t, V: V.DropBlock3d(0.3, 3)],
    }
    for name, makes in makers.items():
        for index, make in enumerate(makes):
            yield name, str(index), on_image(make)
    yield "DeformConv2d", "", _deform
    for extra in (None, "LastLevelMaxPool", "LastLevelP6P7"):
        yield "FeaturePyramidNetwork", str(extra), partial(_pyramid, extra)
    for ratio in (2, 0):
        yield "MultiScaleRoIAlign", str(ratio), partial(_poolers, ratio)


def _deform(library: Any, vision: Any) -> Any:
    random = arrays(5)
    layer = vision.ops.DeformConv2d(4, 6, 3, padding=1, dilation=2, groups=2)
    given = random.normal(size=(2, 4, 8, 8)), random.normal(size=(2, 18, 6, 6))
    return layer, tuple(library.from_numpy(x.astype("f4")) for x in given)


def _pyramid(extra: str | None, library: Any, vision: Any) -> Any:
    random = arrays(6)
    room = vision.ops.feature_pyramid_network
    sizes = (7, 5) if extra == "LastLevelP6P7" else ()
    block = None if extra is None else getattr(room, extra)(*sizes)
    network = vision.ops.FeaturePyramidNetwork([3, 5, 7], 5, block)
    maps = OrderedDict(
        (f"feat{i}", library.from_numpy(random.normal(size=s).astype("f4")))
        for i, s in enumerate([(1, 3, 16, 14), (1, 5, 8, 7), (1, 7, 4, 3)])
    )
    return network, (maps,)


def _poolers(ratio: int, library: Any, vision: Any) -> Any:
    random = arrays(7)
    pooler = vision.ops.MultiScaleRoIAlign(["0", "1", "2"], 3, ratio)
    maps = OrderedDict(
        (str(i), library.from_numpy(random.normal(size=s).astype("f4")))
        for i, s in enumerate([(2, 3, 64, 48), (2, 3, 32, 24), (2, 3, 16, 12)])
    )
    corners = [boxes(random, n, most=120).clip(0, 250) for n in (5, 0)]
    given = [library.from_numpy(one) for one in corners]
    return pooler, (maps, given, [(256, 192), (250, 190)])


def _compare_module(make: Make) -> None:
    outcomes = []
    for library, vision in ((compat, mine), (torch, theirs)):
        library.manual_seed(11)
        try:
            module, given = make(library, vision)
            result = module(*given)
        except (ValueError, RuntimeError) as error:
            outcomes.append(error)
            continue
        results = result if isinstance(result, dict) else {"": result}
        found: list[Any] = [[repr(module), list(module.state_dict()), list(results)]]
        total = library.zeros(())
        for one in results.values():
            weights = np.sin(np.arange(one.numel()) + 1).reshape(tuple(one.shape))
            total = total + (one * library.from_numpy(weights.astype("f4"))).sum()
            found.append(one.detach().numpy())
        if total.requires_grad:
            total.backward()
            found += [x.grad.numpy() for x in module.parameters() if x.grad is not None]
        outcomes.append(found)
    _close(*outcomes, 2e-5)
