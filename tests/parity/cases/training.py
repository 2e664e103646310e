"""Random training scripts: steps, and what people keep, copy and swap between them."""

import random
from typing import Any

from tests.parity.cases.programs import State

WIDTH = 150  # enough that weights give up their memory when they are replaced
PRELUDE = f"""
nn, F = torch.nn, torch.nn.functional
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(20, {WIDTH}), nn.{{layer}}, nn.Linear({WIDTH}, {WIDTH}),
                    nn.Tanh(), nn.Linear({WIDTH}, 3))
copy_of = nn.Sequential(*[nn.Linear(20, {WIDTH}), nn.ReLU(), nn.Linear({WIDTH}, 3)])
opt = torch.optim.{{optimizer}}
other = torch.optim.SGD(copy_of.parameters(), lr=0.1)
plan = torch.optim.lr_scheduler.StepLR(opt, 2, 0.5)
x, y = torch.randn(16, 20), torch.randint(0, 3, (16,))
loss = F.cross_entropy(net(x), y)
kept = [], dict()
w = net[0].weight


def named():
    return {{{{k: p.detach() for k, p in net.named_parameters()}}}}


def apply(parameters, x):  # in training PyTorch lets no batch norm be transformed
    net.eval()
    found = torch.func.functional_call(net, parameters, (x,))
    net.train()
    return found


def error(parameters, x, y):
    return F.cross_entropy(apply(parameters, x), y)


def set_gradients(found):
    for p, g in zip(net.parameters(), found.values(), strict=True):
        p.grad = g
"""
LAYERS = ("ReLU()", "GELU()", f"BatchNorm1d({WIDTH})", f"LayerNorm({WIDTH})")
OPTIMIZERS = (
    "SGD(net.parameters(), lr=0.1)",
    "SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01)",
    "Adam(net.parameters(), lr=0.01, eps=1e-2)",
    "AdamW([{'params': net[0].parameters()}, "
    "{'params': net[2:].parameters(), 'lr': 0.03}], lr=0.01, eps=1e-2)",
    "RMSprop(net.parameters(), lr=0.01, momentum=0.5, eps=1e-2)",
)
STEP = "opt.zero_grad(); loss = F.cross_entropy(net(x), y); loss.backward(); opt.step()"
LINES = (
    STEP,
    STEP,
    STEP,
    f"for _ in range(3): {STEP}",
    f"{STEP}; plan.step()",
    "loss = F.cross_entropy(net(x), y); loss.backward()",
    "loss = net(x).pow(2).mean(); loss.backward(); opt.step(); opt.zero_grad()",
    "opt.step()",
    "opt.zero_grad()",
    "opt.zero_grad(set_to_none=False)",
    "net.zero_grad()",
    "seen = round(loss.item(), 3)",
    "seen = w.grad is None",
    "kept[0].append(w.grad)",
    "kept[0].append(w.detach())",
    "kept[0].append(w.clone())",
    "kept[0].append(w.data[:3])",
    "kept[0].append(loss)",
    "kept[0].append(net(x))",
    "kept[0].append([p.grad for p in net.parameters()])",
    "kept[1].update(net.state_dict())",
    "kept[1].update({k: v.clone() for k, v in net.state_dict().items()})",
    "net.load_state_dict(kept[1]) if kept[1] else None",
    "kept[0].append(opt.state_dict())",
    "opt.load_state_dict(opt.state_dict())",
    "nn.utils.clip_grad_norm_(net.parameters(), 0.5)",
    "nn.utils.clip_grad_value_(net.parameters(), 0.01) if w.grad is not None else 0",
    "net.eval(); kept[0].append(net(x).detach()); net.train()",
    "[p.grad.mul_(0.5) for p in net.parameters() if p.grad is not None]",
    "[p.data.mul_(0.9) for p in net.parameters()]",
    "w.data.clamp_(-0.1, 0.1)",
    "w.data = w.data * 0.5",
    "with torch.no_grad(): w.add_(w.grad, alpha=-0.1) if w.grad is not None else None",
    "with torch.no_grad(): w[0] = 0",
    "with torch.no_grad(): [a.lerp_(b, 0.1) for a, b in zip("
    "copy_of[0].parameters(), net[0].parameters())]",
    "copy_of[0].load_state_dict(net[0].state_dict())",
    "other.zero_grad(); F.mse_loss(copy_of(x), net(x).data).backward(); other.step()",
    "other.zero_grad(); F.mse_loss(copy_of(x), net(x)).backward(); other.step()",
    "net[0].weight.requires_grad_(False)",
    "net[0].weight.requires_grad_(True)",
    "net[2].weight = nn.Parameter(net[2].weight.detach().t().clone())",
    "m = net[4]; v = m.weight.detach(); del m.weight; m.weight = v * 0.9",
    "m = net[4]; v = m.weight.detach() * 0.9; m.__dict__.pop('weight', None); "
    "m._parameters.pop('weight', None); m.weight = nn.Parameter(v)",
    "net[2].bias = None",
    "net[2].bias = nn.Parameter(torch.zeros(net[2].out_features))",
    "hooked = net[2].register_full_backward_hook(lambda m, gi, go: (gi[0] * 0.5,)); "
    "net(x).sum().backward(); hooked.remove()",
    "opt.param_groups[0]['lr'] *= 0.5",
    "w.grad = None",
    "w.grad = torch.ones_like(w)",
    "flat = torch.zeros(2 * w.numel()); w.grad = flat[: w.numel()].view_as(w); "
    "kept[0].append(flat)",
    "net[2].bias.data = net[0].bias.data",
    "copy_of[0].weight.data = w.data",
    "torch._foreach_mul_([p.grad for p in net.parameters() if p.grad is not None], 2)",
    "w.detach().numpy()[0] = 0.25",
    "kept[0].append(w.detach().numpy()[:2])",
    "x = x + 0.01 * loss.detach()",
    "x = torch.randn(16, 20)",
    "import copy; old = copy.deepcopy(net); kept[0].append(old(x).detach())",
    "loss = (net(x) * kept[0][-1]).sum() if kept[0] else loss",
    "g = torch.autograd.grad(F.cross_entropy(net(x), y), list(net.parameters()), "
    "create_graph=True); sum((t**2).sum() for t in g).backward(); opt.step()",
    "with torch.no_grad(): kept[0].append(net(x).argmax(1))",
    "set_gradients(torch.func.grad(error)(named(), x, y)); opt.step()",
    "found, loss = torch.func.grad_and_value(error)(named(), x, y); "
    "set_gradients(found); kept[0].append(found)",
    "each = torch.func.vmap(torch.func.grad(error), (None, 0, 0))"
    "(named(), x[:4, None], y[:4, None]); "
    "set_gradients({k: g.mean(0) for k, g in each.items()}); opt.step()",
    "kept[0].append([g.abs().sum() for g in torch.func.jacrev(apply)(named(), x[:2])"
    ".values()])",
    "kept[0].append(torch.func.functional_call(net, "
    "{'0.weight': w.detach() * 0.5, '4.bias': torch.ones(3)}, (x,)).detach())",
    "net[0].weight = w = nn.Parameter(torch.cat([w.detach(), w.detach()])[: len(w)])",
)


def written(seed: int, lines: int = 14) -> list[str]:
    """A script, the same for the same seed."""
    draw = random.Random(seed)
    chosen = {"layer": draw.choice(LAYERS), "optimizer": draw.choice(OPTIMIZERS)}
    if "Batch" in chosen["layer"]:  # a bias before it gets noise, which Adam follows
        chosen["optimizer"] = OPTIMIZERS[seed % 2]
    return [PRELUDE.format(**chosen), *draw.choices(LINES, k=lines)]


def outcome(state: State) -> dict[str, Any]:
    """All numbers that a script has made, by name."""
    names = state.names
    result = {"x": names["x"], "loss": names["loss"]}
    for title in ("net", "copy_of"):
        for name, p in names[title].named_parameters():
            result[f"{title}.{name}"], result[f"{title}.{name}.grad"] = p, p.grad
        for name, buffer in names[title].named_buffers():
            result[f"{title}.{name}"] = buffer
    for place, part in names["opt"].state_dict()["state"].items():
        for name, value in part.items():
            result[f"opt.{place}.{name}"] = value
    waiting = {"kept": names["kept"]}
    while waiting:
        name, value = waiting.popitem()
        if isinstance(value, list | tuple):
            waiting |= {f"{name}.{i}": part for i, part in enumerate(value)}
        elif isinstance(value, dict):
            waiting |= {f"{name}.{key}": part for key, part in value.items()}
        else:
            result[name] = value
    return result
