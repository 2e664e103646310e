"""kornia: filters, colours, warps and augmentations of images."""

import kornia
import torch

torch.manual_seed(0)
x = torch.rand(1, 3, 16, 16, requires_grad=True)
blurred = kornia.filters.gaussian_blur2d(x, (5, 5), (1.0, 1.0))
blurred.sum().backward()
assert abs(x.grad.mean() - 1) < 0.01
assert kornia.filters.sobel(torch.ones(1, 1, 8, 8)).abs().max() < 1e-2
hsv = kornia.color.rgb_to_hsv(x)
torch.testing.assert_close(kornia.color.hsv_to_rgb(hsv), x, rtol=1e-4, atol=1e-4)
same = kornia.geometry.transform.rotate(x, torch.tensor([0.0]))
torch.testing.assert_close(same, x, rtol=1e-4, atol=1e-4)
flipped = kornia.augmentation.RandomHorizontalFlip(p=1.0)(x)
torch.testing.assert_close(flipped, x.flip(-1))
assert kornia.losses.ssim_loss(x, x.detach(), 5) < 1e-4
assert (kornia.morphology.dilation(x, torch.ones(3, 3)) >= x).all()
