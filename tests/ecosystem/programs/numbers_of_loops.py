"""Numbers under a seed are PyTorch's: losses of training loops, filters, processes."""

import math

import gpytorch
import kornia
import lightning
import timm
import timm.optim
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
from transformers import GPT2Config, GPT2LMHeadModel


def gpt2():
    sizes = {"n_layer": 2, "n_head": 2, "n_embd": 32, "vocab_size": 64}
    config = GPT2Config(**sizes, bos_token_id=0, eos_token_id=1)
    model, x = GPT2LMHeadModel(config), torch.arange(2, 18).repeat(4, 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(5):
        loss = model(input_ids=x, labels=x).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        yield loss


class Process(gpytorch.models.ExactGP):
    def __init__(self, x, y, likelihood):
        super().__init__(x, y, likelihood)
        self.mean = gpytorch.means.ConstantMean()
        self.kernel = gpytorch.kernels.ScaleKernel(gpytorch.kernels.RBFKernel())

    def forward(self, x):
        return gpytorch.distributions.MultivariateNormal(self.mean(x), self.kernel(x))


def process():
    x = torch.linspace(0, 1, 30)
    y = torch.sin(x * 2 * math.pi) + torch.randn(30) * 0.1
    likelihood = gpytorch.likelihoods.GaussianLikelihood()
    model = Process(x, y, likelihood)
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    objective = gpytorch.mlls.ExactMarginalLogLikelihood(likelihood, model)
    for _ in range(4):
        optimizer.zero_grad()
        loss = -objective(model(x), y)
        loss.backward()
        optimizer.step()
        yield loss
    model.eval()
    likelihood.eval()
    with torch.no_grad():
        found = likelihood(model(torch.tensor([0.25, 0.75])))
    yield from (*found.mean, *found.variance)


def images():
    x = torch.rand(1, 3, 16, 16)
    angle = torch.tensor([30.0])
    for y in (
        kornia.filters.gaussian_blur2d(x, (5, 5), (1.0, 1.0)),
        kornia.filters.sobel(x),
        kornia.color.rgb_to_hsv(x),
        kornia.color.rgb_to_lab(x) / 100,
        kornia.geometry.transform.rotate(x, angle),
        kornia.augmentation.RandomAffine(20.0, p=1.0)(x),
        kornia.augmentation.ColorJitter(0.2, 0.2, 0.2, 0.1, p=1.0)(x),
    ):
        yield y.std()


class Sum(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.net, self.losses = nn.Linear(4, 1), []

    def training_step(self, batch, index):
        loss = F.mse_loss(self.net(batch[0]), batch[1])
        self.losses.append(loss.detach())
        return loss

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.05)


def trainer():
    x = torch.randn(64, 4)
    data = TensorDataset(x, x.sum(1, keepdim=True))
    options = {"logger": False, "enable_checkpointing": False, "accelerator": "cpu"}
    options |= {"enable_progress_bar": False, "enable_model_summary": False}
    model = Sum()
    lightning.Trainer(max_epochs=2, **options).fit(
        model, DataLoader(data, batch_size=8, shuffle=True)
    )
    yield from model.losses[::3]


def networks():
    x, y = torch.randn(4, 3, 32, 32), torch.tensor([0, 1, 2, 0])
    for name in ("resnet10t", "vit_tiny_patch16_224", "mobilenetv3_small_050"):
        options = {"img_size": 32} if "vit" in name else {}
        model = timm.create_model(name, num_classes=3, **options)
        optimizer = timm.optim.create_optimizer_v2(model, "adamw", lr=1e-3)
        for _ in range(2):
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            yield loss


EXPECTED = {
    "gpt2": [4.127, 3.81847, 3.64617, 3.53244, 3.42815],
    "process": [1.021, 0.99491, 0.96726, 0.93843, 0.49426, -0.51428, 0.54663, 0.54663],
    "images": [0.08826, 0.08174, 1.50594, 0.46104, 0.24796, 0.2256, 0.308],
    "trainer": [3.73578, 10.2587, 1.79862, 2.35894, 2.85556, 0.83499],
    "networks": [1.23754, 0.22101, 1.19182, 0.11604, 1.12774, 0.02238],
}
for run in (gpt2, process, images, trainer, networks):
    torch.manual_seed(0)
    found = [round(x.item(), 5) for x in run()]
    for one, other in zip(found, EXPECTED[run.__name__], strict=True):
        assert abs(one - other) < 1e-3, (run, found)
