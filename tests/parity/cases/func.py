"""The programs of `compat_func`: expressions, and scripts that fill `out`.

`x` is (3,), `m` (2, 3), `s` a number, `q` (3, 3); `w` (3,) requires grad; `net` is a
small network and `p` its parameters; a `Summing` writes to its buffer `n`. `fails`
gives the kind of an error.
"""

PRELUDE = """
from collections import OrderedDict, namedtuple, deque
T = torch.func
grad, vmap, vjp, jvp = T.grad, T.vmap, T.vjp, T.jvp
jacrev, jacfwd, hessian, call = T.jacrev, T.jacfwd, T.hessian, T.functional_call
x = torch.tensor([1.0, -2.0, 0.5])
m = torch.tensor([[0.3, -1.0, 2.0], [1.5, 0.7, -0.2]])
q = torch.tensor([[2.0, 0.3, 0.1], [0.2, 1.5, -0.4], [-0.3, 0.6, 1.8]])
s = torch.tensor(0.7)
w = torch.tensor([0.5, 1.5, -1.0], requires_grad=True)
Pair = namedtuple("Pair", "a b")
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 4)
        self.last = nn.Linear(4, 2)
    def forward(self, x):
        return self.last(torch.tanh(self.first(x)))
class Summing(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("n", torch.zeros(3))
    def forward(self, x):
        self.n = self.n + x
        return x.sum()
net = Net()
for i, t in enumerate(net.parameters()):
    t.data.copy_(torch.linspace(-1, 1, t.numel()).reshape(t.shape) * (i + 1) / 3)
p = {k: v.detach() for k, v in net.named_parameters()}
y = torch.tensor([1, 0])
def loss(p, x, y):
    return F.cross_entropy(call(net, p, (x[None],)), y[None])
"""

SCRIPTS: dict[str, dict[str, str]] = {
    "side effects": {
        "a counter": """
n = []
grad(lambda x: (n.append(1), x.sum())[1])(x)
vmap(lambda x: (n.append(2), x.sum())[1])(m)
hessian(lambda x: (n.append(3), (x**3).sum())[1])(x)
out.append(n[:2])
""",
        "a value that escapes grad": """
kept = []
grad(lambda x: (kept.append(x * 2), x.sum())[1])(x)
out.append(kept[0].tolist())
out.append((kept[0] + 1))
""",
        "a value that escapes grad and is connected outside": """
kept = []
grad(lambda x: (kept.append(x * w), x.sum())[1])(x)
(kept[0] * 2).sum().backward()
out.append(w.grad)
""",
        "an argument that escapes": """
kept = []
grad(lambda x: (kept.append(x), x.sum())[1])(x)
out.append(kept[0] + 1)
""",
        "values that escape two levels": """
kept = []
grad(lambda a: grad(lambda b: (kept.append(a * b), a * b * b)[1])(a))(s)
out.append(kept[0] * 2)
""",
        "a value that escapes vmap": """
kept = []
vmap(lambda x: (kept.append(x * 2), x.sum())[1])(m)
out.append(fails(lambda: kept[0] + 1, 50))
""",
        "a value that escapes an inner vmap": """
kept = []
def f(a):
    vmap(lambda b: (kept.append(b * 1), b)[1])(m)
    return a * fails(lambda: kept[0] + 1).startswith("RuntimeError")
out.append(vmap(f)(x))
""",
        "printing": """
seen = []
grad(lambda x: (seen.append(repr(x * 2)), x.sum())[1])(x)
vmap(lambda x: (seen.append(str(x * 2)), x.sum())[1])(m)
vmap(vmap(lambda x: (seen.append(str(x * 2)), x.sum())[1]))(q[None])
vmap(grad(lambda x: (seen.append(str(x * 2)), x.sum())[1]))(m)
grad(lambda m: vmap(lambda x: (seen.append(str(x)), x.sum())[1])(m).sum())(m)
out += seen
""",
        "what requires grad": """
seen = []
def f(x):
    seen.append([x.requires_grad, (x * 2).requires_grad, x.is_leaf])
    return x.sum()
grad(f)(x), grad(f)(w), vmap(f)(m)
grad(lambda v: vmap(f)(m * v).sum())(x)
out += seen
""",
        "a module's buffer set under grad": """
model = Summing()
grad(model)(x), grad(model)(x)
out.append(model.n + 0)
""",
        "a module's counter under vmap": """
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("n", torch.zeros(()))
    def forward(self, x):
        self.n = self.n + 1
        return x * self.n
model = M()
out.append(vmap(model)(m))
out.append(vmap(model)(m))
out.append(model.n)
""",
        "a module's mapped buffer": """
model = Summing()
vmap(model)(m)
out.append(fails(lambda: model(x), 50))
""",
        "written into an argument of vmap": """
b = m.clone()
out.append(vmap(lambda x: x.add_(1))(b))
out.append(b)
c = m.clone()
vmap(lambda x: x[0].fill_(7), in_dims=1)(c)
out.append(c)
d = m.clone()
vmap(lambda x, y: x.mul_(y).sum(), in_dims=(0, None))(d, x)
out.append(d)
""",
        "written into another argument of grad": """
b = x.clone()
out.append(grad(lambda x, y: (y.add_(1), (x * y).sum())[1])(x, b))
out.append(b)
""",
        "views written under vmap": """
def f(x):
    a = x.clone()
    v = a[1:]
    v.mul_(10)
    a[0] = v[1]
    return a, v
out.append(vmap(f)(m))
""",
        "views written under grad": """
def f(x):
    a = x.clone()
    v = a[1:]
    v.mul_(10)
    a[0] = v[1].clone() * x[0]
    return (a * v.sum()).sum()
out += [grad(f)(x), vmap(grad(f))(m), grad(lambda m: vmap(f)(m).sum())(m)]
out.append(hessian(f)(x))
""",
        "a view taken before the write, gradient outside": """
b = m.clone().requires_grad_()
def f(x):
    a = x * 1
    v = a[1:]
    a.mul_(3)
    return v * v
vmap(f)(b).sum().backward()
out.append(b.grad)
""",
        "batch norm under vmap is refused and lives on": """
b = nn.BatchNorm1d(3)
out.append(fails(lambda: vmap(b)(torch.stack([q, q]))))
out.append(b.running_mean)
out.append(b(q).detach())
out.append(b.running_mean)
""",
        "batch norm without running statistics": """
b = nn.BatchNorm1d(3, track_running_stats=False)
out.append(vmap(b)(torch.stack([q, q * 2])).detach())
T.replace_all_batch_norm_modules_(b2 := nn.BatchNorm1d(3))
out.append(vmap(b2)(torch.stack([q, q * 2])).detach())
""",
        "batch norm in eval mode": """
b = nn.BatchNorm1d(3).eval()
out.append(vmap(b)(torch.stack([q, q * 2])).detach())
""",
    },
    "modules": {
        "an ensemble": """
nets = [nn.Linear(3, 2) for _ in range(3)]
for i, one in enumerate(nets):
    one.weight.data.fill_(i + 1.0), one.bias.data.fill_(0.5 * i)
params, buffers = T.stack_module_state(nets)
def run(params, buffers, x):
    return call(nets[0], (params, buffers), (x,))
y = vmap(run, in_dims=(0, 0, None))(params, buffers, m)
out.append(y.detach())
y.pow(2).sum().backward()
out += [params["weight"].grad, params["bias"].grad]
out.append(vmap(run, in_dims=(0, 0, None), chunk_size=2)(params, buffers, m).detach())
""",
        "per-sample gradients of a network": """
g = vmap(grad(loss), in_dims=(None, 0, 0))(p, m, y)
out.append(g)
out.append({k: v.mean(0) - grad(lambda p: vmap(loss, in_dims=(None, 0, 0))(p, m, y)
            .mean())(p)[k] for k, v in g.items()})
""",
        "an inner step of MAML": """
def inner(p, x, y):
    g = grad(loss)(p, x, y)
    new = {k: v - 0.1 * d for (k, v), d in zip(p.items(), g.values())}
    return loss(new, x, y)
out.append(grad(inner)(p, m[0], y[0]))
def outer(p):
    return vmap(inner, in_dims=(None, 0, 0))(p, m, y).mean()
out.append(grad(outer)(p))
""",
        "MAML with backward": """
q2 = {k: v.clone().requires_grad_() for k, v in p.items()}
g = grad(loss)(q2, m[0], y[0])
new = {k: v - 0.1 * g[k] for k, v in q2.items()}
loss(new, m[1], y[1]).backward()
out += [v.grad for v in q2.values()]
""",
        "a physics-informed loss": """
inside = torch.linspace(0, 1, 5)[:, None].expand(5, 3).clone()
def u(x):
    return net(x)[0]
slope = vmap(grad(lambda x: u(x)))(inside)
lap = vmap(lambda x: torch.trace(hessian(u)(x)))(inside)
((slope.sum(1) - lap) ** 2).mean().backward()
out += [t.grad for t in net.parameters()][:3]
""",
        "a recurrent network by hand": """
ps = {"w": q, "u": q.t().contiguous()}
def f(ps, s):
    h = s.new_zeros(3)
    for x in s:
        h = torch.tanh(ps["w"] @ x + ps["u"] @ h)
    return h.pow(2).sum()
seq = torch.stack([m, m * 0.5, -m])
out.append(vmap(grad(f), in_dims=(None, 0))(ps, seq))
out.append(grad(lambda ps: vmap(f, in_dims=(None, 0))(ps, seq).sum())(ps))
""",
        "attention": """
att = nn.MultiheadAttention(4, 2, batch_first=True)
for t in att.parameters(): t.data.copy_(torch.linspace(-1, 1, t.numel()).view(t.shape))
z = torch.linspace(-1, 1, 24).reshape(2, 3, 4)
def f(z):
    return att(z[None], z[None], z[None], need_weights=False)[0][0]
out.append(vmap(f)(z).detach())
out.append(vmap(grad(lambda z: f(z).sum()))(z).detach())
""",
        "convolutions": """
conv = nn.Sequential(nn.Conv2d(1, 2, 2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
for t in conv.parameters(): t.data.copy_(torch.linspace(-1, 1, t.numel()).view(t.shape))
z = torch.linspace(-1, 1, 50).reshape(2, 1, 5, 5).sin()
ps = {k: v.detach() for k, v in conv.named_parameters()}
def f(ps, z):
    return call(conv, ps, (z[None],)).pow(2).sum()
out.append(vmap(grad(f), in_dims=(None, 0))(ps, z))
""",
        "embeddings": """
emb = nn.Embedding(4, 3)
emb.weight.data.copy_(torch.arange(12.0).view(4, 3))
out.append(vmap(emb)(y).detach())
f = lambda w, i: F.embedding(i, w).pow(2).sum()
out.append(vmap(grad(f), in_dims=(None, 0))(emb.weight.detach(), y))
""",
        "group norm and gelu": """
g = nn.Sequential(nn.GroupNorm(1, 3), nn.GELU())
z = torch.stack([q, q * 2])
out.append(vmap(g)(z).detach())
out.append(jacrev(lambda z: g(z))(q).detach())
""",
        "weights that stay where they are": """
before = {k: id(v) for k, v in net.named_parameters()}
vmap(net)(m), grad(lambda x: net(x).sum())(x)
out.append(before == {k: id(v) for k, v in net.named_parameters()})
net(m).sum().backward()
out += [t.grad for t in net.parameters()]
""",
        "an error inside leaves all as it was": """
def bad(x):
    raise KeyError("no")
out.append(fails(lambda: grad(bad)(x)))
out.append(fails(lambda: vmap(bad)(m)))
out.append(fails(lambda: vmap(grad(bad))(m)))
out.append(fails(lambda: jvp(bad, (x,), (x,))))
out.append(grad(lambda x: x.sum())(x))
out.append((x * w).requires_grad)
""",
        "functionalize": """
def f(x):
    y = x.clone()
    y.add_(1)
    return y
out.append(T.functionalize(f)(x))
""",
    },
    "custom functions": {
        "under all transformations": """
class Cube(torch.autograd.Function):
    generate_vmap_rule = True
    @staticmethod
    def forward(x, k):
        return k * x**3
    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0])
        ctx.k = inputs[1]
    @staticmethod
    def backward(ctx, g):
        return 100 * ctx.k * ctx.saved_tensors[0] ** 2 * g, None
    @staticmethod
    def jvp(ctx, t, _):
        return t * 7
f = lambda x: Cube.apply(x, 2.0)
out.append(grad(lambda x: f(x).sum())(x))
out.append(vmap(f)(m))
out.append(vmap(grad(lambda x: f(x).sum()))(m))
out.append(grad(lambda m: vmap(f)(m).sum())(m))
out.append(grad(lambda x: grad(lambda x: f(x).sum())(x).sum())(x))
out.append(jacrev(f)(x))
out.append(grad(lambda v: vmap(lambda x: x * f(v))(m).sum())(x))
out.append(jvp(f, (x,), (x,)))
out.append((f(w) * 2).sum().backward())
out.append(w.grad)
out.append(vmap(vmap(f))(m))
""",
        "with a rule of their own": """
seen = []
class Twice(torch.autograd.Function):
    @staticmethod
    def forward(x, y):
        return 2 * x * y
    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
    @staticmethod
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        return 2 * y * g, 2 * x * g
    @staticmethod
    def vmap(info, in_dims, x, y):
        seen.append([info.batch_size, info.randomness, in_dims])
        return Twice.apply(x, y), 0
out.append(vmap(Twice.apply, in_dims=(0, None))(m, x))
out.append(grad(lambda m: vmap(Twice.apply, in_dims=(0, None))(m, x).sum())(m))
out += seen
""",
        "errors": """
class Old(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): return x * 2
    @staticmethod
    def backward(ctx, g): return g
class New(torch.autograd.Function):
    @staticmethod
    def forward(x): return x * 2
    @staticmethod
    def setup_context(ctx, inputs, output): pass
    @staticmethod
    def backward(ctx, g): return g
class Both(New):
    generate_vmap_rule = True
    @staticmethod
    def vmap(info, in_dims, x): return x, 0
out.append(fails(lambda: grad(lambda x: Old.apply(x).sum())(x), 300))
out.append(fails(lambda: vmap(Old.apply)(m), 300))
out.append(fails(lambda: jvp(Old.apply, (x,), (x,)), 300))
out.append(fails(lambda: vmap(New.apply)(m), 300))
out.append(fails(lambda: vmap(Both.apply)(m), 300))
out.append(grad(lambda x: New.apply(x).sum())(x))
""",
    },
    "outside": {
        "gradients reach everything": """
a = x.clone().requires_grad_()
for f in (lambda: grad(lambda t: (t**3 * w).sum())(a),
          lambda: vmap(lambda t: t * t * w.sum())(a),
          lambda: jacrev(lambda t: t * t * w)(a),
          lambda: jacfwd(lambda t: t * t * w)(a),
          lambda: hessian(lambda t: (t**3 * w).sum())(a),
          lambda: vjp(lambda t: t * t * w, a)[1](torch.ones(3))[0],
          lambda: jvp(lambda t: t * t * w, (a,), (torch.ones(3),))[1],
          lambda: vmap(grad(lambda t: (t**3 * w).sum()))(a[None] * m)):
    a.grad = w.grad = None
    f().sum().backward()
    out += [a.grad, w.grad]
""",
        "second derivatives reach everything": """
a = x.clone().requires_grad_()
g = vmap(grad(lambda t: (t**3 * w).sum()))(a[None] * m)
(one,) = torch.autograd.grad(g.sum(), a, create_graph=True)
(two,) = torch.autograd.grad(one.sum(), w)
out += [one.detach(), two]
""",
        "a training loop": """
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(3):
    opt.zero_grad()
    s2 = vmap(grad(lambda x: net(x).sum()))(m)
    (net(m).pow(2).mean() + s2.pow(2).mean()).backward()
    opt.step()
out += [t.detach() for t in net.parameters()]
""",
        "written since": """
a = x.clone().requires_grad_() * 1
y2 = vmap(lambda t: t * (a * a).sum())(torch.ones(2))
a.mul_(2)
out.append(fails(lambda: y2.sum().backward()))
""",
    },
}
