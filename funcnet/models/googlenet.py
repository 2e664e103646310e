"""GoogLeNet, the first Inception network."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ._api import network, number_of_classes, set_option, weights_enum
from ._backend import Array, F, cat, flatten, init, initialize, nn, with_weights

__all__ = [
    "GoogLeNet",
    "GoogLeNetOutputs",
    "GoogLeNet_Weights",
    "_GoogLeNetOutputs",
    "googlenet",
]


class GoogLeNetOutputs(NamedTuple):
    """What the network gives in training: logits, also of the auxiliary heads."""

    logits: Any
    aux_logits2: Any
    aux_logits1: Any


_GoogLeNetOutputs = GoogLeNetOutputs


class BasicConv2d(nn.Module):
    """Convolution, batch norm, ReLU."""

    def __init__(self, in_channels: int, out_channels: int, **kwargs: Any) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels, eps=0.001)

    def forward(self, x: Array) -> Array:
        return F.relu(self.bn(self.conv(x)))


class Inception(nn.Module):
    """Convolutions of several sizes, and pooling, beside each other.

    The branch that the paper has with 5×5 taps has 3×3, as in torchvision's weights.
    """

    def __init__(
        self,
        in_channels: int,
        ch1x1: int,
        ch3x3red: int,
        ch3x3: int,
        ch5x5red: int,
        ch5x5: int,
        pool_proj: int,
        conv_block: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__()
        conv = conv_block or BasicConv2d
        self.branch1 = conv(in_channels, ch1x1, kernel_size=1)
        self.branch2 = nn.Sequential(
            conv(in_channels, ch3x3red, kernel_size=1),
            conv(ch3x3red, ch3x3, kernel_size=3, padding=1),
        )
        self.branch3 = nn.Sequential(
            conv(in_channels, ch5x5red, kernel_size=1),
            conv(ch5x5red, ch5x5, kernel_size=3, padding=1),
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1, ceil_mode=True),
            conv(in_channels, pool_proj, kernel_size=1),
        )

    def forward(self, x: Array) -> Array:
        branches = self.branch1, self.branch2, self.branch3, self.branch4
        return cat([branch(x) for branch in branches], 1)


class InceptionAux(nn.Module):
    """An auxiliary head."""

    def __init__(
        self,
        in_channels: int,
        num_classes: int,
        conv_block: Callable[..., Any] | None = None,
        dropout: float = 0.7,
    ) -> None:
        super().__init__()
        self.conv = (conv_block or BasicConv2d)(in_channels, 128, kernel_size=1)
        self.fc1 = nn.Linear(2048, 1024)
        self.fc2 = nn.Linear(1024, num_classes)
        self.dropout = nn.Dropout(p=dropout)

    def forward(self, x: Array) -> Array:
        x = self.conv(F.adaptive_avg_pool2d(x, (4, 4)))  # (batch, 128, 4, 4)
        return self.fc2(self.dropout(F.relu(self.fc1(flatten(x, 1)))))


def from_imagenet(x: Array) -> Array:
    """Images normalised as ImageNet's, normalised to -1..1 as the weights want them."""
    scales = zip((0.229, 0.224, 0.225), (0.485, 0.456, 0.406), strict=True)
    return cat(
        [
            x[:, c : c + 1] * (std / 0.5) + (mean - 0.5) / 0.5
            for c, (std, mean) in enumerate(scales)
        ],
        1,
    )


class GoogLeNet(nn.Module):
    """GoogLeNet, with batch norm.

    In training the output is a `GoogLeNetOutputs`, if there are auxiliary heads.

    Args:
        aux_logits: have them.
        transform_input: take images normalised as for the other networks.
        init_weights: draw parameters by the network's rule, not by the layers'.
        blocks: the convolution, the inception block and the auxiliary head.

    Source: Szegedy et al., "Going Deeper with Convolutions" (2014),
    https://arxiv.org/abs/1409.4842
    """

    def __init__(
        self,
        num_classes: int = 1000,
        aux_logits: bool = True,
        transform_input: bool = False,
        init_weights: bool | None = None,
        blocks: Sequence[Callable[..., Any]] | None = None,
        dropout: float = 0.2,
        dropout_aux: float = 0.7,
    ) -> None:
        super().__init__()
        blocks = blocks or (BasicConv2d, Inception, InceptionAux)
        if init_weights is None:
            warnings.warn(
                "The default weight initialization of GoogleNet will be changed in "
                "future releases of torchvision. If you wish to keep the old behavior, "
                "please set init_weights=True.",
                FutureWarning,
                stacklevel=2,
            )
            init_weights = True
        if len(blocks) != 3:
            raise ValueError(f"blocks length should be 3 instead of {len(blocks)}")
        conv, inception, aux = blocks
        self._init_weights = init_weights
        self.aux_logits = aux_logits
        self.transform_input = transform_input
        self.conv1 = conv(3, 64, kernel_size=7, stride=2, padding=3)
        self.maxpool1 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.conv2 = conv(64, 64, kernel_size=1)
        self.conv3 = conv(64, 192, kernel_size=3, padding=1)
        self.maxpool2 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception3a = inception(192, 64, 96, 128, 16, 32, 32)
        self.inception3b = inception(256, 128, 128, 192, 32, 96, 64)
        self.maxpool3 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception4a = inception(480, 192, 96, 208, 16, 48, 64)
        self.inception4b = inception(512, 160, 112, 224, 24, 64, 64)
        self.inception4c = inception(512, 128, 128, 256, 24, 64, 64)
        self.inception4d = inception(512, 112, 144, 288, 32, 64, 64)
        self.inception4e = inception(528, 256, 160, 320, 32, 128, 128)
        self.maxpool4 = nn.MaxPool2d(2, stride=2, ceil_mode=True)
        self.inception5a = inception(832, 256, 160, 320, 32, 128, 128)
        self.inception5b = inception(832, 384, 192, 384, 48, 128, 128)
        self.aux1: Any = (
            aux(512, num_classes, dropout=dropout_aux) if aux_logits else None
        )
        self.aux2: Any = (
            aux(528, num_classes, dropout=dropout_aux) if aux_logits else None
        )
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.dropout = nn.Dropout(p=dropout)
        self.fc = nn.Linear(1024, num_classes)
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules() if self._init_weights else ():
            if isinstance(m, nn.Conv2d | nn.Linear):
                init.trunc_normal_(m.weight, mean=0.0, std=0.01, a=-2, b=2)
            elif isinstance(m, nn.BatchNorm2d):
                init.constant_(m.weight, 1)
                init.constant_(m.bias, 0)

    def forward(self, x: Array) -> Any:
        x = from_imagenet(x) if self.transform_input else x
        with_aux = self.training and self.aux_logits
        x = self.maxpool1(self.conv1(x))
        x = self.maxpool2(self.conv3(self.conv2(x)))
        x = self.maxpool3(self.inception3b(self.inception3a(x)))
        x = self.inception4a(x)
        first = self.aux1(x) if with_aux else None
        x = self.inception4d(self.inception4c(self.inception4b(x)))
        second = self.aux2(x) if with_aux else None
        x = self.maxpool4(self.inception4e(x))
        x = self.inception5b(self.inception5a(x))
        x = self.fc(self.dropout(flatten(self.avgpool(x), 1)))
        return GoogLeNetOutputs(x, second, first) if with_aux else x


GoogLeNet_Weights = weights_enum("GoogLeNet_Weights", __name__)


@network(GoogLeNet_Weights, whole=True)
def googlenet(weights: Any = None, progress: bool = True, **options: Any) -> GoogLeNet:
    """GoogLeNet; see `GoogLeNet` for the options."""
    if weights is None:
        return GoogLeNet(**options)
    aux_logits = options.pop("aux_logits", False)
    options.setdefault("transform_input", True)
    set_option(options, "init_weights", False)
    number_of_classes(options, weights)
    model: GoogLeNet = with_weights(GoogLeNet(**options), weights, progress)
    if aux_logits:
        warnings.warn(
            "auxiliary heads in the pretrained googlenet model are NOT pretrained, so "
            "make sure to train them",
            stacklevel=2,
        )
    else:
        model.aux_logits, model.aux1, model.aux2 = False, None, None
    return model
