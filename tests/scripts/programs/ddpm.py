"""A diffusion model with a small U-Net, EMA of its weights and DDIM sampling."""

import argparse
import copy
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class SinusoidalPositionEmbeddings(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, time):
        half = self.dim // 2
        step = math.log(10000) / (half - 1)
        freqs = torch.exp(torch.arange(half, device=time.device) * -step)
        args = time[:, None] * freqs[None, :]
        return torch.cat((args.sin(), args.cos()), dim=-1)


class Block(nn.Module):
    def __init__(self, in_ch, out_ch, time_dim):
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(4, in_ch), nn.GroupNorm(4, out_ch)
        self.conv1 = nn.Conv2d(in_ch, out_ch, 3, padding=1)
        self.conv2 = nn.Conv2d(out_ch, out_ch, 3, padding=1)
        self.time = nn.Sequential(nn.SiLU(), nn.Linear(time_dim, 2 * out_ch))
        self.skip = nn.Conv2d(in_ch, out_ch, 1) if in_ch != out_ch else nn.Identity()

    def forward(self, x, t):
        h = self.conv1(F.silu(self.norm1(x)))
        scale, shift = self.time(t)[:, :, None, None].chunk(2, dim=1)
        h = F.silu(self.norm2(h) * (scale + 1) + shift)
        return self.conv2(h) + self.skip(x)


class UNet(nn.Module):
    def __init__(self, width=8, time_dim=32):
        super().__init__()
        self.time = nn.Sequential(
            SinusoidalPositionEmbeddings(width),
            nn.Linear(width, time_dim),
            nn.GELU(),
            nn.Linear(time_dim, time_dim),
        )
        self.inp = nn.Conv2d(1, width, 3, padding=1)
        self.down = nn.ModuleList(
            [Block(width, width, time_dim), Block(width, 2 * width, time_dim)]
        )
        self.pool = nn.ModuleList(
            [nn.Conv2d(width, width, 4, 2, 1), nn.Conv2d(2 * width, 2 * width, 4, 2, 1)]
        )
        self.mid = Block(2 * width, 2 * width, time_dim)
        self.up = nn.ModuleList(
            [Block(4 * width, width, time_dim), Block(2 * width, width, time_dim)]
        )
        self.out = nn.Sequential(
            nn.GroupNorm(4, width), nn.SiLU(), nn.Conv2d(width, 1, 1)
        )

    def forward(self, x, t):
        t = self.time(t)
        x, skips = self.inp(x), []
        for block, pool in zip(self.down, self.pool):
            x = block(x, t)
            skips.append(x)
            x = pool(x)
        x = self.mid(x, t)
        for block in self.up:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = block(torch.cat((x, skips.pop()), dim=1), t)
        return self.out(x)


def cosine_beta_schedule(timesteps, s=0.008):
    x = torch.linspace(0, timesteps, timesteps + 1)
    alphas = torch.cos(((x / timesteps) + s) / (1 + s) * torch.pi * 0.5) ** 2
    alphas = alphas / alphas[0]
    return torch.clip(1 - (alphas[1:] / alphas[:-1]), 0.0001, 0.9999)


def extract(a, t, shape):
    out = a.gather(-1, t.cpu())
    return out.reshape(t.shape[0], *((1,) * (len(shape) - 1))).to(t.device)


class EMA:
    def __init__(self, model, decay):
        self.model, self.decay = (
            copy.deepcopy(model).eval().requires_grad_(False),
            decay,
        )

    @torch.no_grad()
    def update(self, model):
        for ours, theirs in zip(self.model.parameters(), model.parameters()):
            ours.mul_(self.decay).add_(theirs, alpha=1 - self.decay)


@torch.inference_mode()
def ddim(model, alphas_cumprod, shape, steps):
    x = torch.randn(shape)
    times = torch.linspace(len(alphas_cumprod) - 1, 0, steps + 1).long().tolist()
    for now, then in zip(times[:-1], times[1:]):
        t = torch.full((shape[0],), now, dtype=torch.long)
        noise = model(x, t)
        a, b = alphas_cumprod[now], alphas_cumprod[then]
        x0 = ((x - (1 - a).sqrt() * noise) / a.sqrt()).clamp(-1, 1)
        x = b.sqrt() * x0 + (1 - b).sqrt() * noise
    return x0


parser = argparse.ArgumentParser()
parser.add_argument("--timesteps", type=int, default=50)
parser.add_argument("--epochs", type=int, default=2)
args = parser.parse_args()
torch.manual_seed(0)

side = torch.arange(16).float()
centre = torch.randint(4, 12, (160, 2, 1)).float()
rows = (side - centre[:, 0]).abs()[:, :, None]
columns = (side - centre[:, 1]).abs()[:, None, :]
images = ((torch.maximum(rows, columns) < 3).float() * 2 - 1).unsqueeze(1)
loader = DataLoader(TensorDataset(images), batch_size=32, shuffle=True)

betas = cosine_beta_schedule(args.timesteps)
alphas_cumprod = torch.cumprod(1.0 - betas, dim=0)
model = UNet()
ema = EMA(model, 0.9)
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(
    optimizer, args.epochs * len(loader)
)
print(f"{sum(p.numel() for p in model.parameters())} parameters")
for epoch in range(args.epochs):
    total = 0.0
    for (x,) in loader:
        t = torch.randint(0, args.timesteps, (x.shape[0],)).long()
        noise = torch.randn_like(x)
        noisy = (
            extract(alphas_cumprod.sqrt(), t, x.shape) * x
            + extract((1.0 - alphas_cumprod).sqrt(), t, x.shape) * noise
        )
        loss = F.smooth_l1_loss(model(noisy, t), noise)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        ema.update(model)
        total += loss.item()
    print(f"epoch {epoch} loss {total / len(loader):.4f} norm {norm:.3f}")
samples = ddim(ema.model, alphas_cumprod, (4, 1, 16, 16), steps=10)
print("samples", samples.mean().item(), samples.std().item(), samples.is_inference())
