"""timm: models of several families learn; one gives its features."""

import timm
import timm.optim
import torch

torch.manual_seed(0)
x, y = torch.randn(4, 3, 32, 32), torch.tensor([0, 1, 2, 0])
for name in ("resnet10t", "vit_tiny_patch16_224", "mobilenetv3_small_050"):
    options = {"img_size": 32} if "vit" in name else {}
    model = timm.create_model(name, num_classes=3, **options)
    optimizer = timm.optim.create_optimizer_v2(model, "adamw", lr=1e-3)
    losses = []
    for _ in range(6):
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < losses[0], (name, losses)
features = timm.create_model("resnet10t", features_only=True)(x)
assert [one.shape[-1] for one in features] == [16, 8, 4, 2, 1]
