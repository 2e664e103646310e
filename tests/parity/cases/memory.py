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
    result = {}
    for sharing, made in SHARED.items():
        for optimizer in OPTIMIZERS:
            for place, (order, params) in enumerate(PARAMS.items()):
                usual = optimizer == OPTIMIZERS[1] or sharing == "one memory"
                if place and not usual:
                    continue
                steps = STEPS.format(
                    optimizer=optimizer, clears=sharing != "gradient in the other"
                )
                result[f"{sharing}, {order}, {optimizer}"] = "\n".join(
                    (made, params, steps)
                )
        for more in ("", ", line_search_fn='strong_wolfe'"):
            lines = made, PARAMS["one group"], LBFGS.format(more=more)
            if sharing not in ("gradient in the other", "transposed"):  # which it views
                result[f"{sharing}, LBFGS{more}"] = "\n".join(lines)
    return result


# --- gradients set by hand -----------------------------------------------------------

PARTS = {
    "slice": "g = torch.zeros(6); part = g[1:5].view(2, 2)",
    "row": "g = torch.zeros(3, 2, 2); part = g[1]",
    "block": "g = torch.zeros(3, 4); part = g[:2, 1:3]",
    "turned": "g = torch.zeros(3, 2); part = g[1:].t()",
    "column": "g = torch.zeros(2, 2, 3); part = g[..., 1]",
    "expanded twice": "g = torch.zeros(2, 2); part = g[:]",
    "of numpy": "import numpy; g = torch.from_numpy(numpy.zeros((3, 2), 'float32')); "
    "part = g[1:]",
}
USES = {
    "backward": "for _ in range(3): (p ** 2).sum().backward()",
    "steps": """
opt = torch.optim.SGD([p], lr=0.1, momentum=0.9)
for _ in range(3):
    opt.zero_grad(set_to_none=False); (p ** 3).sum().backward(); opt.step()
""",
    "buffer zeroed": """
opt = torch.optim.Adam([p], lr=0.1, eps=1e-2)
for _ in range(3):
    g.zero_(); (p ** 3).sum().backward(); opt.step()
""",
    "clipped": "(p ** 2).sum().backward(); keep(nn.utils.clip_grad_norm_([p], 0.5))",
    "clipped values": "(p**2).sum().backward(); nn.utils.clip_grad_value_([p], 0.5)",
    "hook": "p.register_hook(lambda x: x * 2); (p ** 2).sum().backward()",
    "after": """
p.register_post_accumulate_grad_hook(lambda x: [x.grad.mul_(3)].clear())
(p ** 2).sum().backward()
""",
    "create_graph": """
(p ** 2).sum().backward(create_graph=True); out.append(p.grad is part)
""",
    "buffer scaled": "(p ** 2).sum().backward(); g.mul_(2); (p * 1).sum().backward()",
    "forgotten": "(p ** 2).sum().backward(); p.grad = None; (p ** 2).sum().backward()",
    "module": """
layer = nn.Linear(2, 2, bias=False); layer.weight.data.fill_(0.5)
layer.weight.grad = part; layer(p).sum().backward(); layer.zero_grad(set_to_none=False)
layer(p).pow(2).sum().backward()
""",
    "shared by two": """
q = nn.Parameter(torch.ones(2, 2)); q.grad = part
(p * 2 + q * 3).sum().backward()
nn.utils.clip_grad_norm_([p, q], 1.0)
torch.optim.SGD([p, q], lr=0.1).step(); keep(q)
""",
}


def gradients() -> dict[str, str]:
    return {
        f"{part}, {use}": f"""
{result}
p = nn.Parameter(torch.arange(4.0).view(2, 2)); p.grad = part
{run}
keep(p, g, part); out.append(g.shape)
if p.grad is not None: keep(p.grad)
"""
        for part, result in PARTS.items()
        for use, run in USES.items()
    }


# --- retain_grad, then in place ------------------------------------------------------

CHANGES = """
y.mul_(3) | y.zero_() | y[0] = 7 | y[1:].mul_(5) | y.copy_(y * 4) | y.exp_() | y.add_(y)
y.masked_fill_(y > 1, 0) | y.clamp_(max=2) | y.detach().mul_(2) | y.data.mul_(2)
y.view(3, 1).mul_(2) | y.unsqueeze_(0) | y.mul_(2).add_(1) | y[[0, 2]] = 1.0
y.index_fill_(0, torch.tensor([0]), 3) | F.relu_(y) | y.fill_(2) | y.square_()
"""


def retained() -> dict[str, str]:
    result = {}
    for change in CHANGES.replace("\n", "|").split("|"):
        for late in (False, True):
            asked = "y.retain_grad(); y.register_hook(lambda g: keep(g))"
            lines = (change.strip(), asked) if late else (asked, change.strip())
            result[f"{' then '.join(lines)}"] = f"""
x = torch.tensor([1.0, 2, 3], requires_grad=True); y = x * 1
{lines[0]}
{lines[1]}
(y * torch.tensor([1.0, 10, 100])).sum().backward()
keep(x.grad); out.append(None if y.grad is None else y.grad.tolist())
"""
        result[f"view, {change.strip()}"] = f"""
x = torch.tensor([1.0, 2, 3], requires_grad=True); y = x * 1
v = y[:2]; v.retain_grad()
{change.strip()}
(v * 3).sum().backward(); out.append(None if v.grad is None else v.grad.tolist())
keep(x.grad)
"""
    return result


# --- views that cannot follow --------------------------------------------------------

BASES = {
    "base": "x = torch.arange(4.0, requires_grad=True) * 1",
    "plain": "x = torch.arange(4.0)",
    "leaf": "x = torch.arange(4.0, requires_grad=True)",
}
VIEWS = """
x.split(2)[0] | x.chunk(2)[1] | x.unbind(0)[1:2][0] | x.tensor_split(2)[0] | x[:2]
x.split([1, 3])[1] | x.split(2)[0][:1] | x[:].split(2)[0] | x.split(2)[1].detach()
"""
WRITES = {
    "mul_": "out.append(fails(lambda: v.mul_(2)))",
    "setitem": "out.append(fails(lambda: v.__setitem__(..., 7.0)))",
    "relu_": "out.append(fails(lambda: F.relu_(v)))",
    "gradient": "w = torch.ones((), requires_grad=True)\n"
    "out.append(fails(lambda: v.add_(w)))",
    "no_grad": "with torch.no_grad(): v.mul_(2)",
    "used": "v * 1",
    "base": """
with torch.no_grad(): x.mul_(2)
out.append(fails(lambda: v * 1))
with torch.no_grad(): keep(v * 1)
""",
    "data": "v.data.mul_(2); x.data.add_(1); v * 1",
}


def views() -> dict[str, str]:
    return {
        f"{base}, {view.strip()}, {write}{', in no_grad' * closed}": f"""
{result}
with torch.set_grad_enabled({not closed}): v = {view.strip()}
{run}
keep(x, v)
"""
        for base, result in BASES.items()
        for view in VIEWS.replace("\n", "|").strip("|").split("|")
        for write, run in WRITES.items()
        for closed in (False, True)
    }


# --- lists of tensors ----------------------------------------------------------------

LISTS = """
add(a, 1) | add(a, b, alpha=2) | add(a, [1, 2.5]) | add(a, torch.tensor(2.0), alpha=3)
add(a, torch.tensor([2.0])) | add([], 1) | add(a, b[:1]) | add(a, [1.0]) | sub(a, b)
add(a, [b[1], b[0]]) | add([a[0], 2], 1) | add([torch.tensor([1, 2])], 1.5)
sub(a, 1) | mul(a, torch.tensor(2.0)) | div(a, b) | div(a, 4) | mul(a, b)
div(a, torch.tensor(2.0))
maximum(a, 2) | minimum(a, b) | clamp_max(a, [2, 3]) | clamp_min(a, b) | pow(a, 2)
pow(a, b) | pow(a, [2, 3]) | pow(a, exponent=2) | addcmul(a, b, b, value=2)
lerp(a, b, b)
addcmul(a, b, b, [2, 3]) | addcmul(a, b, b, torch.tensor([2.0, 3])) | addcdiv(a, b, b)
addcmul(a, b[:1], b) | addcdiv(a, b, b, scalars=[2, 3]) | lerp(a, b, 0.5) | abs(a)
lerp(a, b, [0.5, 0.2]) | lerp(a, b[:1], 0.5) | neg(a) | sqrt(a) | exp(a) | round(a)
reciprocal(a) | sigmoid(a) | tanh(a) | sign(a) | trunc(a) | frac(a) | log1p(a) | erf(a)
lgamma(a) | rsqrt(a) | sqrt([torch.tensor([4])])
"""
ONLY = """
norm(a) | norm(a, 1) | norm(a, float("inf")) | powsum(a, 3) | max(a) | clone(a)
norm(a, ord=2, dtype=torch.float64) | max([torch.zeros(0)]) | pow(2, a) | mm(m, m)
copy_(a, b) | copy_(a, b[:1]) | zero_(a) | copy_(a, [b[1], b[0]])
"""


def foreach() -> dict[str, str]:
    calls = [
        x.strip() for x in (LISTS + ONLY).replace("\n", "|").split("|") if x.strip()
    ]
    more = [x.strip() for x in LISTS.replace("\n", "|").split("|") if x.strip()]
    calls += [call.replace("(", "_(", 1) for call in more]
    return {
        call: f"""
a = [torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0, 5.0])]
b = [torch.tensor([0.5, 2.0]), torch.tensor([3.0, 1.5, 4.0])]
m = [torch.eye(2) + 1]
out.append(fails(lambda: keep(*torch._foreach_{call})))
keep(*a); out.append([x._version for x in a])
"""
        for call in dict.fromkeys(calls)
    }


# --- what is written elsewhere -------------------------------------------------------

OTHERS = {
    "weights averaged": """
net = nn.Linear(2, 2); nn.init.ones_(net.weight); nn.init.zeros_(net.bias)
tied = nn.Linear(2, 2); tied.weight.data = net.weight.data; nn.init.ones_(tied.bias)
both = nn.Sequential(net, tied)
mean = torch.optim.swa_utils.AveragedModel(both)
opt = torch.optim.SGD(both.parameters(), lr=0.1)
for _ in range(3):
    opt.zero_grad(); both(torch.ones(1, 2)).sum().backward(); opt.step()
    mean.update_parameters(both)
keep(*mean.parameters(), *both.parameters())
""",
    "vector to parameters": """
a, b = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2, 2))
flat = torch.arange(6.0); nn.utils.vector_to_parameters(flat, [a, b])
opt = torch.optim.Adam([a, b], lr=0.1, eps=1e-2)
((a ** 2).sum() + (b * 3).sum()).backward(); opt.step(); keep(a, b, flat)
""",
    "loaded into shared memory": """
a, b = nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False)
b.weight.data = a.weight.data.t()
a.load_state_dict({"weight": torch.arange(4.0).view(2, 2)}); keep(a.weight, b.weight)
b.load_state_dict({"weight": torch.arange(4.0).view(2, 2)}); keep(a.weight, b.weight)
out.append([a.weight._version, b.weight._version])
""",
    "copied onto itself": "x = torch.arange(6.0); x[:3].copy_(x[3:]); keep(x)",
    "state taken over": """
a, b = nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(2))
one, two = (torch.optim.Adam([p], lr=0.1, eps=1e-2) for p in (a, b))
a.grad = torch.ones(2); one.step(); two.load_state_dict(one.state_dict())
a.grad = torch.ones(2) * 3; one.step(); b.grad = torch.ones(2); two.step(); keep(a, b)
""",
    "resized view": """
x = torch.arange(6.0); v = x[2:4]; v.resize_(3); v.mul_(2); keep(x, v)
x.resize_(2); keep(x); x.resize_(6); keep(x)
""",
    "result resized": """
x = torch.zeros(6); v = x[:2]; torch.add(torch.ones(3), 1, out=v); keep(x, v)
""",
    "numbers without dimensions": """
for f in (nn.init.zeros_, nn.init.ones_, lambda t: nn.init.constant_(t, 2.0)):
    x = torch.empty(()); f(x); keep(x)
""",
    "embedding renorm": """
w = torch.tensor([[3.0, 4], [6, 8]], requires_grad=True)
F.embedding(torch.tensor([0, 0]), w, max_norm=1.0).sum().backward()
keep(w, w.grad); out.append(w._version)
out.append(fails(lambda: torch.embedding_renorm_(w, torch.tensor([1]), 1.0, 2.0)))
y = (w * w).sum(); F.embedding(torch.tensor([1]), w, max_norm=1.0)
out.append(fails(y.backward)[:80])
""",
    "embedding bag": """
for mode in ("sum", "mean", "max"):
    bag = nn.EmbeddingBag(3, 2, max_norm=1.0, mode=mode); bag.weight.data.fill_(3.0)
    opt = torch.optim.SGD(bag.parameters(), lr=0.5)
    for _ in range(2):
        opt.zero_grad(); bag(torch.tensor([[0, 1, 0]])).sum().backward(); opt.step()
    keep(bag.weight)
""",
    "two networks": """
maker, judge = nn.Linear(1, 2), nn.Linear(2, 1)
opt = torch.optim.Adam(judge.parameters()); loss = judge(maker(torch.ones(3, 1))).mean()
loss.backward(retain_graph=True); opt.step(); out.append(fails(loss.backward)[:95])
""",
    "second derivatives": """
for f in (torch.special.erfcx, torch.special.i0e, torch.special.log_ndtr):
    x = torch.tensor([0.2, 0.6], requires_grad=True); y = f(x)
    for _ in range(3): y, = torch.autograd.grad(y.sum(), x, create_graph=True); keep(y)
""",
    "no derivative": """
for f in (torch.igamma, torch.igammac, torch.special.zeta):
    x = torch.tensor([1.5, 2.0], requires_grad=True)
    out.append(fails(f(x, x + 1).sum().backward))
    keep(*torch.autograd.grad(f(x.detach(), x + 1).sum(), x))
""",
}


def all_programs() -> dict[str, dict[str, str]]:
    """The tables, by what they are about."""
    return {
        "optimizers": optimizers(),
        "gradients set by hand": gradients(),
        "retained gradients": retained(),
        "views that cannot follow": views(),
        "lists of tensors": foreach(),
        "others": OTHERS,
    }
