"""Feature pyramids, as `torchvision.ops.feature_pyramid_network`."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.torchvision.ops.misc import Conv2dNormActivation

Levels = tuple[list[Tensor], list[str]]


class ExtraFPNBlock(nn.Module):
    """A block that adds levels to a pyramid; a subclass says which."""

    def forward(self, results: list[Tensor], x: list[Tensor], names: list[str]) -> Any:
        """Return the levels and their names.

        Args:
            results: the levels of the pyramid.
            x: the feature maps that it is made of.
            names: those of the maps.
        """


class FeaturePyramidNetwork(nn.Module):
    """Feature pyramid: what deep maps know, added to the finer ones.

    As `torchvision.ops.FeaturePyramidNetwork`, from and to a dictionary of maps, the
    finest first.

    Source: Lin et al. (2016), https://arxiv.org/abs/1612.03144
    """

    _version = 2

    def __init__(
        self,
        in_channels_list: list[int],
        out_channels: int,
        extra_blocks: ExtraFPNBlock | None = None,
        norm_layer: Callable[..., nn.Module] | None = None,
    ) -> None:
        super().__init__()
        self.inner_blocks = nn.ModuleList()
        self.layer_blocks = nn.ModuleList()
        for in_channels in in_channels_list:
            if in_channels == 0:
                raise ValueError("in_channels=0 is currently not supported")
            made: dict[str, Any] = {"norm_layer": norm_layer, "activation_layer": None}
            self.inner_blocks.append(
                Conv2dNormActivation(in_channels, out_channels, 1, padding=0, **made)
            )
            self.layer_blocks.append(
                Conv2dNormActivation(out_channels, out_channels, 3, **made)
            )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_uniform_(module.weight, a=1)
                if module.bias is not None:
                    nn.init.constant_(module.bias, 0)
        if extra_blocks is not None and not isinstance(extra_blocks, ExtraFPNBlock):
            raise TypeError(
                f"extra_blocks should be of type ExtraFPNBlock not {type(extra_blocks)}"
            )
        self.extra_blocks = extra_blocks

    def _load_from_state_dict(
        self,
        state_dict: dict[str, Any],
        prefix: str,
        local_metadata: dict[str, Any],
        *args: Any,
    ) -> None:
        """Load files, too, in which a block was a convolution by itself."""
        if local_metadata.get("version") is None or local_metadata["version"] < 2:
            for block in ("inner_blocks", "layer_blocks"):
                for index in range(len(self.inner_blocks)):
                    for kind in ("weight", "bias"):
                        old = f"{prefix}{block}.{index}.{kind}"
                        if old in state_dict:
                            new = f"{prefix}{block}.{index}.0.{kind}"
                            state_dict[new] = state_dict.pop(old)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *args)

    def get_result_from_inner_blocks(self, x: Tensor, idx: int) -> Any:
        """The lateral convolution of one level."""
        return self.inner_blocks[idx](x)

    def get_result_from_layer_blocks(self, x: Tensor, idx: int) -> Any:
        """The output convolution of one level."""
        return self.layer_blocks[idx](x)

    def forward(self, x: Mapping[str, Tensor]) -> Any:
        """Return the maps of the pyramid, under the names of the maps given."""
        names, maps = list(x), list(x.values())
        above = self.get_result_from_inner_blocks(maps[-1], -1)
        results = [self.get_result_from_layer_blocks(above, -1)]
        for index in range(len(maps) - 2, -1, -1):
            lateral = self.get_result_from_inner_blocks(maps[index], index)
            size = lateral.shape[-2:]
            above = lateral + F.interpolate(above, size=size, mode="nearest")
            results.insert(0, self.get_result_from_layer_blocks(above, index))
        if self.extra_blocks is not None:
            results, names = self.extra_blocks(results, maps, names)
        return OrderedDict(zip(names, results, strict=False))


class LastLevelMaxPool(ExtraFPNBlock):
    """One more level, "pool": every second pixel of the last."""

    def forward(self, x: list[Tensor], y: list[Tensor], names: list[str]) -> Levels:
        """Add the level."""
        del y
        x.append(F.max_pool2d(x[-1], kernel_size=1, stride=2, padding=0))
        names.append("pool")
        return x, names


class LastLevelP6P7(ExtraFPNBlock):
    """Two more levels, "p6" and "p7", by convolutions: RetinaNet's."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.p6 = nn.Conv2d(in_channels, out_channels, 3, 2, 1)
        self.p7 = nn.Conv2d(out_channels, out_channels, 3, 2, 1)
        for module in (self.p6, self.p7):
            nn.init.kaiming_uniform_(module.weight, a=1)
            nn.init.constant_(module.bias, 0)
        self.use_P5 = in_channels == out_channels

    def forward(self, p: list[Tensor], c: list[Tensor], names: list[str]) -> Levels:
        """Add the levels."""
        p6 = self.p6(p[-1] if self.use_P5 else c[-1])
        p.extend([p6, self.p7(F.relu(p6))])
        names.extend(["p6", "p7"])
        return p, names
