# ruff: noqa: E501 - a program to a line is easier to read than one in pieces
"""Programs for `compat_protocols` about dtypes that PyTorch's CPU hardly computes with."""

FLOAT8 = """
x = torch.tensor([1., 2.]).to(torch.float8_e4m3fn)
e = torch.tensor([1., 2.]).to(torch.float8_e8m0fnu)
f = torch.ones(2)
k = torch.float8_e5m2
numbers = torch.tensor([0., -0., 1000., -1000., 1e9, .1, 1.5, 3., -2., 1e-9, float('inf'), float('nan')])
def cast(name, more='float32'):
    y = numbers.to(getattr(torch, more)).to(getattr(torch, name))
    return [y.float(), y.to(torch.float8_e5m2).float(), y.bool(), y.double().tolist()]
"""

FLOAT8_PROGRAMS = """
x*2 | 2*x | x+1 | x-x | x/2 | x*x | x*f | x+f | f*x | x==f | x==1 | x!=x | x<1 | x>x | e+e | e.sum() | e*2
e.abs() | torch.cat([x, x]) | torch.cat([x, f]) | torch.stack([x, e]) | torch.where(x==1, x, x)
torch.where(x==1, x, f) | x.sum() | x.sum(dtype=torch.float32) | x.max() | x.mean() | x@x | x[None]@x[:,None]
-x | x.clone() | x.fill_(3) | x.zero_() | x[0] | x[x==1] | x.masked_fill(x==1, 0) | x.masked_fill_(x==1, 0)
x.relu() | F.relu(x) | torch.sigmoid(x) | x.item() | x.tolist() | x.double() | x.to(torch.float8_e5m2)
x.to(torch.complex64) | x.bool() | x.any() | x.all() | x.isnan() | x.isfinite() | x.normal_()
torch.rand(2, dtype=torch.float8_e4m3fn) | torch.randn(2, dtype=torch.float8_e4m3fn)
torch.arange(3, dtype=torch.float8_e4m3fn) | torch.full((2,), 3.,dtype=torch.float8_e4m3fn)
torch.eye(2, dtype=torch.float8_e4m3fn) | torch.linspace(0, 1, 3, dtype=torch.float8_e4m3fn)
torch.allclose(x, x) | x.add_(1) | x.mul_(2) | x.add_(f) | x.copy_(f) | f.add_(x) | f.copy_(x)
torch.maximum(x, x) | x.sort() | x.argmax() | x.cumsum(0) | x.unique() | x.nonzero() | x.numpy() | x.exp() | x**2
x.sqrt() | x.norm() | torch.isclose(x, x) | x.requires_grad_() | repr(x)
torch.tensor([1.,2.], dtype=torch.float8_e5m2) | x.flip(0) | x.roll(1) | x.repeat(2) | x.sum(0) | x.int()
bool(x[0]) | float(x[0]) | x.round() | x//2 | x%2 | x.floor() | x.softmax(0) | torch.dot(x, x)
x.view(torch.uint8) | x.index_select(0, torch.tensor([0])) | F.embedding(torch.tensor([0]), x[None])
F.pad(x,(1, 1)) | nn.Linear(2, 2)(x) | torch.outer(x, x) | x.sign() | e.isinf()
torch.promote_types(torch.float8_e4m3fn, torch.int64) | x.abs() | x.copysign(x) | 1/x | 1-x | 2**x
x.reciprocal() | torch.add(x, x, alpha=2) | torch.add(x, x, out=f) | torch.addcmul(x, x, x)
torch.lerp(x, x, .5) | e.to(torch.float8_e4m3fn)
torch.tensor([0.,3.,.1, float('inf')]).to(torch.float8_e8m0fnu)
torch.tensor([0.,3.,.1, float('inf'), 500.,1e9]).to(torch.float8_e4m3fn)
torch.empty(2, dtype=torch.float8_e4m3fn).shape | torch.ones_like(x) | torch.result_type(x, 1.)
torch.can_cast(torch.float8_e4m3fn, torch.float32)
y = x.clone().requires_grad_(); y.float().sum().backward(); y.grad
y = x.clone().requires_grad_(); (y.float() * y.float()).sum().backward(); y.grad
torch.full((2,), 1000., dtype=torch.float8_e4m3fn) | x.fill_(1000.) | torch.fill(x, 1000.) | torch.full((2,), -3., dtype=torch.float8_e8m0fnu)
torch.tensor([1000.], dtype=k) | x.new_tensor([1000.]) | torch.full((2,), 500., dtype=k) | torch.scalar_tensor(1e9, dtype=k)
x[None] @ f[:, None] | F.linear(x, torch.ones(2, 2)) | torch.addmm(x[None], x[None], torch.ones(2, 2).to(x.dtype), beta=2, alpha=3)
torch.kron(x, x) | torch.bernoulli(x) | x.bernoulli_(.5) | torch.multinomial(x, 1) | torch.randperm(3, dtype=k) | x.random_() | x.random_(3)
nn.Linear(2, 2, dtype=k) | nn.init.trunc_normal_(torch.empty(2, dtype=k)) | nn.init.ones_(torch.empty(2, dtype=k)) | torch.set_default_dtype(k)
x[None].t().contiguous() | x.to(k)[None].t().contiguous() | x.to(k).unfold(0, 2, 1) | torch.cartesian_prod(x.to(k), x.to(k))
import copy; copy.deepcopy(x) | import io; b = io.BytesIO(); torch.save(e, b); b.seek(0); torch.load(b)
torch.utils.data.default_collate([x, x]) | [e.isfinite(), e.isreal()] | x.to(k).isinf() | x.to(k).isfinite() | torch.block_diag(e, e)
cast('float8_e4m3fn', 'float32') | cast('float8_e4m3fn', 'float16') | cast('float8_e4m3fn', 'float64') | cast('float8_e4m3fn', 'complex64')
cast('float8_e5m2', 'float32') | cast('float8_e5m2', 'float16') | cast('float8_e5m2', 'float64') | cast('float8_e5m2', 'complex64')
cast('float8_e4m3fnuz', 'float32') | cast('float8_e4m3fnuz', 'float16') | cast('float8_e4m3fnuz', 'float64') | cast('float8_e4m3fnuz', 'complex64')
cast('float8_e5m2fnuz', 'float32') | cast('float8_e5m2fnuz', 'float16') | cast('float8_e5m2fnuz', 'float64') | cast('float8_e5m2fnuz', 'complex64')
cast('float8_e8m0fnu', 'float32') | cast('float8_e8m0fnu', 'float16') | cast('float8_e8m0fnu', 'float64') | cast('float8_e8m0fnu', 'complex64')
"""

GROUPS = {"float8": (FLOAT8, FLOAT8_PROGRAMS)}
