"""Distributions at work: a VAE by KL, a normalizing flow, variational inference."""

import math

import torch
import torch.distributions as D
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import constraints, kl_divergence
from torch.distributions.transforms import (
    AffineTransform,
    ComposeTransform,
    SigmoidTransform,
    Transform,
)

torch.manual_seed(0)


class VAE(nn.Module):
    def __init__(self, n=16, hidden=32, latent=2):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(n, hidden), nn.Softplus())
        self.loc = nn.Linear(hidden, latent)
        self.log_scale = nn.Linear(hidden, latent)
        self.decoder = nn.Sequential(
            nn.Linear(latent, hidden), nn.Softplus(), nn.Linear(hidden, n)
        )
        self.register_buffer("zero", torch.zeros(latent))

    def prior(self):
        return D.Independent(D.Normal(self.zero, torch.ones_like(self.zero)), 1)

    def forward(self, x):
        h = self.encoder(x)
        q = D.Independent(D.Normal(self.loc(h), F.softplus(self.log_scale(h))), 1)
        z = q.rsample()
        p = D.Independent(D.Bernoulli(logits=self.decoder(z)), 1)
        return -(p.log_prob(x) - kl_divergence(q, self.prior())).mean()


bars = torch.zeros(64, 4, 4)
for i in range(64):
    bars[i, i % 4] = 1
bars = bars.flatten(1)
vae = VAE()
optimizer = torch.optim.Adam(vae.parameters(), lr=1e-2)
for step in range(121):
    loss = vae(bars)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 30 == 0:
        print(f"VAE {step} {loss.item():.4f}")


class Coupling(nn.Module):
    """Affine coupling: half of the numbers scale and shift the others."""

    def __init__(self, flip, hidden=16):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, 2))

    def inverse(self, x):
        a, b = x.chunk(2, -1)
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, -1)
        s = torch.tanh(s)
        b = (b - t) * torch.exp(-s)
        z = torch.cat([b, a] if self.flip else [a, b], -1)
        return z, -s.squeeze(-1)

    def forward(self, z):
        a, b = z.chunk(2, -1)
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, -1)
        b = b * torch.exp(torch.tanh(s)) + t
        return torch.cat([b, a] if self.flip else [a, b], -1)


def moons(n):
    angle = torch.rand(n) * math.pi
    upper = torch.stack([angle.cos(), angle.sin()], 1)
    return upper + 0.1 * torch.randn(n, 2)


flow = nn.ModuleList([Coupling(i % 2 == 0) for i in range(4)])
base = D.MultivariateNormal(torch.zeros(2), torch.eye(2))
optimizer = torch.optim.Adam(flow.parameters(), lr=1e-2)
for step in range(121):
    z = moons(128)
    log_det = torch.zeros(128)
    for layer in flow:
        z, change = layer.inverse(z)
        log_det = log_det + change
    loss = -(base.log_prob(z) + log_det).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 30 == 0:
        print(f"flow {step} {loss.item():.4f}")
with torch.no_grad():
    samples = base.sample((200,))
    for layer in reversed(flow):
        samples = layer(samples)
print("samples", *(round(v, 3) for v in samples.mean(0).tolist()))

# Variational inference of a coin and of a regression.
heads = torch.tensor([1.0] * 7 + [0.0] * 3)
a, b = (nn.Parameter(torch.tensor(0.0)) for _ in range(2))
optimizer = torch.optim.Adam([a, b], lr=0.05)
for _ in range(150):
    q = D.Beta(a.exp(), b.exp())
    theta = q.rsample((8,))
    like = D.Bernoulli(probs=theta).log_prob(heads.unsqueeze(-1)).sum(0)
    elbo = like.mean() - kl_divergence(q, D.Beta(2.0, 2.0))
    optimizer.zero_grad()
    (-elbo).backward()
    optimizer.step()
print(f"coin mean {q.mean.item():.3f} of {9 / 14:.3f}")

x = torch.linspace(-1, 1, 40)
y = 2 * x - 0.5 + 0.1 * torch.randn(40)
loc, log_scale = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2))
optimizer = torch.optim.Adam([loc, log_scale], lr=0.05)
prior = D.Normal(torch.zeros(2), 10.0)
for _ in range(200):
    q = D.Normal(loc, log_scale.exp())
    w = q.rsample()
    like = D.Normal(w[0] * x + w[1], 0.1).log_prob(y).sum()
    loss = kl_divergence(q, prior).sum() - like
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print("regression", *(f"{v:.3f}" for v in loc.tolist()))

# Transformed distributions, mixtures, and a transform of one's own.


class Sinh(Transform):
    domain = codomain = constraints.real
    bijective = True
    sign = +1

    def _call(self, x):
        return torch.sinh(x)

    def _inverse(self, y):
        return torch.asinh(y)

    def log_abs_det_jacobian(self, x, y):
        return torch.log(torch.cosh(x))


logistic = D.TransformedDistribution(
    D.Uniform(0, 1), [SigmoidTransform().inv, AffineTransform(1.0, 2.0)]
)
print(f"logistic {logistic.log_prob(torch.tensor(0.3)).item():.4f}")
twisted = D.TransformedDistribution(D.Normal(0.0, 1.0), ComposeTransform([Sinh()]))
log_prob, upper = twisted.log_prob(torch.tensor(1.5)), twisted.icdf(torch.tensor(0.9))
print(f"sinh {log_prob.item():.4f} {upper.item():.4f}")
mixture = D.MixtureSameFamily(
    D.Categorical(torch.tensor([0.3, 0.7])),
    D.Normal(torch.tensor([-1.0, 2.0]), torch.tensor([0.5, 1.0])),
)
print(f"mixture {mixture.log_prob(torch.tensor(0.5)).item():.4f} {mixture.mean:.4f}")
print(f"sampled {mixture.sample((1000,)).mean().item():.3f}")
print(D.LowRankMultivariateNormal(torch.zeros(2), torch.ones(2, 1), torch.ones(2)))
relaxed = D.RelaxedOneHotCategorical(torch.tensor(0.5), logits=torch.zeros(3))
print("relaxed", [round(v, 4) for v in relaxed.rsample().tolist()])
try:
    D.Normal(0.0, -1.0)
except ValueError as error:
    print(str(error)[:70])
assert D.biject_to(constraints.positive)(torch.zeros(1)).item() == 1
