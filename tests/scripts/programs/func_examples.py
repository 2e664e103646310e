"""Per-sample gradients, ensembles, MAML, Jacobians and Hessians by torch.func."""

import math
from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.func import (
    functional_call,
    functionalize,
    grad,
    grad_and_value,
    hessian,
    jacfwd,
    jacrev,
    jvp,
    stack_module_state,
    vjp,
    vmap,
)

torch.manual_seed(0)


def show(name, *tensors):
    print(name, *(f"{t.double().abs().sum().item():.4f}" for t in tensors))


class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, 1)
        self.conv2 = nn.Conv2d(4, 4, 3, 1)
        self.fc1 = nn.Linear(16, 8)
        self.fc2 = nn.Linear(8, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(x, 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        return F.log_softmax(self.fc2(x), dim=1)


data = torch.randn(6, 1, 8, 8)
targets = torch.randint(10, (6,))
model = SimpleCNN()
params = {k: v.detach() for k, v in model.named_parameters()}
buffers = {k: v.detach() for k, v in model.named_buffers()}


def compute_loss(params, buffers, sample, target):
    predictions = functional_call(model, (params, buffers), (sample.unsqueeze(0),))
    return F.nll_loss(predictions, target.unsqueeze(0))


ft_compute_grad = grad(compute_loss)
ft_compute_sample_grad = vmap(ft_compute_grad, in_dims=(None, None, 0, 0))
per_sample = ft_compute_sample_grad(params, buffers, data, targets)
for i in (0, 5):
    model.zero_grad()
    F.nll_loss(model(data[i : i + 1]), targets[i : i + 1]).backward()
    for name, p in model.named_parameters():
        torch.testing.assert_close(per_sample[name][i], p.grad, atol=1e-5, rtol=1e-4)
show("per-sample", *per_sample.values())
norms = vmap(lambda *gs: torch.sqrt(sum((g**2).sum() for g in gs)))(
    *per_sample.values()
)
print("norms", [round(n, 4) for n in norms.tolist()])

# Ensembles.
models = [SimpleCNN() for _ in range(4)]
ens_params, ens_buffers = stack_module_state(models)
base_model = SimpleCNN().to("meta")


def fmodel(params, buffers, x):
    return functional_call(base_model, (params, buffers), (x,))


same_batch = vmap(fmodel, in_dims=(0, 0, None))(ens_params, ens_buffers, data)
one_each = vmap(fmodel)(ens_params, ens_buffers, data[:4].unsqueeze(1))
loop = torch.stack([m(data) for m in models])
torch.testing.assert_close(same_batch, loop, atol=1e-5, rtol=1e-4)
show("ensemble", same_batch, one_each)

# Model-agnostic meta-learning of sines.


def sine_task(g):
    amplitude = 0.1 + 4.9 * torch.rand(1, generator=g)
    phase = math.pi * torch.rand(1, generator=g)
    x = 10 * torch.rand(2, 10, 1, generator=g) - 5
    return x, amplitude * torch.sin(x + phase)


meta = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Linear(16, 1))
meta_params = dict(meta.named_parameters())
optimizer = torch.optim.Adam(meta.parameters(), lr=1e-2)
g = torch.Generator().manual_seed(0)


def inner_loss(p, x, y):
    return F.mse_loss(functional_call(meta, p, x), y)


def adapted_loss(p, x, y, alpha=0.01):
    grads = grad(inner_loss)(p, x[0], y[0])
    fast = {k: p[k] - alpha * grads[k] for k in p}
    return inner_loss(fast, x[1], y[1])


for step in range(31):
    tasks = [sine_task(g) for _ in range(4)]
    x1 = torch.stack([t[0] for t in tasks])
    y1 = torch.stack([t[1] for t in tasks])
    losses = vmap(adapted_loss, in_dims=(None, 0, 0))(meta_params, x1, y1)
    optimizer.zero_grad()
    losses.mean().backward()
    optimizer.step()
    if step % 10 == 0:
        print(f"MAML {step}: {losses.mean().item():.4f}")

# Jacobians and Hessians.
D = 5
weight, bias, x = torch.randn(D, D), torch.randn(D), torch.randn(D)


def predict(weight, bias, x):
    return F.linear(x, weight, bias).tanh()


unit_vectors = torch.eye(D)
_, vjp_fn = vjp(partial(predict, weight, bias), x)
(by_vmap,) = vmap(vjp_fn)(unit_vectors)
for jacobian in (jacrev, jacfwd):
    torch.testing.assert_close(jacobian(predict, argnums=2)(weight, bias, x), by_vmap)
both = jacrev(predict, argnums=(0, 1))(weight, bias, x)
hess = hessian(predict, argnums=2)(weight, bias, x)
torch.testing.assert_close(
    hess, jacfwd(jacrev(predict, argnums=2), argnums=2)(weight, bias, x)
)
batch_hess = vmap(hessian(predict, argnums=2), in_dims=(None, None, 0))(
    weight, bias, torch.stack([x, -x])
)
show("jacobians", by_vmap, *both, hess, batch_hess)


def hvp(f, primals, tangents):
    return jvp(grad(f), primals, tangents)[1]


f = lambda v: v.sin().sum() * v.prod()  # noqa: E731
show("hvp", hvp(f, (x,), (torch.ones(D),)))
torch.testing.assert_close(hvp(f, (x,), (torch.ones(D),)), hessian(f)(x).sum(1))
gradient, (value, extra) = grad_and_value(lambda v: (f(v), v.norm()), has_aux=True)(x)
show("with value", gradient, value, extra)
show("autograd", torch.autograd.functional.hessian(f, x))
show("chunks", jacrev(predict, argnums=2, chunk_size=2)(weight, bias, x))
show("inside", functionalize(lambda v: v.clone().add_(1).mul_(2))(x))
noise = vmap(lambda v: v + torch.randn(()), randomness="different")(torch.zeros(3))
print("different", len(set(noise.tolist())))
try:
    vmap(lambda v: v + torch.randn(()))(torch.zeros(3))
except RuntimeError as error:
    print(str(error).split(".")[0][:60])
