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

COMPLEX32 = """
import copy
z = torch.tensor([1+2j, .1-3j]).to(torch.complex32)
m = torch.tensor([[1+2j, .1-3j], [.5, 2j]]).to(torch.chalf)
h = torch.tensor([1., .1]).half()
w = torch.tensor([1+2j, 3.])
f = torch.tensor([1., .1])
"""

COMPLEX32_PROGRAMS = """
z | z.dtype | z.element_size() | z.nbytes | z.untyped_storage().nbytes() | z.storage().dtype
z.storage().tolist() | z.type() | z.tolist() | z[0].item() | complex(z[0]) | z[1] | z.real | z.imag
z.real.is_contiguous() | z.real.stride() | z.real.dtype | z.abs() | z.angle() | z.conj() | z.is_conj()
z.conj().resolve_conj() | z.conj_physical() | z.numpy() | z.cfloat() | z.to(torch.complex128) | z.half()
z.float() | z.int() | z.bool() | z.chalf() is z | w.chalf() | f.chalf() | f.to(torch.chalf) | h.chalf()
torch.tensor([70000.+1j]).chalf() | torch.tensor(1+2j,dtype=torch.chalf)
torch.tensor([[1,2]],dtype=torch.complex32) | torch.zeros(2,dtype=torch.chalf)
torch.ones(2,2,dtype=torch.chalf) | torch.full((2,),1.1+2j,dtype=torch.chalf)
torch.full((2,),1e9,dtype=torch.chalf) | torch.empty(2,dtype=torch.chalf).shape | torch.eye(2,dtype=torch.chalf)
torch.arange(3,dtype=torch.chalf) | torch.linspace(0,1,3,dtype=torch.chalf)
torch.logspace(0,1,3,dtype=torch.chalf) | torch.zeros_like(z) | z.new_ones(2) | z.new_tensor([1.])
torch.scalar_tensor(1.1,dtype=torch.chalf) | torch.complex(h,h) | torch.polar(h,h)
torch.view_as_complex(torch.stack([h,h],-1)) | torch.view_as_real(z) | z.view(torch.float16)
h.view(torch.complex32) | z.view(torch.int32) | z.view(torch.complex64) | torch.randint(3,(2,),dtype=torch.chalf)
z+z | z-z | z*z | z/z | z/2 | 2/z | z+1 | z+1.5 | z+1j | z*2 | z*1.1 | 1-z | z**2 | z+h | z+f | z+w
z+f.double() | z+torch.tensor([1,2]) | z*h | z*f | h*1j | h+1j | h*z | torch.tensor(1.)*z | torch.tensor(1j)*z
torch.tensor(1j)*h | z[0]*h | z[0]*f | z[0]*w | z[0]*f.double() | f.bfloat16()*z | z==z | z!=w | z==1 | z<z
torch.equal(z,z.clone()) | torch.allclose(z,z) | torch.isclose(z,z) | z.sum() | z.sum(dtype=torch.complex64)
z.mean() | z.prod() | z.cumsum(0) | z.norm() | z.std() | z.var() | m.std(0) | z.sin() | z.exp() | z.sqrt()
z.reciprocal() | z.sigmoid() | z.tanh() | z.neg() | -z | z.sgn() | z.sign() | z.square() | z@z | m@m | m@z
torch.dot(z,z) | torch.vdot(z,z) | torch.mm(m,m) | m[None]@m[None] | torch.outer(z,z) | torch.kron(z,z)
torch.einsum('i,j',z,z) | torch.inner(z,z) | torch.addcmul(z,z,z) | torch.addcmul(z,z,z,value=.5)
torch.addcdiv(z,z,z) | torch.lerp(z,z,.5) | torch.cat([z,z]) | torch.cat([z,f]) | torch.cat([z,h])
torch.stack([z,z]) | torch.where(z==z,z,z) | torch.where(z==z,z,0) | torch.where(z==z,z,w) | z[z==z] | z[[0]]
z[0] | z[1:] | m.T | m.H | m.mH | m.t().contiguous() | m.diagonal() | torch.diag(z) | torch.diag(m)
torch.trace(m) | m.tril() | m.triu() | m.flip(0) | m.roll(1) | m.rot90() | z.repeat(2) | z.repeat_interleave(2)
z.unfold(0,2,1) | z.gather(0,torch.tensor([0])) | m.gather(0,torch.tensor([[0,1]]))
z.index_select(0,torch.tensor([0])) | z.index_add(0,torch.tensor([0]),z[:1])
z.index_fill(0,torch.tensor([0]),1j) | z.index_copy(0,torch.tensor([0]),z[1:])
z.scatter(0,torch.tensor([0]),z[1:].clone()) | z.take(torch.tensor([0])) | z.masked_fill(z==z,1.1)
z.masked_select(z==z) | z.masked_scatter(z==z,z) | z.nonzero() | z.count_nonzero() | z.all() | z.any()
z.isnan() | z.isinf() | z.isfinite() | z.isreal() | z.unique() | z.max() | z.sort() | z.argmax()
torch.linalg.norm(z) | torch.linalg.vector_norm(z,1) | torch.linalg.inv(m) | torch.linalg.det(m)
torch.linalg.eig(m) | torch.linalg.svd(m) | torch.fft.fft(z) | torch.fft.fftshift(z) | F.pad(z,(1,1))
F.linear(z,m) | nn.Linear(2,2,dtype=torch.chalf)(z) | nn.Linear(2,2).to(torch.chalf) | F.relu(z)
F.l1_loss(z,z*2) | F.mse_loss(z,z) | F.softmax(z,0) | F.dropout(z,.5,False) | F.embedding(torch.tensor([0,1]),m)
F.normalize(m) | z.add_(1) | z.add_(z) | z.mul_(2) | z.mul_(1.1) | z.div_(2) | z.fill_(1.1) | z.fill_(1j)
z.zero_() | z.copy_(w) | z.copy_(f) | f.copy_(z) | w.copy_(z) | f.add_(z) | w.add_(z) | z.add_(w) | z.add_(f)
h.add_(z) | (z.real.__setitem__(0,5.),z)[1] | (z.imag.add_(1),z)[1] | (z.real.fill_(.1),z)[1]
(torch.view_as_real(z).zero_(),z)[1] | copy.deepcopy(z) | z.clone() | z.detach() | z.contiguous() | z.cpu()
torch.is_complex(z) | z.is_floating_point() | torch.promote_types(torch.chalf,torch.float64)
torch.result_type(z,1.) | torch.result_type(z,f) | torch.result_type(h,1j)
torch.can_cast(torch.chalf,torch.float16) | z.requires_grad_()
(lambda y:(y.abs().sum().backward(),y.grad))(z.clone().requires_grad_())
(lambda y:(torch.view_as_real(y).sum().backward(),y.grad))(z.clone().requires_grad_())
(lambda y:((y*y).abs().sum().backward(),y.grad))(z.clone().requires_grad_())
(lambda y:(y.cfloat().abs().sum().backward(),y.grad))(z.clone().requires_grad_())
(lambda y:(torch.complex(y,y).abs().sum().backward(),y.grad))(h.clone().requires_grad_())
(lambda y:(y.real.sum()+y.imag.sum()).backward() or y.grad)(z.clone().requires_grad_())
torch.empty(0,dtype=torch.chalf) | torch.tensor([float('nan'),1e-8,65504,65520],dtype=torch.chalf)
torch.stack([z.real,z.imag]) | z.real*2 | z.real.numpy() | z.imag.tolist() | str(m)
torch.randperm(3,dtype=torch.chalf) | z.squeeze() | z.unsqueeze(0) | z.expand(2,2) | z.view(2,1) | z.reshape(2,1)
z.split(1) | torch.block_diag(z,z) | torch.cartesian_prod(z,z) | torch.atleast_2d(z) | z.float_power(2)
torch.tensor_split(z,2) | torch.vstack([z,z]) | torch.diff(z) | torch.dist(z,z*2) | torch.tensordot(m,m,1)
z.data | torch.asarray(z) | torch.as_tensor(z,dtype=torch.complex64) | torch._foreach_add([z],[z])
z.storage().nbytes() | z.type(torch.complex64) | z.to(w) | w.to(z) | torch.Tensor.type_as(w,z) | hash(z)==hash(z)
len(z) | list(z) | bool(z[0]) | float(z[0]) | z.ldexp(z) | torch.real(z)
torch.utils.data.default_collate([z,z]) | torch.testing.assert_close(z,z) | torch.sgn(z) | torch.abs(z).dtype
torch.complex(h,f) | torch.complex(f,f) | nn.Linear(2,2).to(torch.chalf).state_dict()['weight'].dtype
z.untyped_storage().tolist() | bytes(z.untyped_storage())
torch.empty(0,dtype=torch.chalf).set_(z.untyped_storage()) | (z+z)[0].real | (z+z).real | (z+z).imag+1
(z*2).view(torch.float16) | torch.view_as_real(z+z) | (lambda y:(y.real.mul_(2),y)[1])(z+z)
(lambda y:(y[0].fill_(1j),y)[1])(z+z) | (lambda y:(y[:1].add_(1),y)[1])(z.clone())
(lambda y:(torch.view_as_real(y)[...,1].fill_(7),y)[1])(z+z)
(lambda y:(torch.view_as_complex(y).add_(1j),y)[1])(torch.ones(2,2).half())
(lambda y:(torch.view_as_complex(y)[0].zero_(),y)[1])(torch.ones(2,2).half())
(lambda y:(torch.view_as_complex(y).imag.fill_(3),y)[1])(torch.ones(2,2).half())
(lambda y:(torch.view_as_complex(y),torch.view_as_complex(y).stride()))(torch.ones(2,2).half()*2)
z.T.stride(), m.imag.stride(), m.imag.storage_offset() | m[:,1].storage_offset() | z.resize_(1)
z.clone().resize_(3).shape | torch.chalf.itemsize | h.view(torch.complex32).real
torch.zeros(3,dtype=torch.chalf).real | torch.nn.Parameter(z) | torch.optim.SGD([torch.nn.Parameter(z)],.1)
z.sum_to_size(1) | z.expand(2,2).sum() | sum([z,z]) | torch.sparse_coo_tensor([[0]],z[:1],(2,)).to_dense()
m.index_put((torch.tensor([0]),),z) | m[m!=2j] | m[[1,0],[0,1]] | torch.vmap(lambda v:v*2)(m)
torch.func.grad(lambda v:v.abs().sum())(z) | z.chalf().requires_grad
torch.view_as_complex(torch.ones(2,2).half().requires_grad_()).requires_grad
(lambda y:(torch.view_as_complex(y).abs().sum().backward(),y.grad)[1])(torch.ones(2,2).half().requires_grad_())
torch.zeros(2,device='meta',dtype=torch.chalf)+1 | z.to('meta').abs().dtype
torch.complex(h,h)*torch.complex(h,h) | h*torch.tensor([1j]) | h+torch.tensor(1j)
f*torch.tensor(1j,dtype=torch.chalf) | torch.stack([z,h+0j]) | torch.where(h>0,h,1j)
h.to(torch.chalf).to(torch.half) | torch.bfloat16.to_complex() | torch.half.to_complex()
"""

GROUPS = {
    "float8": (FLOAT8, FLOAT8_PROGRAMS),
    "complex32": (COMPLEX32, COMPLEX32_PROGRAMS),
}
