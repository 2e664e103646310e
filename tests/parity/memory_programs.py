"""The programs of `compat_memory`, in tables."""

# Two parameters `a` and `b` that show the same memory, or nearly.
SHARED = {
    "one memory": "a = nn.Parameter(torch.ones(4)); b = nn.Parameter(a.data)",
    "data assigned": """
a, b = nn.Parameter(torch.ones(4)), nn.Parameter(torch.zeros(4)); b.data = a.data
""",
    "transposed": """
a = nn.Parameter(torch.arange(4.0).view(2, 2)); b = nn.Parameter(torch.zeros(2, 2))
b.data = a.data.t()
""",
    "overlapping slices": """
base = torch.arange(6.0); a, b = nn.Parameter(base[:4]), nn.Parameter(base[2:])
""",
    "slices apart": """
base = torch.arange(8.0); a, b = nn.Parameter(base[:4]), nn.Parameter(base[4:])
""",
    "columns": """
base = torch.arange(8.0).view(4, 2)
a, b = nn.Parameter(base[:, 0]), nn.Parameter(base[:, 1])
""",
    "base and row": """
base = torch.arange(8.0).view(2, 4); a, b = nn.Parameter(base), nn.Parameter(base[1])
""",
    "numpy": """
import numpy; base = numpy.arange(4, dtype="float32")
a = nn.Parameter(torch.from_numpy(base)); b = nn.Parameter(torch.from_numpy(base))
""",
    "gradient in the other": """
a, b = nn.Parameter(torch.ones(4)), nn.Parameter(torch.full((4,), 2.0))
b.grad = a.data
""",
}
OPTIMIZERS = (
    "SGD(params, lr=0.1)",
    "SGD(params, lr=0.1, momentum=0.9, weight_decay=0.1)",
    "SGD(params, lr=0.1, momentum=0.9, nesterov=True, maximize=True)",
    "Adam(params, lr=0.1, eps=1e-3)",
    "Adam(params, lr=0.1, weight_decay=0.1, amsgrad=True, maximize=True, eps=1e-3)",
    "AdamW(params, lr=0.1, weight_decay=0.2, eps=1e-3)",
    "Adamax(params, lr=0.1, weight_decay=0.1, eps=1e-3)",
    "NAdam(params, lr=0.1, weight_decay=0.1, eps=1e-3)",
    "RAdam(params, lr=0.1, weight_decay=0.1, eps=1e-3)",
    "Adagrad(params, lr=0.1, weight_decay=0.1, lr_decay=0.1)",
    "Adadelta(params, lr=0.5, weight_decay=0.1)",
    "RMSprop(params, lr=0.1, weight_decay=0.1, momentum=0.5, centered=True, eps=1e-3)",
    "Rprop(params, lr=0.1)",
    "ASGD(params, lr=0.1, weight_decay=0.1)",
    "Adafactor(params, lr=0.1)",
)
PARAMS = {
    "one group": "params = [a, b]",
    "two groups": "params = [{'params': [a], 'lr': 0.05}, {'params': [b]}]",
    "other order": "params = [b, a]",
    "one twice": "params = [a, b, a]",
}
STEPS = """
opt = torch.optim.{optimizer}
for _ in range(3):
    for p in (a, b):
        if p.grad is None or {clears}:
            p.grad = None
    ((a * 0.5) ** 2).sum().backward(); (b * 3).sin().sum().backward()
    opt.step(); keep(a, b)
    out.append([a._version, b._version])
for state in opt.state_dict()["state"].values():
    keep(*[x for x in state.values() if isinstance(x, torch.Tensor)])
"""
LBFGS = """
opt = torch.optim.LBFGS(params, lr=0.1, max_iter=4{more})
def closure():
    opt.zero_grad()
    loss = ((a - 1) ** 2).sum() + ((b.flatten() * torch.arange(b.numel())) ** 2).sum()
    loss.backward()
    return loss
for _ in range(2):
    keep(opt.step(closure)); keep(a, b)
"""


def optimizers() -> dict[str, str]:
    found = {}
    for sharing, made in SHARED.items():
        for optimizer in OPTIMIZERS:
            for place, (order, params) in enumerate(PARAMS.items()):
                usual = optimizer == OPTIMIZERS[1] or sharing == "one memory"
                if place and not usual:
                    continue
                steps = STEPS.format(
                    optimizer=optimizer, clears=sharing != "gradient in the other"
                )
                found[f"{sharing}, {order}, {optimizer}"] = "\n".join(
                    (made, params, steps)
                )
        for more in ("", ", line_search_fn='strong_wolfe'"):
            lines = made, PARAMS["one group"], LBFGS.format(more=more)
            if sharing not in ("gradient in the other", "transposed"):  # which it views
                found[f"{sharing}, LBFGS{more}"] = "\n".join(lines)
    return found


def all_programs() -> dict[str, dict[str, str]]:
    """The tables, by what they are about."""
    return {"optimizers": optimizers()}
