"""segmentation-models-pytorch: a U-Net learns; lpips says what it lacks."""

import lpips
import segmentation_models_pytorch as smp
import torch

torch.manual_seed(0)
model = smp.Unet("efficientnet-b0", encoder_weights=None, in_channels=3, classes=1)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
x = torch.randn(2, 3, 32, 32)
y = (x[:, :1] > 0).float()
losses = []
for _ in range(4):
    loss = smp.losses.DiceLoss("binary")(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    losses.append(loss.item())
assert losses[-1] < losses[0], losses
try:
    lpips.LPIPS(net="alex", pretrained=False, pnet_rand=True)
except NotImplementedError as error:
    message = str(error)
assert "torchvision.models.alexnet is not there" in message
