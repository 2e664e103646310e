"""einops and torchinfo: layers and functions of shapes, and a model's summary."""

import einops
import torch
import torchinfo
from einops.layers.torch import Rearrange
from torch import nn

flat = Rearrange("b c h w -> b (c h w)")
model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.AdaptiveAvgPool2d(1), flat)
summary = torchinfo.summary(model, (2, 3, 16, 16), verbose=0)
assert summary.total_params == 224
assert "Conv2d" in str(summary)
x = torch.arange(24.0).reshape(2, 3, 4)
assert einops.rearrange(x, "a b c -> c (a b)").shape == (4, 6)
assert einops.reduce(x, "a b c -> b", "mean").tolist() == [7.5, 11.5, 15.5]
product = einops.einsum(x, x, "a b c, a d c -> b d")
torch.testing.assert_close(product, torch.einsum("abc,adc->bd", x, x))
assert einops.pack([x, x], "a * c")[0].shape == (2, 6, 4)
