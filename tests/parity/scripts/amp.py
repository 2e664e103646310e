"""Scripts of `amp`: which dtypes come out, custom functions, scaled training."""

from typing import Any

from tests.parity.scripts.common import numbers, refused, saved, script


def _x(lib: Any) -> Any:
    return numbers(lib, 3, 4).abs() + 0.1


def _square(lib: Any) -> Any:
    x = numbers(lib, 4, 4)
    return x @ x.T + 4 * lib.eye(4)


def _image(lib: Any) -> Any:
    return numbers(lib, 2, 3, 6, 6)


def _volume(lib: Any) -> Any:
    return numbers(lib, 1, 2, 4, 4, 4)


def _logits(lib: Any) -> Any:
    return numbers(lib, 3, 4), lib.tensor([0, 3, 1])


def f(lib: Any) -> Any:
    return lib.nn.functional


OPS: dict[str, Any] = {
    "matmul": lambda lib: _x(lib) @ _x(lib).T,
    "mm": lambda lib: lib.mm(_x(lib), _x(lib).T),
    "bmm": lambda lib: lib.bmm(_x(lib)[None], _x(lib).T[None]),
    "mv": lambda lib: lib.mv(_x(lib), _x(lib)[0]),
    "dot": lambda lib: lib.dot(_x(lib)[0], _x(lib)[1]),
    "addmm": lambda lib: lib.addmm(lib.ones(3, 3), _x(lib), _x(lib).T),
    "addmv": lambda lib: lib.addmv(lib.ones(3), _x(lib), _x(lib)[0]),
    "baddbmm": lambda lib: lib.baddbmm(lib.ones(1), _x(lib)[None], _x(lib).T[None]),
    "addbmm": lambda lib: lib.addbmm(lib.ones(1), _x(lib)[None], _x(lib).T[None]),
    "einsum": lambda lib: lib.einsum("ij,kj->ik", _x(lib), _x(lib)),
    "tensordot": lambda lib: lib.tensordot(_x(lib), _x(lib).T, 1),
    "outer": lambda lib: lib.outer(_x(lib)[0], _x(lib)[0]),
    "linalg.multi_dot": lambda lib: lib.linalg.multi_dot([_x(lib), _x(lib).T]),
    "linalg.vecdot": lambda lib: lib.linalg.vecdot(_x(lib), _x(lib)),
    "linear": lambda lib: f(lib).linear(_x(lib), _x(lib)),
    "conv2d": lambda lib: f(lib).conv2d(_image(lib), lib.ones(2, 3, 2, 2)),
    "conv_transpose2d": lambda lib: f(lib).conv_transpose2d(
        _image(lib), lib.ones(3, 2, 2, 2)
    ),
    "attention": lambda lib: f(lib).scaled_dot_product_attention(*[_x(lib)[None]] * 3),
    "prelu": lambda lib: f(lib).prelu(_x(lib), lib.tensor([0.1])),
    "bilinear": lambda lib: f(lib).bilinear(_x(lib), _x(lib), lib.ones(2, 4, 4)),
    "softmax": lambda lib: lib.softmax(_x(lib), -1),
    "softmax of half": lambda lib: lib.softmax(_x(lib) @ _x(lib).T, -1),
    "log_softmax of half": lambda lib: f(lib).log_softmax(_x(lib) @ _x(lib).T, -1),
    "gelu of half": lambda lib: f(lib).gelu(_x(lib) @ _x(lib).T),
    "relu of half": lambda lib: lib.relu(_x(lib) @ _x(lib).T),
    "sum of half": lambda lib: (_x(lib) @ _x(lib).T).sum(),
    "mean of half": lambda lib: (_x(lib) @ _x(lib).T).mean(),
    "exp of half": lambda lib: (_x(lib) @ _x(lib).T).exp(),
    "log of half": lambda lib: (_x(lib) @ _x(lib).T).log(),
    "pow of half": lambda lib: (_x(lib) @ _x(lib).T) ** 2,
    "norm of half": lambda lib: (_x(lib) @ _x(lib).T).norm(),
    "cumsum of half": lambda lib: (_x(lib) @ _x(lib).T).cumsum(0),
    "prod of half": lambda lib: (_x(lib) @ _x(lib).T).prod(),
    "layer_norm of half": lambda lib: f(lib).layer_norm(_x(lib) @ _x(lib).T, (3,)),
    "group_norm of half": lambda lib: f(lib).group_norm(
        f(lib).conv2d(_image(lib), lib.ones(2, 3, 2, 2)), 2
    ),
    "batch_norm of half": lambda lib: f(lib).batch_norm(
        f(lib).conv2d(_image(lib), lib.ones(2, 3, 2, 2)),
        lib.zeros(2),
        lib.ones(2),
        training=True,
    ),
    "max_pool2d of half": lambda lib: f(lib).max_pool2d(
        f(lib).conv2d(_image(lib), lib.ones(2, 3, 2, 2)), 2
    ),
    "avg_pool2d of half": lambda lib: f(lib).avg_pool2d(
        f(lib).conv2d(_image(lib), lib.ones(2, 3, 2, 2)), 2
    ),
    "avg_pool3d of half": lambda lib: f(lib).avg_pool3d(_volume(lib).bfloat16(), 2),
    "max_pool3d of half": lambda lib: f(lib).max_pool3d(_volume(lib).bfloat16(), 2),
    "adaptive_avg_pool3d of half": lambda lib: f(lib).adaptive_avg_pool3d(
        _volume(lib).bfloat16(), 2
    ),
    "add of half": lambda lib: _x(lib) @ _x(lib).T + 1.0,
    "add of both": lambda lib: _x(lib) @ _x(lib).T + lib.ones(3),
    "cat of both": lambda lib: lib.cat([_x(lib) @ _x(lib).T, lib.ones(3, 3)]),
    "stack of both": lambda lib: lib.stack([_x(lib) @ _x(lib).T, lib.ones(3, 3)]),
    "cross_entropy": lambda lib: f(lib).cross_entropy(
        _logits(lib)[0].bfloat16(), _logits(lib)[1]
    ),
    "nll_loss": lambda lib: f(lib).nll_loss(
        _logits(lib)[0].bfloat16(), _logits(lib)[1]
    ),
    "mse_loss": lambda lib: f(lib).mse_loss(_x(lib).bfloat16(), _x(lib)),
    "l1_loss": lambda lib: f(lib).l1_loss(_x(lib).bfloat16(), _x(lib).bfloat16() * 2),
    "smooth_l1_loss": lambda lib: f(lib).smooth_l1_loss(
        _x(lib).bfloat16(), _x(lib).bfloat16() * 2
    ),
    "huber_loss": lambda lib: f(lib).huber_loss(
        _x(lib).bfloat16(), _x(lib).bfloat16() * 2
    ),
    "kl_div": lambda lib: f(lib).kl_div(_x(lib).bfloat16(), _x(lib).bfloat16()),
    "bce": lambda lib: f(lib).binary_cross_entropy(
        lib.sigmoid(_x(lib)).bfloat16(), lib.ones(3, 4).bfloat16()
    ),
    "bce with logits": lambda lib: f(lib).binary_cross_entropy_with_logits(
        _x(lib).bfloat16(), lib.ones(3, 4).bfloat16()
    ),
    "cosine_embedding_loss": lambda lib: f(lib).cosine_embedding_loss(
        _x(lib).bfloat16(), _x(lib).bfloat16(), lib.ones(3)
    ),
    "trace of half": lambda lib: lib.trace(_x(lib) @ _x(lib).T),
    "cdist of half": lambda lib: lib.cdist(_x(lib).bfloat16(), _x(lib).bfloat16()),
    "quantile": lambda lib: lib.quantile(_x(lib) @ _x(lib).T, 0.5),
    "fft of half": lambda lib: lib.fft.fft(_x(lib) @ _x(lib).T),
    "stft of half": lambda lib: lib.stft(
        _x(lib).flatten().bfloat16(), 4, return_complex=True, window=lib.ones(4)
    ),
    "inverse of half": lambda lib: lib.inverse(_square(lib).bfloat16()),
    "cholesky of half": lambda lib: lib.linalg.cholesky(_square(lib).bfloat16()),
    "svd of half": lambda lib: lib.linalg.svdvals(_square(lib).bfloat16()),
    "norm of a matrix": lambda lib: lib.linalg.matrix_norm(_square(lib).bfloat16()),
    "norm of a vector": lambda lib: lib.linalg.vector_norm(_square(lib).bfloat16()),
    "interpolate of half": lambda lib: f(lib).interpolate(
        _image(lib).bfloat16(), scale_factor=2
    ),
    "grid_sample": lambda lib: f(lib).grid_sample(
        _image(lib).bfloat16(), lib.zeros(2, 3, 3, 2).bfloat16()
    ),
    "doubles": lambda lib: _x(lib).double() @ _x(lib).double().T,
    "integers": lambda lib: _x(lib).int() @ _x(lib).int().T,
    "embedding": lambda lib: f(lib).embedding(lib.tensor([0, 1]), _x(lib)),
    "dropout": lambda lib: f(lib).dropout(_x(lib) @ _x(lib).T, 0.0),
    "Linear": lambda lib: lib.nn.Linear(4, 2)(_x(lib)),
    "Conv2d": lambda lib: lib.nn.Conv2d(3, 2, 2)(_image(lib)),
    "LSTM": lambda lib: lib.nn.LSTM(4, 2)(_x(lib))[0],
    "GRUCell": lambda lib: lib.nn.GRUCell(4, 2)(_x(lib)),
    "LayerNorm": lambda lib: lib.nn.Sequential(
        lib.nn.Linear(4, 2), lib.nn.LayerNorm(2)
    )(_x(lib)),
    "BatchNorm": lambda lib: lib.nn.Sequential(
        lib.nn.Linear(4, 2), lib.nn.BatchNorm1d(2)
    )(_x(lib)),
    "Softmax": lambda lib: lib.nn.Sequential(lib.nn.Linear(4, 2), lib.nn.Softmax(-1))(
        _x(lib)
    ),
    "Attention": lambda lib: lib.nn.MultiheadAttention(4, 2)(*[_x(lib)] * 3)[0],
    "Encoder": lambda lib: lib.nn.TransformerEncoderLayer(4, 2, 8, 0.0)(_x(lib)),
    "MSELoss": lambda lib: lib.nn.MSELoss()(_x(lib).bfloat16(), _x(lib).bfloat16()),
    "CrossEntropyLoss": lambda lib: lib.nn.CrossEntropyLoss()(
        _logits(lib)[0].bfloat16(), _logits(lib)[1]
    ),
}


KINDS = ("bfloat16", "float16")
NO_KERNEL = {("LSTM", "float16")}


@script(
    "amp.autocast",
    *[(n, k) for n in OPS for k in KINDS if (n, k) not in NO_KERNEL],
)
def dtype_of(lib: Any, case: Any) -> Any:
    name, kind = case
    with lib.autocast("cpu", dtype=getattr(lib, kind)):
        y = OPS[name](lib)
        return [y.dtype, y.shape]


def _dtype(lib: Any) -> Any:
    return (lib.ones(2, 2) @ lib.ones(2, 2)).dtype


@script("amp.autocast")
def nested(lib: Any) -> Any:
    cast, seen = lib.autocast, []
    with cast("cpu"):
        seen.append(_dtype(lib))
        with cast("cpu", enabled=False):
            seen.append(_dtype(lib))
        with cast("cuda"):
            seen.append(_dtype(lib))
        with cast("cuda", enabled=False):
            seen.append(_dtype(lib))
        with cast("cpu", dtype=lib.float16):
            seen += [_dtype(lib), lib.get_autocast_dtype("cpu")]
        with lib.cuda.amp.autocast(enabled=False):
            seen.append(_dtype(lib))
        seen += [_dtype(lib), lib.is_autocast_enabled("cpu")]
    return [*seen, _dtype(lib), lib.is_autocast_enabled("cpu")]


@script("amp.autocast")
def under_other_names(lib: Any) -> Any:
    amp, seen = lib.amp, []
    with lib.cpu.amp.autocast():
        seen.append(_dtype(lib))
    with lib.cpu.amp.autocast(True, lib.float16):
        seen.append(_dtype(lib))
    with lib.cuda.amp.autocast():
        seen.append(_dtype(lib))
    for cast in (amp.autocast, amp.autocast_mode.autocast):

        @cast("cpu")
        def decorated() -> Any:
            return _dtype(lib)

        seen.append(decorated())
    return seen


@script("amp.autocast")
def switched(lib: Any) -> Any:
    lib.set_autocast_cpu_enabled(True)
    seen = [lib.is_autocast_cpu_enabled(), lib.is_autocast_enabled(), _dtype(lib)]
    lib.set_autocast_dtype("cpu", lib.float16)
    seen += [_dtype(lib), lib.get_autocast_cpu_dtype(), lib.get_autocast_dtype("cuda")]
    lib.set_autocast_dtype("cpu", lib.bfloat16)
    lib.set_autocast_enabled("cpu", False)
    seen += [lib.is_autocast_cpu_enabled(), _dtype(lib)]
    lib.set_autocast_enabled(True)
    seen += [lib.is_autocast_enabled(), lib.is_autocast_enabled("cuda"), _dtype(lib)]
    lib.set_autocast_enabled("cuda", False)
    seen += [lib.is_autocast_cache_enabled(), lib.clear_autocast_cache()]
    return [*seen, lib.amp.is_autocast_available("cuda")]


@script("amp.autocast")
def errors(lib: Any) -> Any:
    return [
        refused(lambda: lib.autocast(True), 40),
        refused(lambda: lib.autocast("foo")),
        lib.autocast("cpu", dtype=lib.float32)._enabled,
        lib.autocast("cuda")._enabled,
    ]


@script("amp.autocast", *KINDS)
def trained(lib: Any, kind: str) -> Any:
    nn = lib.nn
    model = nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.ReLU(), nn.Linear(8, 3))
    optimizer = lib.optim.SGD(model.parameters(), lr=0.1)
    target, kinds = lib.tensor([0, 2, 1]), []
    for step in range(3):
        optimizer.zero_grad()
        with lib.autocast("cpu", dtype=getattr(lib, kind)):
            output = model(numbers(lib, 3, 4, shift=step))
            loss = nn.functional.cross_entropy(output, target)
        loss.backward()
        optimizer.step()
        kinds.append(
            [output.dtype, loss.dtype, [p.grad.dtype for p in model.parameters()]]
        )
        assert lib.isfinite(loss)
    return kinds


@script("amp.custom_fwd", None, "float32", "bfloat16")
def custom(lib: Any, cast: str | None) -> Any:
    seen: list[Any] = []
    amp = lib.amp
    kind = None if cast is None else getattr(lib, cast)

    class Product(lib.autograd.Function):
        @staticmethod
        @amp.custom_fwd(device_type="cpu", cast_inputs=kind)
        def forward(ctx: Any, a: Any, b: Any) -> Any:
            ctx.save_for_backward(a, b)
            seen.append([a.dtype, b.dtype, lib.is_autocast_enabled("cpu"), _dtype(lib)])
            return a @ b

        @staticmethod
        @amp.custom_bwd(device_type="cpu")
        def backward(ctx: Any, grad: Any) -> Any:
            a, b = ctx.saved_tensors
            seen.append([grad.dtype, lib.is_autocast_enabled("cpu"), _dtype(lib)])
            return grad @ b.T.to(grad.dtype), a.T.to(grad.dtype) @ grad

    a, b = numbers(lib, 2, 2).requires_grad_(), numbers(lib, 2, 2).requires_grad_()
    with lib.autocast("cpu"):
        y = Product.apply(a, b)
    y.sum().backward()
    z = Product.apply(a.detach().requires_grad_(), b)
    z.sum().backward()
    return [seen, y.dtype, z.dtype, a.grad.dtype]


@script("amp.custom_fwd")
def of_cuda(lib: Any) -> Any:
    amp = lib.cuda.amp

    class Double(lib.autograd.Function):
        @staticmethod
        @amp.custom_fwd
        def forward(ctx: Any, x: Any) -> Any:
            return 2 * x

        @staticmethod
        @amp.custom_bwd
        def backward(ctx: Any, grad: Any) -> Any:
            return 2 * grad

    x = numbers(lib, 3).requires_grad_()
    Double.apply(x).sum().backward()
    wrong = refused(lambda: lib.amp.custom_fwd(lambda ctx: 0, device_type=1), 30)
    return [x.grad, wrong]


# --- GradScaler -----------------------------------------------------------------------


def scaled(lib: Any, **settings: Any) -> tuple[Any, Any, Any]:
    model = lib.nn.Linear(4, 2)
    optimizer = lib.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    return model, optimizer, lib.amp.GradScaler("cpu", **settings)


@script(
    "amp.GradScaler",
    {},
    {"init_scale": 4.0, "growth_interval": 2},
    {"growth_interval": 1, "growth_factor": 3.0},
    {"enabled": False},
)
def steps(lib: Any, settings: Any) -> Any:
    model, optimizer, scaler = scaled(lib, **settings)
    seen = [scaler.state_dict(), scaler.is_enabled(), scaler.get_scale()]
    for step in range(6):
        optimizer.zero_grad()
        loss = (model(numbers(lib, 3, 4, shift=step)) ** 2).mean()
        if step == 3:
            loss = loss * float("inf")
        scaler.scale(loss).backward()
        if step % 2:
            scaler.unscale_(optimizer)
            lib.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        told = scaler.step(optimizer)
        scaler.update()
        seen.append([told, scaler.get_scale(), scaler.state_dict(), saved(model)])
    return seen


@script("amp.GradScaler")
def of_several(lib: Any) -> Any:
    model, optimizer, scaler = scaled(lib, init_scale=8.0)
    other = lib.optim.Adam(model.parameters(), lr=0.01)
    outputs = scaler.scale([lib.ones(2), (lib.ones(1), lib.zeros(1))])
    scaler.scale(model(numbers(lib, 3, 4)).sum()).backward()
    scaler.step(optimizer)
    scaler.update(16.0)
    seen = [outputs, scaler.get_scale(), saved(model)]
    scaler.update(lib.tensor(32.0))
    state = scaler.state_dict()
    again = lib.amp.GradScaler("cpu")
    again.load_state_dict(state)
    again.set_growth_factor(3.0)
    again.set_backoff_factor(0.25)
    again.set_growth_interval(7)
    numbers_of = [again.get_growth_factor(), again.get_backoff_factor()]
    del other
    return [*seen, state, again.state_dict(), *numbers_of, again.get_growth_interval()]


@script("amp.GradScaler")
def misuse(lib: Any) -> Any:
    seen = []

    def backward(scaler: Any, model: Any) -> None:
        scaler.scale(model(numbers(lib, 3, 4)).sum()).backward()

    model, optimizer, scaler = scaled(lib)
    seen.append(refused(lambda: scaler.step(optimizer), 40))
    seen.append(refused(lambda: scaler.update(), 40))
    backward(scaler, model)
    scaler.unscale_(optimizer)
    seen.append(refused(lambda: scaler.unscale_(optimizer), 60))
    scaler.step(optimizer)
    seen.append(refused(lambda: scaler.step(optimizer), 60))
    seen.append(refused(lambda: scaler.unscale_(optimizer), 60))
    scaler.update()
    seen.append(refused(lambda: scaler.update(), 40))
    optimizer.zero_grad()
    seen.append(refused(lambda: scaler.step(optimizer), 60))
    model, optimizer, scaler = scaled(lib)
    backward(scaler, model)
    seen.append(refused(lambda: scaler.step(optimizer, closure=lambda: 0), 60))
    seen.append(refused(lambda: lib.amp.GradScaler("cpu", growth_factor=1.0), 40))
    seen.append(refused(lambda: lib.amp.GradScaler("cpu", backoff_factor=1.0), 40))
    seen.append(refused(lambda: lib.amp.GradScaler("cpu").load_state_dict({}), 60))
    half = lib.nn.Linear(4, 2).half()
    optimizer = lib.optim.SGD(half.parameters(), lr=0.1)
    scaler = lib.amp.GradScaler("cpu")
    scaler.scale(half(numbers(lib, 3, 4).half()).sum()).backward()
    seen.append(refused(lambda: scaler.unscale_(optimizer), 34))
    return seen
