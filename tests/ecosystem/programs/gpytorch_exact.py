"""gpytorch: an exact Gaussian process on a sine."""

import math

import gpytorch
import torch

torch.manual_seed(0)
x = torch.linspace(0, 1, 50)
y = torch.sin(x * 2 * math.pi) + torch.randn(50) * 0.1


class Process(gpytorch.models.ExactGP):
    def __init__(self, x, y, likelihood):
        super().__init__(x, y, likelihood)
        self.mean = gpytorch.means.ConstantMean()
        self.kernel = gpytorch.kernels.ScaleKernel(gpytorch.kernels.RBFKernel())

    def forward(self, x):
        return gpytorch.distributions.MultivariateNormal(self.mean(x), self.kernel(x))


likelihood = gpytorch.likelihoods.GaussianLikelihood()
model = Process(x, y, likelihood)
model.train()
optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
objective = gpytorch.mlls.ExactMarginalLogLikelihood(likelihood, model)
for _ in range(40):
    optimizer.zero_grad()
    loss = -objective(model(x), y)
    loss.backward()
    optimizer.step()
assert loss.item() < -0.3, loss
model.eval()
likelihood.eval()
with torch.no_grad():
    found = likelihood(model(torch.tensor([0.25, 0.75])))
assert (found.mean - torch.tensor([1.0, -1.0])).abs().max() < 0.1, found.mean
