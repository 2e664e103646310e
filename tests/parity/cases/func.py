"""The programs of `compat_func`: expressions, and scripts that fill `out`.

`x` is (3,), `m` (2, 3), `s` a number, `q` (3, 3); `w` (3,) requires grad; `net` is a
small network and `p` its parameters. `fails` gives the kind of an error.
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
net = Net()
for i, t in enumerate(net.parameters()):
    t.data.copy_(torch.linspace(-1, 1, t.numel()).reshape(t.shape) * (i + 1) / 3)
p = {k: v.detach() for k, v in net.named_parameters()}
y = torch.tensor([1, 0])
def loss(p, x, y):
    return F.cross_entropy(call(net, p, (x[None],)), y[None])
"""

EXPRESSIONS: dict[str, list[str]] = {
    "grad": [
        "grad(torch.sin)(s)",
        "grad(lambda x: (x**3).sum())(x)",
        "grad(lambda x, y: (x * y.sin()).sum(), argnums=1)(x, x)",
        "grad(lambda x, y: (x * y.sin()).sum(), argnums=(0, 1))(x, x)",
        "grad(lambda x, y: (x * y.sin()).sum(), argnums=(1, 0))(x, x)",
        "grad(lambda x, y: (x * y.sin()).sum(), argnums=-1)(x, x)",
        "grad(lambda x, y: (x * y).sum(), argnums=(1,))(x, x)",
        "grad(lambda x, k=2: (x**k).sum())(x, k=3)",
        "grad(lambda x, y: (x * y).sum())(x, y=x)",
        "grad(lambda x: (x.sum(), x * 2), has_aux=True)(x)",
        "grad(lambda x: (x.sum(), {'b': x * 2, 'a': (x,)}), has_aux=True)(x)",
        "T.grad_and_value(lambda x: (x**2).sum())(x)",
        "T.grad_and_value(lambda x: ((x**2).sum(), x + 1), has_aux=True)(x)",
        "grad(lambda p: (p['b'] * p['a']).sum())({'b': x, 'a': x + 1})",
        "grad(lambda p: (p[0] * p[1][0]).sum())((x, [x + 1]))",
        "grad(lambda p: (p.a * p.b).sum())(Pair(x, x + 1))._asdict()",
        "grad(lambda p: p['z'].sum() * p['a'].sum())(OrderedDict(z=x, a=x))",
        "grad(lambda x: torch.tensor(1.0))(x)",
        "grad(lambda x, y: y.sum())(x, x)",
        "grad(lambda x: x.detach().sum())(x)",
        "grad(lambda x: (x * x.detach()).sum())(x)",
        "grad(lambda x: x.argmax())(x)",
        "grad(lambda x: x.sum() * x[0].item())(x)",
        "grad(lambda x: x.sum() if x[1] > 0 else (x * x).sum())(x)",
        "grad(lambda x: sum(v * i for i, v in enumerate(x)))(x)",
        "grad(lambda x: x.sum() * len(x.tolist()))(x)",
        "grad(lambda x: torch.where(x > 0, x * 2, x * 3).sum())(x)",
        "grad(lambda x: x[x > 0].sum())(x)",
        "grad(lambda x: x.sort()[0][0] * 2)(x)",
        "grad(lambda x: torch.linalg.det(x))(q)",
        "grad(lambda x: torch.linalg.inv(x).sum())(q)",
        "grad(lambda x: x.t().reshape(-1)[2:5].prod())(q)",
        "grad(lambda z: (z.abs()**2).sum())(torch.complex(x, x * 2))",
        "grad(lambda x: (x.double()**2).sum())(x)",
        "grad(lambda p: loss(p, m[0], y[0]))(p)",
        "grad(lambda x: net(x).sum())(x).detach()",
        "grad(grad(lambda x: x**4))(s)",
        "grad(grad(grad(torch.sin)))(s)",
        "grad(lambda x: x * grad(lambda y: x * y)(s))(s)",
        "grad(lambda x: grad(lambda y: x * y * y)(x))(s)",
        "grad(lambda x: x * grad(lambda y: x + y)(s))(s)",
        "grad(lambda x: grad(lambda y: (y * x.detach()).sum())(x).sum())(x)",
        "grad(lambda x: (grad(lambda y: (y**3).sum())(x)**2).sum())(x)",
        "torch.no_grad()(lambda: grad(lambda x: (x * x * w).sum())(x))()",
        "grad(lambda x: (x * torch.no_grad()(lambda: x**2)()).sum())(x)",
        "grad(grad(lambda x: x * torch.no_grad()(lambda: x**2)()))(s)",
        "grad(grad(lambda x: x * (x**2).detach()))(s)",
        "grad(lambda x: (x * w).sum())(x)",
        "grad(lambda x: (x * x * w).sum())(w)",
        "T.grad_and_value(lambda x: (x * w).sum())(x)",
        "grad(lambda x: F.gelu(x).sum() + F.softmax(x, 0)[0])(x)",
        "grad(lambda x: F.max_pool1d(x[None, None], 2).sum())(x)",
        "grad(lambda x: torch.autograd.grad((x**3).sum(), x, create_graph=True)[0]"
        ".sum())(x)",
        "grad(lambda x: x.clone().mul_(2).add_(x).sum())(x)",
        "grad(lambda x: x.sum())(x) is not None",
        "grad(torch.sin).__name__",
    ],
    "grad, errors": [
        "fails(lambda: grad(lambda x: x * 2)(x))",
        "fails(lambda: grad(lambda x: x.sum()[None])(x))",
        "fails(lambda: grad(lambda x: 1.0)(x))",
        "fails(lambda: grad(lambda x: (x.sum(), 1))(x))",
        "fails(lambda: grad(lambda x: x.sum(), has_aux=True)(x))",
        "fails(lambda: grad(lambda x: (x.sum(), 1, 2), has_aux=True)(x))",
        "fails(lambda: grad(lambda x: (x.sum(), 1), has_aux=True)(x))",
        "fails(lambda: grad(lambda x: x.sum())(y))",
        "fails(lambda: grad(lambda x: x)(1.0))",
        "fails(lambda: grad(lambda p: p['a'].sum())({'a': x, 'n': 1}))",
        "fails(lambda: grad(lambda p: p['a'].sum())({'a': x, 'n': None}))",
        "fails(lambda: grad(lambda x: x.sum(), argnums=2)(x))",
        "fails(lambda: grad(lambda x, y: x.sum(), argnums=(0, 0))(x, x))",
        "fails(lambda: grad(lambda x, y: x.sum(), argnums=())(x, x))",
        "fails(lambda: grad(lambda x, y: x.sum(), argnums=1.0)(x, x))",
        "fails(lambda: grad(lambda x, y: x.sum(), argnums=[0])(x, x))",
        "fails(lambda: grad(lambda x: x.add_(1).sum())(x))",
        "fails(lambda: grad(lambda x: x.requires_grad_().sum())(x))",
        "fails(lambda: grad(lambda x: (x * 2).retain_grad())(x))",
        "fails(lambda: grad(lambda x: x.sum().backward())(x))",
        "fails(lambda: grad(lambda x: x.numpy().sum())(x))",
        "fails(lambda: grad(lambda x: x.detach().numpy().sum())(x), 60)",
    ],
    "vjp, jvp, linearize": [
        "vjp(torch.sin, x)[0]",
        "vjp(torch.sin, x)[1](torch.ones(3))",
        "[v.detach() for v in vjp(lambda x, y: x * y, x, w)[1](torch.ones(3))]",
        "vjp(lambda p: p['b'] * p['a'], {'b': x, 'a': x * 2})[1](x)",
        "vjp(lambda x: {'b': x * 2, 'a': x * 3}, x)[1]({'b': x, 'a': x})",
        "vjp(lambda x: (x * 2, x * 3), x)[1]((x, x))",
        "vjp(lambda x: (x * 2, x * 3), x, has_aux=True)[2]",
        "vjp(lambda x: x, x)[1](x)",
        "[vjp(torch.sin, x)[1](v) for v in (x, x)]",
        "vjp(lambda x: x * w, x)[1](x)",
        "vmap(vjp(torch.sin, x)[1])(torch.eye(3))",
        "grad(lambda v: vjp(lambda x: x**3, x)[1](v)[0].sum())(x)",
        "grad(lambda x: vjp(lambda x: x**3, x)[1](x)[0].sum())(x)",
        "fails(lambda: vjp(torch.sin, x)[1](torch.ones(2)))",
        "fails(lambda: vjp(lambda x: (x, x), x)[1](x))",
        "fails(lambda: vjp(lambda x: 1, x))",
        "fails(lambda: vjp(lambda x: (), x))",
        "fails(lambda: vjp(torch.sin, y))",
        "jvp(torch.sin, (x,), (x,))",
        "jvp(lambda x, y: x * y, (x, s), (x, s))",
        "jvp(lambda p: p['b'] * p['a'], ({'b': x, 'a': s},), ({'b': x, 'a': s},))",
        "jvp(lambda x: {'z': x**2, 'a': x}, (x,), (x,))",
        "jvp(lambda x: (x**2, x + 1), (x,), (x,), has_aux=True)",
        "jvp(lambda x: torch.ones(2), (x,), (x,))",
        "jvp(lambda x: (x, x.argmax()), (x,), (x,))",
        "jvp(lambda x: x.clone().mul_(x), (x,), (x,))",
        "jvp(lambda x: x * x.detach(), (x,), (x,))",
        "jvp(lambda x: x[0].item() * x, (x,), (x,))",
        "jvp(lambda x: x * w, (x,), (x,))",
        "jvp(lambda x: jvp(lambda y: x * y**2, (x,), (x,))[1], (x,), (x,))",
        "jvp(grad(lambda x: (x**3).sum()), (x,), (x,))",
        "grad(lambda x: jvp(lambda x: x**3, (x,), (x.detach(),))[1].sum())(x)",
        "grad(lambda v: jvp(lambda x: x**3, (x,), (v,))[1].sum())(x)",
        "vmap(lambda v: jvp(torch.sin, (x,), (v,))[1])(torch.eye(3))",
        "vmap(lambda x: jvp(torch.sin, (x,), (x,))[1])(m)",
        "jvp(vmap(lambda x: x.sum() * x), (m,), (m,))",
        "fails(lambda: jvp(torch.sin, x, x))",
        "fails(lambda: jvp(torch.sin, (x,), (x, x)))",
        "fails(lambda: jvp(torch.sin, (x,), (torch.ones(2),)))",
        "fails(lambda: jvp(torch.sin, (), ()))",
        "fails(lambda: jvp(lambda x: 1, (x,), (x,)))",
        "fails(lambda: jvp(torch.sin, (y,), (y,)))",
        "fails(lambda: jvp(lambda x: torch.ones(2), (x,), (x,), strict=True))",
        "T.linearize(torch.sin, x)[0]",
        "T.linearize(torch.sin, x)[1](x)",
        "T.linearize(lambda x, y: (x * y, y), x, s)[1](x, s)",
        "[T.linearize(torch.exp, x)[1](v) for v in (x, x * 2)]",
        "fails(lambda: T.linearize(torch.sin, x)[1](torch.ones(2)))",
        "fails(lambda: T.linearize(torch.sin, x)[1](x, x))",
    ],
    "jacobians": [
        "jacrev(lambda x: x**2)(x)",
        "jacrev(lambda x: (x**2, x.sum()))(x)",
        "jacrev(lambda p: p['b'] * p['a'])({'b': x, 'a': s})",
        "jacrev(lambda x: {'b': x, 'a': x.sum()})(x)",
        "jacrev(lambda x, y: x * y, argnums=(0, 1))(x, x)",
        "jacrev(lambda x, y: x * y, argnums=(1,))(x, x)",
        "jacrev(lambda x: (x**2, x), has_aux=True)(x)",
        "jacrev(lambda x: x**2, chunk_size=1)(x)",
        "jacrev(lambda x: x**2, chunk_size=2)(m)",
        "jacrev(lambda x: net(x))(x).detach()",
        "jacrev(lambda x: x * w)(x)",
        "jacfwd(lambda x: x**2)(x)",
        "jacfwd(lambda x: (x**2, x.sum()))(m)",
        "jacfwd(lambda p: p['b'] * p['a'])({'b': x, 'a': s})",
        "jacfwd(lambda x: {'b': x, 'a': x.sum()})(x)",
        "jacfwd(lambda x, y: x * y, argnums=(0, 1))(x, x)",
        "jacfwd(lambda x: (x**2, x), has_aux=True)(x)",
        "jacfwd(lambda x: x * w)(x)",
        "jacfwd(lambda x: x * torch.rand(3), randomness='same')(x)",
        "jacfwd(jacrev(lambda x: (x**3).sum()))(x)",
        "jacrev(jacrev(lambda x: (x**3).sum()))(x)",
        "jacrev(jacfwd(lambda x: (x**3).sum()))(x)",
        "jacfwd(jacfwd(lambda x: (x**3).sum()))(x)",
        "hessian(lambda x: (x**3).sum() * x[0])(x)",
        "hessian(lambda p: (p['b'] * p['a']**2).sum())({'b': x, 'a': x})",
        "hessian(lambda x, y: (x * y**2).sum(), argnums=(0, 1))(x, x)",
        "hessian(lambda p: loss(p, m[0], y[0]))(p)",
        "vmap(jacrev(lambda x: x**2))(m)",
        "vmap(jacfwd(lambda x: x**2))(m)",
        "vmap(hessian(lambda x: (x**3).sum()))(m)",
        "vmap(hessian(lambda x: net(x).sum()))(m).detach()",
        "fails(lambda: jacrev(lambda x: x.argmax())(x))",
        "fails(lambda: jacrev(lambda x: 1)(x))",
        "fails(lambda: jacrev(torch.sin)(y))",
        "fails(lambda: jacrev(torch.sin, chunk_size=0)(x))",
        "fails(lambda: jacfwd(lambda x: x * torch.rand(3))(x))",
        "jacrev(lambda x: x.cumsum(0))(x)",
    ],
    "vmap": [
        "vmap(torch.sin)(m)",
        "vmap(torch.dot)(m, m)",
        "vmap(torch.dot, in_dims=(0, None))(m, x)",
        "vmap(lambda x: x.sum(), in_dims=1)(m)",
        "vmap(lambda x: x.sum(), in_dims=-1)(m)",
        "vmap(lambda x: x * 2, out_dims=1)(m)",
        "vmap(lambda x: x * 2, out_dims=-1)(m)",
        "vmap(lambda x: (x, x.sum()), out_dims=(1, 0))(m)",
        "vmap(lambda x: {'z': x, 'a': x.sum()}, out_dims={'z': 1, 'a': 0})(m)",
        "vmap(lambda x: {'z': x, 'a': x * 2})(m)",
        "vmap(lambda d: d['z'] * d['a'])({'z': m, 'a': m})",
        "vmap(lambda d: d['z'] * d['a'], in_dims=({'z': 0, 'a': None},))"
        "({'z': m, 'a': x})",
        "vmap(lambda t: t.a + t.b)(Pair(m, m))",
        "vmap(lambda x, y: x + y, in_dims=(0, None))(m, 3)",
        "vmap(lambda x, y: x + y)(m, y=torch.ones(2, 3)).shape",
        "vmap(lambda x: torch.ones(2))(m)",
        "vmap(lambda x: torch.ones(2), out_dims=None)(m)",
        "vmap(lambda x: (x, 1), out_dims=(0, None))(m)",
        "vmap(lambda x: x)(m)",
        "vmap(torch.sin, chunk_size=1)(m)",
        "vmap(lambda x: (x, x.sum()), chunk_size=2, out_dims=(1, 0))(q)",
        "vmap(vmap(torch.sin))(m)",
        "vmap(vmap(lambda a, b: a * b, in_dims=(None, 0)), in_dims=(0, None))(x, x)",
        "vmap(vmap(lambda a: a * x.sum(), in_dims=0), in_dims=1)(m)",
        "vmap(lambda a: vmap(lambda b: a * b)(x))(x)",
        "vmap(lambda x: x.shape[0] * x)(m)",
        "vmap(lambda x: x.t())(torch.stack([q, q * 2]))",
        "vmap(lambda x: x[1:])(m)",
        "vmap(lambda x: x[torch.tensor([0, 0])])(m)",
        "vmap(lambda x: x[[1, 2]])(m)",
        "vmap(lambda x, i: x[i])(m, y)",
        "vmap(lambda i: x[i])(y)",
        "vmap(lambda x, i: x.gather(0, i[None]))(m, y)",
        "vmap(lambda x: x.index_select(0, y))(m)",
        "vmap(lambda x: torch.cat([x, x * 2]))(m)",
        "vmap(lambda x: torch.stack([x, x * 2], 1))(m)",
        "vmap(lambda x: x.reshape(3, 1).expand(3, 2))(m)",
        "vmap(lambda x: x.sort()[0])(m)",
        "vmap(lambda x: x.topk(2))(m)",
        "vmap(lambda x: x.max(0))(m)",
        "vmap(lambda x: torch.where(x > 0, x, -x))(m)",
        "vmap(lambda x: x.masked_fill(x > 0, 0.0))(m)",
        "vmap(lambda x: F.softmax(x, 0))(m)",
        "vmap(lambda x: F.layer_norm(x, (3,)))(m)",
        "vmap(lambda x: torch.linalg.det(x))(torch.stack([q, q * 2]))",
        "vmap(lambda x: torch.linalg.solve(q, x))(m)",
        "vmap(lambda x: torch.einsum('i,j->ij', x, x))(m)",
        "vmap(lambda x: q @ x)(m)",
        "vmap(lambda x: F.one_hot(x, 3))(y)",
        "vmap(lambda a, b: F.cross_entropy(a[None], b[None]))(m, y)",
        "vmap(lambda x: F.conv1d(x[None, None], torch.ones(1, 1, 2)))(m)",
        "vmap(lambda x, k: F.conv1d(x[None, None], k[None, None]))(m, m[:, :2])",
        "vmap(lambda x: x.to(torch.float64))(m)",
        "vmap(lambda x: x.clone().add_(1))(m)",
        "vmap(lambda x: x.new_zeros(3) + x)(m)",
        "vmap(lambda x: torch.zeros_like(x).add_(x))(m)",
        "vmap(lambda x: x.new_tensor([1.0, 2.0, 3.0]) * x)(m)",
        "vmap(lambda x: torch.stack(list(x)))(m)",
        "vmap(lambda x: torch.stack(torch.unbind(x)[::-1]))(m)",
        "vmap(lambda x: sum(x))(m)",
        "vmap(lambda x: x.split(1)[1])(m)",
        "vmap(lambda x: x.unfold(0, 2, 1))(m)",
        "vmap(lambda x: torch.diag(x))(m)",
        "vmap(lambda x: x.cumsum(0))(m)",
        "vmap(lambda x: x.roll(1))(m)",
        "vmap(lambda x: x.flip(0))(m)",
        "vmap(lambda x: x.std())(m)",
        "vmap(lambda x: x.norm())(m)",
        "vmap(lambda x: torch.complex(x, x).abs())(m)",
        "vmap(lambda x: x.sum() * w)(m)",
        "vmap(lambda x: x * w)(m)",
        "vmap(lambda x: x.detach() * w.detach())(m)",
        "vmap(lambda x: x.numel() * x.dim() * x)(m)",
        "vmap(lambda x: x.scatter(0, y, torch.zeros(2)))(m)",
        "vmap(lambda x: x.index_add(0, y, torch.ones(2)))(m)",
        "vmap(lambda x: torch.tril(torch.outer(x, x)))(m)",
        "vmap(lambda x: x.repeat(2))(m)",
        "vmap(lambda x: torch.nn.functional.pad(x, (1, 1)))(m)",
        "vmap(lambda x: torch.clamp(x, -0.5, 0.5))(m)",
        "vmap(lambda x: torch.clamp(x, max=x.mean()))(m)",
        "vmap(lambda x: torch.ones_like(x).mul_(x))(m)",
        "vmap(lambda x: x.new_zeros(2, 3).add_(x))(m)",
        "vmap(lambda x: torch.full_like(x, 2.0).sub_(x))(m)",
        "vmap(lambda x: torch.empty_like(x).copy_(x))(m)",
        "vmap(lambda x: (x > 0) & (x < 1))(m)",
        "vmap(torch.sin)(torch.ones(0, 3))",
        "vmap(net)(m).detach()",
        "vmap(torch.sin).__name__",
        "(lambda L: (vmap(lambda a, b: (L.append(isinstance(a, torch.Tensor)), b)[1],"
        " in_dims=(None, 0))(x, m), L)[1])([])",
        "(lambda L: (vmap(lambda a: (L.append(1), a)[1])(m), L)[1])([])",
    ],
    "vmap, errors": [
        "fails(lambda: vmap(lambda a, b: a)(m, x), 200)",
        "fails(lambda: vmap(lambda: 1)(), 200)",
        "fails(lambda: vmap(torch.sin)(s), 200)",
        "fails(lambda: vmap(torch.sin, in_dims=2)(m), 200)",
        "fails(lambda: vmap(torch.sin, in_dims=-3)(m), 200)",
        "fails(lambda: vmap(torch.sin, in_dims=1.0)(m), 200)",
        "fails(lambda: vmap(torch.sin, in_dims=(0, 0))(m), 200)",
        "fails(lambda: vmap(torch.sin, in_dims=(None,))(m), 200)",
        "fails(lambda: vmap(torch.sin, in_dims=None)(m), 200)",
        "fails(lambda: vmap(torch.add)(m, 3), 200)",
        "fails(lambda: vmap(torch.sin, in_dims=('a',))(m), 200)",
        "fails(lambda: vmap(torch.sin, in_dims=[0])(m), 200)",
        "fails(lambda: vmap(lambda d: d['a'], in_dims=({'b': 0},))({'a': m}), 200)",
        "fails(lambda: vmap(lambda x: 1)(m), 200)",
        "fails(lambda: vmap(lambda x: None)(m), 200)",
        "fails(lambda: vmap(lambda x: (x, 1))(m), 200)",
        "fails(lambda: vmap(torch.sin, out_dims=1.0)(m), 200)",
        "fails(lambda: vmap(torch.sin, out_dims=3)(m), 200)",
        "fails(lambda: vmap(torch.sin, out_dims=(0, 0))(m), 200)",
        "fails(lambda: vmap(lambda x: (x, x, x), out_dims=(0, 1))(m), 200)",
        "fails(lambda: vmap(torch.sin, out_dims=None)(m), 200)",
        "fails(lambda: vmap(torch.sin, randomness='no')(m), 200)",
        "fails(lambda: vmap(torch.sin, chunk_size=0)(m), 200)",
        "fails(lambda: vmap(lambda x: x * x[0].item())(m), 200)",
        "fails(lambda: vmap(lambda x: x * float(x[0]))(m), 200)",
        "fails(lambda: vmap(lambda x: f'{x[0]:.2f}')(m), 200)",
        "fails(lambda: vmap(lambda x: x if x.sum() > 0 else -x)(m), 200)",
        "fails(lambda: vmap(lambda x: x if (x > 0).any() else -x)(m), 200)",
        "fails(lambda: vmap(lambda x: torch.full((2,), x[0]))(m), 200)",
        "fails(lambda: vmap(lambda x: x.tolist())(m))",
        "fails(lambda: vmap(lambda x: x.numpy())(m), 60)",
        "fails(lambda: vmap(lambda x: x.nonzero())(m), 80)",
        "fails(lambda: vmap(lambda x: x[x > 0])(m))",
        "fails(lambda: vmap(lambda x: x.masked_select(x > 0))(m))",
        "fails(lambda: vmap(lambda x: x.unique())(m))",
        "fails(lambda: vmap(lambda x: F.one_hot(x))(y), 200)",
        "fails(lambda: vmap(lambda x: torch.zeros(3).copy_(x))(m), 200)",
        "fails(lambda: vmap(lambda x: torch.zeros(3).__setitem__(0, x[0]))(m), 200)",
        "fails(lambda: vmap(lambda x: torch.zeros(()).mul_(x[0]))(m), 200)",
        "fails(lambda: vmap(lambda x: torch.zeros(3).add_(x))(m))",
        "fails(lambda: vmap(lambda x: torch.zeros(3).fill_(x[0]))(m))",
        "fails(lambda: vmap(lambda x: x.requires_grad_())(m), 60)",
        "fails(lambda: vmap(lambda x: torch.add(x, x, out=torch.zeros(3)))(m))",
        "fails(lambda: vmap(lambda x: torch.equal(x, x))(m))",
    ],
    "vmap with gradients": [
        "vmap(grad(lambda x: (x**3).sum()))(m)",
        "vmap(grad(lambda p, x: (p * x**2).sum()), in_dims=(None, 0))(x, m)",
        "vmap(grad(loss), in_dims=(None, 0, 0))(p, m, y)",
        "vmap(grad(loss), in_dims=(None, 0, 0), chunk_size=1)(p, m, y)",
        "vmap(T.grad_and_value(loss), in_dims=(None, 0, 0))(p, m, y)",
        "grad(lambda m: vmap(lambda x: (x**3).sum())(m).sum())(m)",
        "grad(lambda p: vmap(loss, in_dims=(None, 0, 0))(p, m, y).mean())(p)",
        "grad(lambda v: vmap(lambda x: (x * v).sum())(m).sum())(x)",
        "grad(lambda v: (vmap(grad(lambda x: (x**3 * v).sum()))(m)**2).sum())(x)",
        "vmap(grad(lambda x: (x**2 * w).sum()))(m)",
        "vmap(grad(grad(lambda x: x**4)))(x)",
        "vmap(vmap(grad(torch.sin)))(m)",
        "vmap(lambda x: vjp(torch.sin, x)[1](x)[0])(m)",
        "vmap(lambda x: grad(lambda y: (x * y * y).sum())(x))(m)",
        "vmap(grad(lambda x: x.clone().mul_(x).sum()))(m)",
        "vmap(grad(lambda x: (x[:2] * x[1:]).sum()))(m)",
        "vmap(grad(lambda x: F.layer_norm(x, (3,))[0]))(m)",
        "vmap(grad(lambda a: torch.linalg.det(a)))(torch.stack([q, q * 2]))",
        "vmap(grad(lambda x: x.sort()[0][0]))(m)",
        "vmap(grad(lambda x: x.max()))(m)",
        "vmap(grad(lambda x: F.conv1d(x[None, None], x[None, None, :2]).sum()))(m)",
        "vmap(grad(lambda x: x.cumprod(0).sum()))(m)",
        "vmap(grad(lambda k, x: F.conv1d(x, k).sum()), in_dims=(None, 0))"
        "(torch.ones(1, 1, 2), m[:, None, None])",
        "vmap(grad(lambda t: net(t).sum()))(m).detach()",
    ],
    "vmap, randomness": [
        f"vmap(lambda v: {draw}, randomness='{mode}')(m)"
        for draw in (
            "torch.randn(4)",
            "torch.rand(2, 3)",
            "torch.rand_like(v)",
            "torch.randn_like(v)",
            "torch.randint(0, 9, (5,))",
            "torch.randint_like(v, 9)",
            "torch.randperm(5)",
            "v.clone().normal_()",
            "v.clone().uniform_(-1, 1)",
            "v.clone().bernoulli_(0.3)",
            "v.clone().exponential_()",
            "v.clone().geometric_(0.3)",
            "v + torch.randn(20)[:3]",
            "torch.randn_like(torch.ones(3)) + v",
            "torch.bernoulli(torch.full((4,), 0.5))",
            "torch.normal(0.0, 1.0, (3,))",
            "torch.multinomial(torch.ones(4), 2)",
            "torch.poisson(torch.full((3,), 2.0))",
            "torch.randn(3, generator=torch.Generator().manual_seed(5))",
        )
        for mode in ("same", "different")
    ]
    + [
        f"fails(lambda: vmap(lambda v: {draw})(m), 200)"
        for draw in (
            "torch.randn(4)",
            "torch.rand_like(v)",
            "torch.randperm(5)",
            "v.clone().normal_()",
            "torch.bernoulli(v.sigmoid())",
            "torch.normal(v, 1.0)",
            "torch.multinomial(v.sigmoid(), 2)",
            "F.dropout(v, 0.5)",
            "F.gumbel_softmax(v)",
            "F.alpha_dropout(v, 0.5, training=True)",
            "F.dropout1d(v[None], 0.5)",
            "nn.Dropout(0.5)(v)",
        )
    ]
    + [
        f"vmap(lambda v: {draw}, randomness='different')(m)"
        for draw in (
            "torch.bernoulli(v.sigmoid())",
            "torch.normal(v, 1.0)",
            "torch.normal(0.0, v.exp())",
            "torch.normal(v, v.exp())",
            "torch.multinomial(v.sigmoid(), 2)",
            "torch.poisson(v.exp())",
            "torch.binomial(torch.full((3,), 5.0), v.sigmoid())",
            "v.clone().bernoulli_(v.sigmoid())",
            "vmap(lambda u: u + torch.randn(()), randomness='different')(v)",
            "vmap(lambda u: u + torch.randn(()), randomness='same')(v)",
            "F.dropout(v, 0.5, training=False)",
            "nn.Dropout(0.5).eval()(v)",
        )
    ]
    + [
        "vmap(lambda v: vmap(lambda u: u + torch.randn(()), randomness='different')(v),"
        " randomness='same')(m)",
        "vmap(lambda v: v + torch.randn(3), randomness='same', chunk_size=1)(m)",
        "vmap(lambda v: v + torch.randn(3), randomness='different', chunk_size=1)(m)",
        "vmap(grad(lambda v: (v * torch.randn(3)).sum()), randomness='different')(m)",
        "grad(lambda v: (v * torch.randn(3)).sum())(x)",
        "(vmap(lambda v: v + torch.randn(3), randomness='same')(m), torch.rand(1))[1]",
        "fails(lambda: vmap(lambda v: torch.empty(3).normal_(),"
        " randomness='different')(m), 200)",
        "fails(lambda: vmap(lambda v: torch.bernoulli(v.sigmoid()),"
        " randomness='same')(m), 200)",
        "fails(lambda: vmap(lambda v: vmap(lambda u: u + torch.randn(()))(v),"
        " randomness='different')(m), 200)",
    ],
    "autograd": [
        "torch.autograd.grad(x.requires_grad_()**2, x, torch.eye(3),"
        " is_grads_batched=True)",
        "torch.autograd.grad((w**2, w**3), w, (torch.eye(3), torch.eye(3)),"
        " is_grads_batched=True)",
        "torch.autograd.grad(w**2, w, torch.eye(3), is_grads_batched=True,"
        " create_graph=True)",
        "torch.autograd.functional.jacobian(lambda x: x**2, x)",
        "torch.autograd.functional.jacobian(lambda x: x**2, x, vectorize=True)",
        "torch.autograd.functional.hessian(lambda x: (x**3).sum(), x)",
        "torch.autograd.functional.hessian(lambda x: (x**3).sum(), x, vectorize=True)",
        "torch.autograd.functional.vhp(lambda x: (x**3).sum(), x, x)",
        "torch.autograd.functional.hvp(lambda x: (x**3).sum(), x, x)",
        "torch.autograd.functional.jvp(lambda x: x**3, x, x)",
        "torch.autograd.functional.vjp(lambda x: x**3, x, x)",
        "torch.autograd.functional.jacobian(lambda a, b: (a * b, a), (x, s))",
    ],
}

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
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("n", torch.zeros(3))
    def forward(self, x):
        self.n = self.n + x
        return x.sum()
model = M()
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
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("n", torch.zeros(3))
    def forward(self, x):
        self.n = self.n + x
        return x.sum()
model = M()
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
