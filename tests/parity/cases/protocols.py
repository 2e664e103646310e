# ruff: noqa: E501 - a program to a line is easier to read than one in pieces
"""Programs for `compat_protocols`: expressions, by what they are about.

Each is run with `torch`, `nn`, `F`, and what its group's preamble makes; the last
statement's value is compared, or the error.
"""

SUBCLASSES = """
class S(torch.Tensor): pass
s = torch.ones(2, 2).as_subclass(S)
x = torch.ones(2, 2)
g = torch.ones(2, 2, requires_grad=True)
"""

SUBCLASS_PROGRAMS = """
s + 1 | 1 + s | x + s | s - x | 2 / s | s ** 2 | s @ x | x @ s | -s | s == s | s > 0
s.sum() | s[0] | s[s > 0] | x[s > 0] | s.view(-1) | s.T | s.mT | s.t() | s.add_(1)
s.max(0) | torch.max(s, 0) | s.sort() | s.topk(1) | s.split(1) | s.unbind() | list(s)
torch.stack([s, x]) | torch.cat([x, s]) | torch.where(s > 0, s, x) | F.relu(s)
F.linear(s, x) | F.softmax(s, 0) | F.layer_norm(s, (2,)) | F.mse_loss(s, x) | s.shape
F.conv2d(torch.ones(1, 1, 3, 3).as_subclass(S), torch.ones(1, 1, 2, 2)) | s.sum().item()
type(nn.Linear(2, 2)(s)) is S | type(nn.ReLU()(s)) is S | type(nn.LSTM(2, 2)(s)[0]) is S
type(nn.Sequential(nn.Linear(2, 2), nn.Tanh())(s)) is S | type(nn.LayerNorm(2)(s)) is S
type(nn.BatchNorm1d(2)(s)) is S | type(nn.Dropout()(s)) is S | nn.Flatten()(s)
type(nn.MultiheadAttention(2, 1)(s, s, s)[0]) is S | nn.MaxPool2d(1)(s[None, None])
nn.CrossEntropyLoss()(s, torch.tensor([0, 1])) | s.grad | s.data | s.detach() | s.clone()
s.tolist() | s.size() | s.stride() | s.dtype | s.double() | s.int() | s.all() | s.to('cpu')
torch.zeros_like(s) | s.new_zeros(2) | torch.equal(s, x) | repr(s) | str(s[0]) | len(s)
type(g.as_subclass(S).grad_fn).__name__ | (g.as_subclass(S) * 2).grad_fn.name()
g.as_subclass(S).sum().backward(); g.grad | nn.Parameter(s) | repr(nn.Parameter(s))
isinstance(nn.Parameter(s), nn.Parameter) | isinstance(nn.Parameter(s), S)
isinstance(s, nn.Parameter) | type(nn.Parameter(x) + 1).__name__ | S([1., 2.]) | S(2, 3).shape
torch.Tensor._make_subclass(S, x) | torch.Tensor._make_subclass(S, x, True).requires_grad
torch.Tensor._make_subclass(S, x).data_ptr() == x.data_ptr() | s.requires_grad_()
torch.einsum('ij,jk', s, x) | s.expand(2, 2, 2) | s.reshape(4) | s.unsqueeze(0) | s.cumsum(0)
s.fill_(3) | s.copy_(x) | x.add_(s) | x.copy_(s) | s.is_floating_point() | bool(s[0, 0])
torch.as_tensor(s) is s | type(torch.tensor(s)).__name__ | torch.add(x, s) | sum([s, s])
torch.Tensor.add(s, 1) | torch.Tensor.__add__(s, 1) | s.as_subclass(torch.Tensor)
torch.meshgrid(s[0], s[0], indexing='ij') | torch.broadcast_tensors(s, x) | s.norm()
torch.linalg.norm(s) | s.argmax() | s.std() | torch.chunk(s, 2) | hash(s) == hash(s)
x.as_subclass(int) | x.as_subclass(3) | torch.Tensor._make_subclass(int, x)
torch.Tensor._make_subclass(S, 3) | import copy; copy.copy(s) | torch.autograd.grad(g.as_subclass(S).sum(), g)
s.half().dtype | torch.unique(s)
"""

OVERRIDES = """
class W:
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        if func is torch.mean: return 'mean'
        if func is torch.Tensor.add: return 'method add'
        if func is F.relu: return 'relu'
        return NotImplemented
class M(torch.overrides.TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        seen.append(torch.overrides.resolve_name(func))
        return func(*args, **(kwargs or {}))
class Deny(torch.overrides.TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None): return NotImplemented
class C(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        seen.append(torch.overrides.resolve_name(func))
        return super().__torch_function__(func, types, args, kwargs)
seen = []
x = torch.ones(2, 2)
g = torch.ones(2, 2, requires_grad=True)
def see(run):
    with M(): run()
    return seen
"""

OVERRIDE_PROGRAMS = """
torch.mean(W()) | torch.sum(W()) | x + W() | W() + x | x * W() | x.add(W()) | F.relu(W())
torch.cat([x, W()]) | torch.stack([W()]) | x[W()] | torch.numel(W()) | torch.is_tensor(W())
torch.zeros_like(W()) | torch.tensor(W()) | torch.where(x > 0, W(), x) | x == W() | x < W()
torch.add(x, W()) | torch.add(W(), 1, out=W()) | x.to(W()) | torch.mean(input=W())
see(lambda: x + 1) | see(lambda: 1 - x) | see(lambda: 2 / x) | see(lambda: x // x)
see(lambda: x % 2) | see(lambda: x ** 2) | see(lambda: x == x) | see(lambda: x != x)
see(lambda: -x) | see(lambda: abs(x)) | see(lambda: x @ x) | see(lambda: x[0])
see(lambda: x.__setitem__(0, 1)) | see(lambda: x.shape) | see(lambda: x.dtype)
see(lambda: x.requires_grad) | see(lambda: x.T) | see(lambda: len(x)) | see(lambda: repr(x))
see(lambda: float(x[0, 0])) | see(lambda: x.tolist()) | see(lambda: x.add_(1))
see(lambda: x.view(-1)) | see(lambda: torch.add(x, x)) | see(lambda: torch.zeros(2))
see(lambda: torch.tensor([1.])) | see(lambda: torch.randn(2)) | see(lambda: torch.arange(2))
see(lambda: torch.cat([x, x])) | see(lambda: torch.split(x, 1)) | see(lambda: x.split(1))
see(lambda: F.relu(x)) | see(lambda: F.linear(x, x)) | see(lambda: F.softmax(x, -1))
see(lambda: F.dropout(x)) | see(lambda: F.mse_loss(x, x)) | see(lambda: torch.is_tensor(x))
see(lambda: g.sum().backward()) | see(lambda: torch.einsum('ij,jk', x, x)) | see(lambda: x.max(0))
see(lambda: torch.linalg.norm(x)) | see(lambda: torch.fft.fft(x)) | see(lambda: x.numpy())
l = nn.Linear(2, 2); see(lambda: l(x)) | see(lambda: x.requires_grad_()) | see(lambda: x.detach())
l = nn.Sequential(nn.Linear(2, 2), nn.ReLU()); see(lambda: l(x)) | see(lambda: 1 in x)
c = nn.Conv2d(1, 1, 1); see(lambda: c(x[None, None])) | see(lambda: torch.get_default_dtype())
y = x.as_subclass(C); y + 1; torch.add(y, y); F.relu(y); y.shape; seen
y = x.as_subclass(C); y.sum().item(); seen | y = x.as_subclass(C); x * y; y[0]; seen
with Deny(): x + 1
with Deny(): x.add(1)
torch.overrides.has_torch_function((x,)) | torch.overrides.has_torch_function((x, W()))
torch.overrides.has_torch_function_unary(x.as_subclass(C)) | torch.overrides.is_tensor_like(W())
torch.overrides.resolve_name(torch.Tensor.add) | torch.overrides.resolve_name(torch.add)
torch.overrides.resolve_name(F.relu) | torch.overrides.resolve_name(torch.einsum)
torch.overrides.resolve_name(torch.Tensor.shape.__get__) | torch.overrides.resolve_name(len)
torch.overrides.is_tensor_method_or_property(torch.Tensor.add)
torch.overrides.is_tensor_method_or_property(torch.add) | torch.overrides.TorchFunctionMode().__torch_function__(1, 2)
"""

GRADIENTS = """
x = torch.ones(2, requires_grad=True)
z = torch.ones(2, requires_grad=True)
A = torch.autograd
class Exp(A.Function):
    @staticmethod
    def forward(ctx, a): ctx.e = a.exp(); return ctx.e.clone()
    @staticmethod
    def backward(ctx, g): return g * ctx.e
class Cube(A.Function):
    @staticmethod
    def forward(ctx, a): ctx.a = a; return a ** 3
    @staticmethod
    def backward(ctx, g): return g * 3 * ctx.a ** 2
class Saved(A.Function):
    @staticmethod
    def forward(ctx, a, b): ctx.save_for_backward(a, None, b); return a * b
    @staticmethod
    def backward(ctx, g):
        a, _, b = ctx.saved_tensors
        return g * b, g * a
def custom(back, count=1):
    class F1(A.Function):
        @staticmethod
        def forward(ctx, *args): return args[0] * 2
        @staticmethod
        def backward(ctx, g): return back(g)
    return F1
def twice(y):
    g, = A.grad(y.sum(), x, create_graph=True)
    return g.requires_grad, A.grad(g.sum(), x)
"""

GRADIENT_PROGRAMS = """
A.grad((x * 2).sum(), x, only_inputs=True) | A.grad((x * 2).sum(), x, only_inputs=False)
A.grad((x * 2).sum(), [x, z], allow_unused=False, materialize_grads=True)
A.grad((x * 2).sum(), [x, z], materialize_grads=True) | A.grad((x * 2).sum(), [x, z])
A.grad((x * 2).sum(), torch.ones(2)) | A.grad((x * 2).sum(), x, None, True, False, True, None, False, False)
A.grad(x * 2, x, torch.ones(3)) | A.grad([x * 2], [x], [torch.ones(2), torch.ones(2)])
A.grad([x * 2, x * 3], [x], [torch.ones(2)]) | A.grad(x * 2, x) | A.grad((x * 2).sum(), [])
A.grad(torch.ones(2).sum(), x) | A.grad((x * 2).sum(), {'a': x}) | A.grad((x * 2).sum(), [3])
A.grad(x * 2, [x], torch.eye(2), is_grads_batched=True) | A.grad((x * 2j).sum(), [x])
A.grad(x * 2, [x], [3.0]) | A.grad((x * 2).sum(), [A.graph.get_gradient_edge(x)])
y = x * 3; A.grad((y * 2).sum(), [A.graph.get_gradient_edge(y)])
A.backward([A.graph.get_gradient_edge((x * 2).sum())]); x.grad | A.backward(x * 2)
(x * 2).sum().backward(inputs=[]) | (x * 2).sum().backward(inputs=z); z.grad
A.backward(x * 2, torch.ones(2), grad_variables=torch.ones(2)) | A.backward(torch.ones(2))
A.backward(x * 2, torch.ones(2, dtype=torch.int64)); x.grad | (x * 2).backward(1.0)
(x * 2).backward(torch.ones(2, dtype=torch.complex64)) | A.backward((x * 2).sum(), inputs=[3])
y = (x * x).sum(); y.backward(); y.backward() | twice(Exp.apply(x)) | twice(Cube.apply(x))
twice(x * 2) | twice(x ** 2) | twice(Saved.apply(x, x)) | A.graph.get_gradient_edge(torch.ones(1))
custom(lambda g: (g, None, torch.ones(3))).apply(x, 3, z).sum().backward()
custom(lambda g: 3).apply(x).sum().backward() | custom(lambda g: (g, g)).apply(x).sum().backward()
custom(lambda g: g).apply(x, z).sum().backward() | custom(lambda g: None).apply(x).sum().backward(); x.grad
fn = Cube.apply(x).grad_fn; [type(fn).__name__, fn.name(), isinstance(fn, A.graph.Node), fn.a is x]
fn = Cube.apply(x).grad_fn.next_functions; [type(fn[0][0]).__name__, fn[0][0].variable is x, fn[0][1]]
q = (x * 2 + 1).sum().grad_fn; q.metadata['a'] = 1; [type(q).__name__, q.metadata]
(x * 2).sum().grad_fn.foo | (x * 2).grad_fn.next_functions[0][0] is (x * 3).grad_fn.next_functions[0][0]
type(A.graph.get_gradient_edge(x).node).__name__ | type(A.gradcheck).__name__
y = Saved.apply(x, z); y.sum().backward(); y.grad_fn.saved_tensors
y = Saved.apply(x, z).grad_fn; [[type(v).__name__ for v in y.saved_tensors], y.needs_input_grad]
seen = []; f = (x * 2).grad_fn.next_functions[0][0]; f.register_hook(lambda i, o: seen.append((i, o))); (x * 2).sum().backward(); seen
f = (x * 2).grad_fn.next_functions[0][0]; f.register_prehook(lambda g: (g[0] * 5,)); (x * 2).sum().backward(); x.grad
with A.graph.allow_mutation_on_saved_tensors(): y = x.clone(); w = (y ** 2).sum(); y.zero_(); w.backward()
"""

HOOKS = """
A = torch.autograd
x = torch.tensor([1., 2.], requires_grad=True)
w = torch.tensor([3., 4.], requires_grad=True)
M = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)
packed, unpacked = [], []
def pack(t):
    packed.append([round(float(v), 3) for v in t.detach().flatten()])
    return t.detach().clone()
def unpack(t):
    unpacked.append(tuple(t.shape))
    return t
def hooked(run, pack=pack, unpack=unpack):
    with A.graph.saved_tensors_hooks(pack, unpack): y = run()
    found = A.grad(y.sum(), [x, w, M], allow_unused=True)
    return sorted(packed), len(unpacked), found
"""

HOOK_PROGRAMS = """
hooked(lambda: x * w) | hooked(lambda: x * 2) | hooked(lambda: x * w.detach()) | hooked(lambda: x + w)
hooked(lambda: x ** 2) | hooked(lambda: x.exp()) | hooked(lambda: x.sin()) | hooked(lambda: x.relu())
hooked(lambda: x.sigmoid()) | hooked(lambda: x.tanh()) | hooked(lambda: x.sum()) | hooked(lambda: x / w)
hooked(lambda: M @ x) | hooked(lambda: M @ M) | hooked(lambda: x.log()) | hooked(lambda: x.sqrt())
hooked(lambda: (x * w).exp() * w) | hooked(lambda: F.mse_loss(x, w)) | hooked(lambda: x[:1])
hooked(lambda: torch.cat([x, w])) | hooked(lambda: F.gelu(x)) | hooked(lambda: x.mean())
hooked(lambda: torch.where(x > 1, x, w)) | hooked(lambda: x.clamp(0, 1)) | hooked(lambda: x.var())
hooked(lambda: F.conv2d(M[None, None], M[None, None])) | hooked(lambda: x * w, unpack=lambda t: t * 3)
hooked(lambda: x * w, pack=lambda t: t.detach() * 10) | hooked(lambda: x * w, unpack=lambda t: 3)
hooked(lambda: x * w, pack=lambda t: t.add_(1)) | hooked(lambda: x.exp(), unpack=lambda t: t * 2)
with A.graph.disable_saved_tensors_hooks('no hooks'): hooked(lambda: x)
with A.graph.save_on_cpu(): y = x * w
with A.graph.saved_tensors_hooks(pack, unpack), A.graph.disable_saved_tensors_hooks('none'): x * w
"""

META = """
m = torch.ones(2, 3, device='meta')
c = torch.ones(2, 3)
def inside(run):
    with torch.device('meta'): return run()
"""

META_PROGRAMS = """
m | torch.ones((), device='meta') | torch.ones(2, device='meta', dtype=torch.int64) | str(m)
torch.ones(2, device='meta', requires_grad=True) | torch.ones(2, device='meta', requires_grad=True) * 2
nn.Parameter(m) | [m.device, m.is_meta, c.is_meta, m.is_cpu, m.is_cuda, m.get_device()] | m + m
m + 1 | m + c | c + m | m + torch.tensor(1.) | torch.tensor(1.) + m | c + torch.ones((), device='meta')
m @ m.T | torch.cat([m, c]) | torch.where(m > 0, m, c) | nn.Linear(3, 2, device='meta')(c)
torch.stack([c, m]) | F.embedding(torch.tensor([0]), m) | m[torch.tensor([0])] | c.copy_(m) | m.copy_(c)
nn.BatchNorm1d(3, device='meta')(m) | m[0, 0].item() | m.tolist() | m.numpy() | bool(m[0, 0])
float(m[0, 0]) | int(m[0, 0]) | m.cpu() | m.to('cpu') | c.to('meta') | m.to(torch.float16) | len(m)
torch.tensor(m) | import copy; copy.deepcopy(m) | import pickle; pickle.loads(pickle.dumps(m))
torch.empty_like(m, device='cpu').shape | torch.zeros_like(m) | m.new_zeros(2) | torch.rand_like(m)
m.uniform_() | m.zero_() | m.fill_(2) | torch.empty(10**7, 10**7, device='meta').shape
(torch.ones(10**7, 10**7, device='meta') * 2).sum().shape | torch.full((2,), 3., device='meta')
torch.arange(3, device='meta') | torch.eye(2, device='meta') | torch.tensor([1., 2.], device='meta')
torch.randint(3, (2,), device='meta') | torch.randperm(3, device='meta') | torch.hann_window(3, device='meta')
inside(lambda: nn.Linear(2, 2).weight.device) | inside(lambda: torch.tensor([1]).device)
inside(lambda: torch.get_default_device()) | inside(lambda: torch.Tensor(2).device) | inside(lambda: torch.randn(2))
inside(lambda: torch.zeros(1, device='cpu')) | torch.ones(1).device
torch.manual_seed(0); nn.Linear(3, 3, device='meta'); torch.randn(2, device='meta').normal_(); torch.rand(2)
l = nn.Linear(2, 2, device='meta'); e = l.to_empty(device='cpu'); [e is l, l.weight.device, l.weight.requires_grad]
nn.Linear(2, 2, device='meta').to('cpu') | nn.Linear(2, 2, device='meta').cpu() | nn.Linear(2, 2).to('meta').weight.device
l = nn.Linear(2, 2, device='meta'); l.load_state_dict(nn.Linear(2, 2).state_dict(), assign=True); [l.weight.device, type(l.weight).__name__]
l = nn.Linear(2, 2, device='meta'); l.load_state_dict(nn.Linear(2, 2).state_dict()); l.weight.device
nn.Linear(2, 2).load_state_dict(nn.Linear(2, 2, device='meta').state_dict())
import io; b = io.BytesIO(); torch.save(c, b); b.seek(0); torch.load(b, map_location='meta')
v = torch.ones(3, device='meta', requires_grad=True); (v * 2).sum().backward(); v.grad
l = nn.Linear(3, 3, device='meta'); o = torch.optim.Adam(l.parameters()); l(m).sum().backward(); o.step(); l.weight.device
[m.T.stride(), m.data_ptr(), m.storage_offset(), m.untyped_storage().nbytes(), m.nbytes]
nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.MaxPool2d(2), nn.Flatten()).to('meta')(torch.ones(2, 3, 8, 8, device='meta')).shape
F.cross_entropy(m, torch.zeros(2, dtype=torch.int64, device='meta')) | nn.TransformerEncoderLayer(4, 2, device='meta')(torch.ones(2, 3, 4, device='meta')).shape
"""

INFERENCE = """
n = torch.ones(2)
g = torch.ones(2, requires_grad=True)
def made(run):
    with torch.inference_mode(): return run()
i = made(lambda: torch.ones(2))
class Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b): ctx.save_for_backward(b); return a + b
    @staticmethod
    def backward(ctx, g): return g, None
"""

INFERENCE_PROGRAMS = """
made(lambda: n[:1].is_inference()) | made(lambda: (n * 2).is_inference()) | made(lambda: n.clone().is_inference())
made(lambda: n.detach().is_inference()) | made(lambda: torch.tensor([1.]).is_inference()) | torch.is_inference(i)
made(lambda: [g[:1].requires_grad, g.view(1, 2).requires_grad, (g * 2).requires_grad]) | made(lambda: torch.enable_grad()(lambda: [torch.is_grad_enabled(), torch.is_inference_mode_enabled(), (g * 2).requires_grad, g[:1].requires_grad])())
made(lambda: [torch.is_inference_mode_enabled(), torch.is_grad_enabled()]) | torch.is_inference_mode_enabled()
i.add_(1) | i[:1].add_(1) | i.__setitem__(0, 1) | i.fill_(1) | i.zero_() | i.copy_(n) | i.uniform_()
made(lambda: i.add_(1)) | made(lambda: g.add_(1)) | g * i | i * g | g + i | (n * i).is_inference()
[(i + 1).is_inference(), i[0].is_inference(), i.clone().is_inference(), i.detach().is_inference()]
(g + i).exp().sum() | nn.Linear(2, 2)(i) | F.mse_loss(g, i) | F.relu(i).is_inference() | torch.cat([g, i])
torch.ones(2, 2, requires_grad=True) @ i | torch.where(i > 0, g, n) | g[i.long()] | i.requires_grad_()
i.requires_grad_(False) | i._version | n._version | nn.Parameter(i) | nn.Parameter(i, False)
i.clone().requires_grad_().is_inference() | i.detach().requires_grad_() | i.data.is_inference() | i.numpy()
import copy; copy.deepcopy(i).is_inference() | torch.add(n, n, out=i) | Sum.apply(g, i) | i.unbind()[0].is_inference()
torch.inference_mode()(lambda: torch.ones(1).is_inference())() | made(lambda: torch.inference_mode(False)(lambda: (g * 2).requires_grad)())
torch.no_grad()(lambda: torch.inference_mode(False)(lambda: torch.is_grad_enabled())())() | made(lambda: (g * 2).sum().backward())
"""

STORAGE = """
import warnings; warnings.simplefilter('ignore')
x = torch.arange(6.).view(2, 3)
i = torch.tensor([1, 2, 3])
"""

STORAGE_PROGRAMS = """
[type(x.storage()).__name__, type(x.untyped_storage()).__name__] | repr(x.storage()).replace('funcnet.compat', 'torch')
[x.storage().size(), x.storage().nbytes(), x.untyped_storage().size(), len(x.untyped_storage()), x.storage().element_size()]
[x.storage().data_ptr() == x.data_ptr(), x[1:].data_ptr() - x.data_ptr(), x.clone().data_ptr() == x.data_ptr(), x.T.data_ptr() == x.data_ptr()]
[x.storage()._cdata == x[1].storage()._cdata, x.untyped_storage() is x.untyped_storage(), x.storage() is x.storage()]
x.storage().tolist() | x.storage()[1] | x.storage()[1:3] | x.storage()[9] | list(x.storage()) | x[1].storage().tolist()
i[:1].untyped_storage().tolist() | y = x.clone(); y.storage()[0] = 9.; y | y = torch.zeros(2); y.storage().fill_(3.); y
y = torch.zeros(2, dtype=torch.uint8); y.untyped_storage()[0] = 7; y | y = torch.zeros(6); y.storage().copy_(x.storage()); y
x.storage().clone().tolist() | [x.storage().dtype, x.storage().type(), x.storage().pickle_storage_type()] | x.storage().int().tolist()
torch.empty(0).set_(x.storage()) | torch.empty(0).set_(x.storage(), 1, (2, 2), (2, 1)) | torch.empty(0).set_(x.untyped_storage())
torch.empty(0).set_(x, 1, (2,), (1,)) | torch.ones(3).set_() | torch.empty(0, dtype=torch.int64).set_(x.storage())
y = torch.empty(0).set_(x.untyped_storage(), 0, (6,), (1,)); y[0] = 5; x | torch.Tensor(x.storage()) | torch.FloatTensor(x.storage())
[torch.FloatStorage(3).size(), torch.FloatStorage([1., 2.]).tolist(), torch.LongStorage([1, 2]).dtype]
torch.TypedStorage([1, 2], dtype=torch.int64).tolist() | [torch.UntypedStorage(4).size(), torch.UntypedStorage([1, 2]).tolist()]
[isinstance(x.storage(), torch.FloatStorage), isinstance(i.storage(), torch.FloatStorage), torch.is_storage(x.storage()), torch.is_storage(x)]
y = torch.ones(4); y.untyped_storage().resize_(0); [y.untyped_storage().size(), y.shape]
y = torch.ones(4); y.untyped_storage().resize_(0); y.untyped_storage().resize_(16); y.copy_(torch.arange(4.)); y
x[0].expand(4, 3).untyped_storage().nbytes() | torch.ones(1).expand(5).storage().size() | x.storage_type().__name__
torch.FloatStorage.from_buffer(b'\\x00\\x00\\x80\\x3f', 'little').tolist() | bytes(torch.tensor([1, 2], dtype=torch.uint8).untyped_storage())
import copy; copy.deepcopy(x.storage()).tolist() | torch._utils._rebuild_tensor_v2(x.storage(), 1, (2, 2), (2, 1), False, None)
torch.tensor([1., 2.]).apply_(lambda v: v * 2) | torch.tensor([1, 2]).apply_(lambda v: v * 2.5) | torch.ones(1).apply_(3)
torch.ones(1, requires_grad=True).apply_(lambda v: v) | torch.ones(1).apply_(lambda v: 'a') | y = torch.zeros(2, 2); y[:, 1].apply_(lambda v: v + 1); y
torch.tensor([1., 2.]).map_(torch.tensor([3., 4.]), lambda a, b: a * b) | torch.zeros(2).map_(torch.tensor([3, 4]), lambda a, b: b)
torch.zeros(2, 2).map_(torch.tensor([3., 4.]), lambda a, b: b) | torch.tensor([1., 2.]).map2_(torch.tensor([3., 4.]), torch.tensor([5., 6.]), lambda a, b, c: a + b * c)
torch.zeros(2, requires_grad=True).map_(torch.tensor([3., 4.]), lambda a, b: b) | [x.is_set_to(x), x.is_set_to(x.T), x.is_set_to(x.clone())]
torch.empty(0).data_ptr() | y = torch.ones(2); y.add_(1); [y._version, y[0]._version, y.detach()._version, y.data._version]
"""

EMPTY_PROGRAMS = (
    " | ".join(
        f"torch.empty({shape}).{name}({dim})"
        for name in (
            *("sum", "mean", "prod", "max", "min", "amax", "amin", "argmax", "argmin"),
            *("median", "nanmedian", "mode", "std", "var", "all", "any", "logsumexp"),
            *("cumsum", "cummax", "sort", "argsort", "softmax", "count_nonzero"),
        )
        for shape in ("0", "0, 3", "2, 0")
        for dim in ("", "0", "-1")
        if dim or name not in ("logsumexp", "cumsum", "cummax", "softmax")
    )
    + """
torch.aminmax(torch.empty(0)) | torch.aminmax(torch.empty(2, 0), dim=1) | torch.empty(0).kthvalue(1)
torch.empty(0).quantile(.5) | torch.empty(2, 0).nanquantile(.5, 1) | torch.cat([]) | torch.stack([])
"""
)

NAMES = """
def r(*shape): return (torch.arange(1., 1 + torch.Size(shape).numel()) / 10).view(*shape).requires_grad_()
def name(y):
    while isinstance(y, (tuple, list)): y = y[0]
    return type(y.grad_fn).__name__
x, m, b = r(3), r(3, 3), r(2, 3, 3)
i3, i4, i5 = r(2, 2, 4), r(2, 2, 4, 4), r(1, 2, 4, 4, 4)
"""

NAME_PROGRAMS = " | ".join(
    f"name({one.strip()})"
    for one in """
x.sum(); m.sum(0); x.mean(); m.mean(0); x.prod(); m.prod(0); x.max(); m.max(0); torch.max(x, x); m.median(0)
x.norm(); m.norm(dim=0); x ** 2; x ** x; 2 ** x; x + 1; 1 - x; x - x; x * 2; x / 2; 2 / x; x % 2; x % x; torch.fmod(x, x)
x.clamp(0, 1); x.clamp_min(0); x.clamp_min(x); -x; x.abs(); x.exp(); x.log1p(); x.sqrt(); x @ x; m @ x; x @ m; m @ m; b @ m; b @ b
torch.mm(m, m); torch.bmm(b, b); torch.outer(x, x); F.linear(m, m); F.linear(m, m, x); F.linear(b, m); F.linear(b, m, x); F.linear(x, m)
nn.Linear(3, 3)(m); nn.Linear(3, 3)(b); nn.Linear(3, 3, bias=False)(m); nn.Conv2d(2, 2, 2)(i4); nn.Conv2d(2, 2, 2)(i4[0])
nn.ConvTranspose2d(2, 2, 2)(i4); nn.MaxPool2d(2)(i4); nn.MaxPool1d(2)(i3); nn.MaxPool3d(2)(i5); nn.AvgPool2d(2)(i4)
nn.AdaptiveAvgPool2d(1)(i4); nn.AdaptiveAvgPool2d(2)(i4); nn.BatchNorm2d(2)(i4); nn.LayerNorm(3)(m); nn.GroupNorm(1, 2)(i4)
nn.InstanceNorm2d(2)(i4); nn.RMSNorm(3)(m); nn.ReLU()(x); nn.LeakyReLU()(x); nn.GELU()(x); nn.SiLU()(x); nn.Tanh()(x); nn.ReLU6()(x)
nn.SELU()(x); nn.Softmax(0)(x); nn.LogSoftmax(0)(x); nn.PReLU()(x); nn.Softsign()(x); nn.Dropout()(x); nn.Embedding(3, 3)(torch.tensor([0]))
nn.Flatten()(b); nn.LSTMCell(3, 3)(m); nn.GRUCell(3, 3)(m); nn.MultiheadAttention(3, 1)(b, b, b); nn.Upsample(scale_factor=2)(i4)
F.interpolate(i3, scale_factor=2, mode='linear'); F.interpolate(i4, 2, mode='area'); F.pad(m, (1, 1)); F.pad(i4, (1, 1, 1, 1), mode='reflect')
F.normalize(m); F.cosine_similarity(m, m); F.mse_loss(x, x * 2); F.l1_loss(x, x * 2); F.l1_loss(x, x * 2, reduction='sum')
F.cross_entropy(m, torch.tensor([0, 1, 2])); F.cross_entropy(i4, torch.zeros(2, 4, 4).long()); F.nll_loss(m, torch.tensor([0, 1, 2]))
F.cross_entropy(m, torch.tensor([0, 1, 2]), label_smoothing=.1); F.binary_cross_entropy_with_logits(x, torch.ones(3)); F.kl_div(x, x.detach())
x[0]; x[:2]; x[None]; x[[0, 1]]; m[:, 0]; x.view(3, 1); m.T; m.t(); m.mT; m.permute(1, 0); x.unsqueeze(0); x[None].squeeze(); x[None].squeeze(0)
x[None, None].squeeze((0, 1)); x.expand(2, 3); x.repeat(2); torch.cat([x, x]); torch.stack([x, x]); x.chunk(2); x.unbind(); x.gather(0, torch.tensor([0]))
x.masked_fill(x > 1, 0.); x.masked_fill(x > 1, torch.tensor(0.)); torch.where(x > 1, x, x); x.cumsum(0); x.sort(); x.topk(2); x.clone(); x.double()
torch.linalg.inv(m); torch.linalg.eigvalsh(m @ m.T); torch.fft.rfft(x); x.sin(); x.lerp(x, .5); x.addcmul(x, x); torch.complex(x, x).abs()
""".replace("\n", ";").split(";")
    if one.strip()
)

GROUPS = {
    "subclasses": (SUBCLASSES, SUBCLASS_PROGRAMS),
    "torch function": (OVERRIDES, OVERRIDE_PROGRAMS),
    "gradient graph": (GRADIENTS, GRADIENT_PROGRAMS),
    "saved tensor hooks": (HOOKS, HOOK_PROGRAMS),
    "meta device": (META, META_PROGRAMS),
    "inference mode": (INFERENCE, INFERENCE_PROGRAMS),
    "storages": (STORAGE, STORAGE_PROGRAMS),
    "empty reductions": ("", EMPTY_PROGRAMS),
    "names of gradients": (NAMES, NAME_PROGRAMS),
}
