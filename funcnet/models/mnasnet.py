"""MNASNet."""

import warnings
from typing import Any

from ._api import network, weights_enum
from ._backend import Array, init, initialize, nn
from ._blocks import make_divisible

__all__ = [
    "MNASNet",
    "MNASNet0_5_Weights",
    "MNASNet0_75_Weights",
    "MNASNet1_0_Weights",
    "MNASNet1_3_Weights",
    "mnasnet0_5",
    "mnasnet0_75",
    "mnasnet1_0",
    "mnasnet1_3",
]

_BN_MOMENTUM = 1 - 0.9997


class _InvertedResidual(nn.Module):
    """More channels, a convolution of each by itself, fewer channels again."""

    def __init__(
        self,
        in_ch: int,
        out_ch: int,
        kernel_size: int,
        stride: int,
        expansion_factor: int,
        bn_momentum: float = 0.1,
    ) -> None:
        super().__init__()
        if stride not in (1, 2):
            raise ValueError(f"stride should be 1 or 2 instead of {stride}")
        if kernel_size not in (3, 5):
            raise ValueError(f"kernel_size should be 3 or 5 instead of {kernel_size}")
        mid = in_ch * expansion_factor
        self.apply_residual = in_ch == out_ch and stride == 1
        self.layers = nn.Sequential(
            nn.Conv2d(in_ch, mid, 1, bias=False),
            nn.BatchNorm2d(mid, momentum=bn_momentum),
            nn.ReLU(inplace=True),
            nn.Conv2d(
                mid,
                mid,
                kernel_size,
                padding=kernel_size // 2,
                stride=stride,
                groups=mid,
                bias=False,
            ),
            nn.BatchNorm2d(mid, momentum=bn_momentum),
            nn.ReLU(inplace=True),
            nn.Conv2d(mid, out_ch, 1, bias=False),
            nn.BatchNorm2d(out_ch, momentum=bn_momentum),
        )

    def forward(self, input: Array) -> Array:
        out = self.layers(input)
        return out + input if self.apply_residual else out


def _stack(
    in_ch: int, out_ch: int, kernel_size: int, stride: int, expansion: int, repeats: int
) -> nn.Sequential:
    """Blocks in a row, of which the first changes the size."""
    settings = expansion, _BN_MOMENTUM
    first = _InvertedResidual(in_ch, out_ch, kernel_size, stride, *settings)
    rest = [
        _InvertedResidual(out_ch, out_ch, kernel_size, 1, *settings)
        for _ in range(1, repeats)
    ]
    return nn.Sequential(first, *rest)


def _first_layers(first: int, second: int, third: int) -> list[Any]:
    """The layers up to the first stack, with as many channels."""
    return [
        nn.Conv2d(3, first, 3, padding=1, stride=2, bias=False),
        nn.BatchNorm2d(first, momentum=_BN_MOMENTUM),
        nn.ReLU(inplace=True),
        nn.Conv2d(first, first, 3, padding=1, stride=1, groups=first, bias=False),
        nn.BatchNorm2d(first, momentum=_BN_MOMENTUM),
        nn.ReLU(inplace=True),
        nn.Conv2d(first, second, 1, padding=0, stride=1, bias=False),
        nn.BatchNorm2d(second, momentum=_BN_MOMENTUM),
        _stack(second, third, 3, 2, 3, 3),
    ]


class MNASNet(nn.Module):
    """MNASNet, variant B1.

    Args:
        alpha: times as many channels everywhere.

    Source: Tan et al., "MnasNet" (2018), https://arxiv.org/abs/1807.11626
    """

    _version = 2

    def __init__(
        self, alpha: float, num_classes: int = 1000, dropout: float = 0.2
    ) -> None:
        super().__init__()
        if alpha <= 0.0:
            raise ValueError(f"alpha should be greater than 0.0 instead of {alpha}")
        self.alpha = alpha
        self.num_classes = num_classes
        widths = (32, 16, 24, 40, 80, 96, 192, 320)
        d = [make_divisible(width * alpha, 8) for width in widths]
        self._stack_width = d[2]
        self.layers = nn.Sequential(
            *_first_layers(d[0], d[1], d[2]),
            _stack(d[2], d[3], 5, 2, 3, 3),
            _stack(d[3], d[4], 5, 2, 6, 3),
            _stack(d[4], d[5], 3, 1, 6, 2),
            _stack(d[5], d[6], 5, 2, 6, 4),
            _stack(d[6], d[7], 3, 1, 6, 1),
            nn.Conv2d(d[7], 1280, 1, padding=0, stride=1, bias=False),
            nn.BatchNorm2d(1280, momentum=_BN_MOMENTUM),
            nn.ReLU(inplace=True),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout, inplace=True), nn.Linear(1280, num_classes)
        )
        initialize(self)

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, *args: Any
    ) -> None:
        """Load arrays in compat, also those of the class's first version.

        That had as many channels in its first layers whatever `alpha` was; the network
        becomes one of that version.
        """
        old = local_metadata.get("version") == 1 and self.alpha != 1.0
        if old:
            for index, layer in enumerate(_first_layers(32, 16, self._stack_width)):
                self.layers[index] = layer
            self._version = 1
            warnings.warn(
                "A new version of MNASNet model has been implemented. Your checkpoint "
                "was saved using the previous version. This checkpoint will load and "
                "work as before, but you may want to upgrade by training a newer model "
                "or transfer learning from an updated ImageNet checkpoint.",
                stacklevel=2,
            )
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *args)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(m, nn.BatchNorm2d):
                init.ones_(m.weight)
                init.zeros_(m.bias)
            elif isinstance(m, nn.Linear):
                init.kaiming_uniform_(m.weight, mode="fan_out", nonlinearity="sigmoid")
                init.zeros_(m.bias)

    def forward(self, x: Array) -> Array:
        return self.classifier(self.layers(x).mean((2, 3)))


MNASNet0_5_Weights = weights_enum("MNASNet0_5_Weights", __name__)
MNASNet0_75_Weights = weights_enum("MNASNet0_75_Weights", __name__)
MNASNet1_0_Weights = weights_enum("MNASNet1_0_Weights", __name__)
MNASNet1_3_Weights = weights_enum("MNASNet1_3_Weights", __name__)


@network(MNASNet0_5_Weights)
def mnasnet0_5(**options: Any) -> MNASNet:
    """MNASNet with half the channels; see `MNASNet` for the options."""
    return MNASNet(0.5, **options)


@network(MNASNet0_75_Weights)
def mnasnet0_75(**options: Any) -> MNASNet:
    """MNASNet with three quarters of the channels."""
    return MNASNet(0.75, **options)


@network(MNASNet1_0_Weights)
def mnasnet1_0(**options: Any) -> MNASNet:
    """MNASNet; see `MNASNet` for the options."""
    return MNASNet(1.0, **options)


@network(MNASNet1_3_Weights)
def mnasnet1_3(**options: Any) -> MNASNet:
    """MNASNet with 1.3 times the channels."""
    return MNASNet(1.3, **options)
