"""torchdiffeq: a rotation that decays, with gradients of each method and adjoint."""

import torch
from torchdiffeq import odeint, odeint_adjoint

start = torch.tensor([2.0, 0.0], requires_grad=True)
times = torch.linspace(0, 1, 5)


class Rotation(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.matrix = torch.nn.Parameter(torch.tensor([[-0.1, 2.0], [-2.0, -0.1]]))

    def forward(self, t, y):
        return y @ self.matrix


field = Rotation()
exact = 2 * torch.exp(torch.tensor(-0.1)) * torch.tensor([2.0]).cos()
for solve in (odeint, odeint_adjoint):
    for method in ("dopri5", "rk4"):
        field.zero_grad()
        start.grad = None
        path = solve(field, start, times, method=method, rtol=1e-5, atol=1e-6)
        assert abs(path[-1, 0] - exact) < 1e-2, path
        path[-1].sum().backward()
        expected = torch.linalg.matrix_exp(field.matrix.detach()).sum(1)
        assert (start.grad - expected).abs().max() < 1e-2, (start.grad, expected)
        assert field.matrix.grad.abs().sum() > 0
