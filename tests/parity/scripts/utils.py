"""Scripts of the rest of `nn.utils`: gradients, vectors, fusion, sequences."""

from typing import Any

import numpy as np

from tests.parity.scripts.common import numbers, refused, saved, script, trained

# --- clipping -------------------------------------------------------------------------


def with_gradients(lib: Any, factor: float = 1.0, kind: str = "float32") -> list[Any]:
    result = []
    for place, shape in enumerate(((3, 4), (5,), (), (2, 1, 3))):
        x = numbers(lib, *shape, shift=place).to(getattr(lib, kind))
        p = lib.nn.Parameter(x.clone())
        p.grad = (x * factor + 0.25).clone()
        result.append(p)
    return [*result, lib.nn.Parameter(lib.ones(2))]


NORMS = (2, 2.0, 1, 3, float("inf"), 0.5, 0)


@script("nn.utils.clip_grad_norm_", *NORMS)
def of_order(lib: Any, order: Any) -> Any:
    seen = []
    for largest in (0.5, 100, 1):
        params = with_gradients(lib)
        total = lib.nn.utils.clip_grad_norm_(params, largest, order)
        seen.append([total, [p.grad for p in params]])
    return seen


@script("nn.utils.clip_grad_norm_", True, False, None)
def foreach(lib: Any, foreach: Any) -> Any:
    params = with_gradients(lib)
    total = lib.nn.utils.clip_grad_norm_(iter(params), 0.3, foreach=foreach)
    return [total, [p.grad for p in params]]


# In bfloat16 XLA keeps more digits between two steps than PyTorch.
@script("nn.utils.clip_grad_norm_", "float64", "float16")
def of_dtype(lib: Any, kind: str) -> Any:
    params = with_gradients(lib, kind=kind)
    total = lib.nn.utils.clip_grad_norm_(params[:-1], 0.3)
    return [total, [p.grad for p in params[:-1]]]


@script("nn.utils.clip_grad_norm_")
def of_one_tensor_and_none(lib: Any) -> Any:
    clip = lib.nn.utils.clip_grad_norm_
    p = with_gradients(lib)[0]
    return [clip(p, 0.1), p.grad, clip([], 1.0), clip([lib.ones(2)], 1.0)]


@script("nn.utils.clip_grad_norm_", "inf", "nan")
def of_what_is_not_finite(lib: Any, what: str) -> Any:
    clip, params = lib.nn.utils.clip_grad_norm_, with_gradients(lib, float(what))
    said = refused(lambda: clip(params, 1.0, 2.0, error_if_nonfinite=True), 260)
    again = refused(lambda: clip(params, 1.0, 1, error_if_nonfinite=True), 260)
    return [said, again, clip(params, 1.0), [p.grad for p in params]]


@script("nn.utils.clip_grad_norm_")
def in_training(lib: Any) -> Any:
    model = lib.nn.Sequential(lib.nn.Linear(4, 8), lib.nn.Tanh(), lib.nn.Linear(8, 2))
    optimizer = lib.optim.Adam(model.parameters(), lr=0.05)
    norms = []
    for step in range(4):
        optimizer.zero_grad()
        (model(numbers(lib, 3, 4, shift=step)) ** 2).sum().backward()
        norms.append(lib.nn.utils.clip_grad_norm_(model.parameters(), 0.5))
        optimizer.step()
    return [norms, saved(model)]


@script("nn.utils.clip_grad_norm")
def under_its_old_name(lib: Any) -> Any:
    params = with_gradients(lib)
    return [lib.nn.utils.clip_grad_norm(params, 0.5), [p.grad for p in params]]


@script("nn.utils.get_total_norm", *NORMS)
def total_norm(lib: Any, order: Any) -> Any:
    grads = [p.grad for p in with_gradients(lib)[:-1]]
    get = lib.nn.utils.get_total_norm
    return [get(grads, order), get(grads[0], order), get([], order), get(tuple(grads))]


@script("nn.utils.clip_grads_with_norm_", 0.5, 10, 1000.0)
def with_norm(lib: Any, largest: float) -> Any:
    params = with_gradients(lib)
    total = lib.nn.utils.get_total_norm([p.grad for p in params[:-1]])
    told = lib.nn.utils.clip_grads_with_norm_(params, largest, total)
    lib.nn.utils.clip_grads_with_norm_(params[-1], largest, total)
    return [told, [p.grad for p in params]]


@script("nn.utils.clip_grad_value_", 0.3, 1, 100.0)
def value(lib: Any, largest: float) -> Any:
    params = with_gradients(lib, 2.0)
    told = lib.nn.utils.clip_grad_value_(params, largest)
    lib.nn.utils.clip_grad_value_(params[0], largest / 2, foreach=False)
    return [told, [p.grad for p in params]]


# --- vectors --------------------------------------------------------------------------


@script("nn.utils.parameters_to_vector")
def there_and_back(lib: Any) -> Any:
    utils = lib.nn.utils
    model = lib.nn.Sequential(lib.nn.Linear(3, 4), lib.nn.Linear(4, 2))
    vector = utils.parameters_to_vector(model.parameters())
    vector.sum().backward()
    grads = utils.parameters_to_vector([p.grad for p in model.parameters()])
    return [vector, grads, trained(lib, model, numbers(lib, 2, 3))]


@script("nn.utils.vector_to_parameters")
def into_parameters(lib: Any) -> Any:
    utils = lib.nn.utils
    model = lib.nn.Sequential(lib.nn.Linear(3, 4), lib.nn.Linear(4, 2))
    vector = numbers(lib, 26)
    utils.vector_to_parameters(vector, model.parameters())
    seen = [saved(model), trained(lib, model, numbers(lib, 2, 3))]
    with lib.no_grad():
        model[0].weight[0, 0] = 100.0
    vector[1] = 50.0
    wrong = refused(lambda: utils.vector_to_parameters([1.0], model.parameters()), 40)
    # They share memory until an optimizer moves them.
    return [*seen, saved(model), vector, wrong]


# --- fusion ---------------------------------------------------------------------------


def settled(lib: Any, model: Any, *shape: int) -> Any:
    """A model whose batch norm has seen something."""
    for step in range(3):
        model(numbers(lib, *shape, shift=step))
    return model.eval()


@script("nn.utils.fuse_conv_bn_eval", True, False)
def fused(lib: Any, bias: bool) -> Any:
    nn, fuse = lib.nn, lib.nn.utils.fuse_conv_bn_eval
    seen = []
    x = numbers(lib, 2, 3, 6, 6)
    for affine in (True, False):
        bn = nn.BatchNorm2d(4, affine=affine)
        model = settled(lib, nn.Sequential(nn.Conv2d(3, 4, 3, bias=bias), bn), *x.shape)
        one = fuse(*model)
        assert lib.allclose(one(x), model(x), atol=1e-5)
        seen.append([one(x), saved(one), repr(one), one.weight])
    model = nn.Sequential(nn.ConvTranspose2d(3, 4, 3, bias=bias), nn.BatchNorm2d(4))
    settled(lib, model, *x.shape)
    one = fuse(*model, transpose=True)
    assert lib.allclose(one(x), model(x), atol=1e-5)
    return [seen, one(x), saved(one), saved(model)]


@script("nn.utils.fuse_linear_bn_eval", True, False)
def fused_linear(lib: Any, bias: bool) -> Any:
    nn, x = lib.nn, numbers(lib, 5, 3)
    model = settled(
        lib, nn.Sequential(nn.Linear(3, 4, bias=bias), nn.BatchNorm1d(4)), 5, 3
    )
    one = lib.nn.utils.fuse_linear_bn_eval(*model)
    assert lib.allclose(one(x), model(x), atol=1e-5)
    return [one(x), saved(one), one.weight]


@script("nn.utils.fuse_conv_bn_weights")
def weights_alone(lib: Any) -> Any:
    utils = lib.nn.utils
    w, b = numbers(lib, 4, 3, 3, 3), numbers(lib, 4)
    mean, var = numbers(lib, 4, shift=1.0), numbers(lib, 4) ** 2
    return [
        utils.fuse_conv_bn_weights(w, None, mean, var, 1e-5, None, None),
        utils.fuse_conv_bn_weights(w, b, mean, var, 1e-3, b, mean),
        utils.fuse_linear_bn_weights(w[..., 0, 0], b, mean, var, 1e-3, b, mean),
    ]


@script("nn.utils.fuse_conv_bn_eval")
def only_in_eval(lib: Any) -> Any:
    nn, utils = lib.nn, lib.nn.utils
    return [
        refused(
            lambda: utils.fuse_conv_bn_eval(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2)), 21
        ),
        refused(
            lambda: utils.fuse_linear_bn_eval(
                nn.Linear(2, 3).eval(), nn.BatchNorm1d(2).eval()
            ),
            14,
        ),
    ]


# --- modules --------------------------------------------------------------------------


@script("nn.utils.skip_init")
def without_drawing(lib: Any) -> Any:
    before = lib.get_rng_state()
    model = lib.nn.utils.skip_init(lib.nn.Linear, 3, 4, bias=False)
    same = lib.equal(before, lib.get_rng_state())
    lib.nn.init.orthogonal_(model.weight)

    class Plain(lib.nn.Module):
        pass

    return [
        same,
        repr(model),
        saved(model),
        refused(lambda: lib.nn.utils.skip_init(Plain), 60),
        refused(lambda: lib.nn.utils.skip_init(dict), 40),
    ]


@script("nn.utils.stateless.functional_call", True, False)
def stateless(lib: Any, tied: bool) -> Any:
    class Net(lib.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = lib.nn.Linear(3, 3), lib.nn.Linear(3, 3)
            self.two.weight = self.one.weight
            self.norm = lib.nn.BatchNorm1d(3)

        def forward(self, x: Any, factor: float = 1.0) -> Any:
            return factor * self.norm(self.two(self.one(x)))

    net, x = Net(), numbers(lib, 4, 3)
    call = lib.nn.utils.stateless.functional_call
    before = saved(net)
    given = {"one.weight": (numbers(lib, 3, 3)).requires_grad_()}
    y = call(net, given, (x,), {"factor": 2.0}, tie_weights=tied)
    (y**3).sum().backward()
    both = given | {"two.weight": numbers(lib, 3, 3, shift=1.0)}
    strict = dict(net.named_parameters()) | dict(net.named_buffers())
    return [
        before,
        y,
        given["one.weight"].grad,
        net.one.bias.grad,
        net.one.weight.grad,
        saved(net),
        refused(lambda: call(net, both, x, tie_weights=True), 60),
        refused(lambda: call(net, given, x, strict=True), 40),
        refused(lambda: call(net, strict | {"three": x}, x, strict=True), 60),
        call(net, strict, x, strict=True),
        refused(lambda: call(net, {"three": x}, x)),
    ]


@script("nn.utils.convert_conv2d_weight_memory_format")
def formats(lib: Any) -> Any:
    model = lib.nn.Sequential(lib.nn.Conv2d(3, 4, 3), lib.nn.Linear(2, 2))
    convert = lib.nn.utils.convert_conv2d_weight_memory_format
    told = convert(model, lib.channels_last)
    deep = lib.nn.Conv3d(3, 4, 3)
    lib.nn.utils.convert_conv3d_weight_memory_format(deep, lib.channels_last_3d)
    return [
        told is model,
        trained(lib, model[0], numbers(lib, 1, 3, 5, 5)),
        saved(deep),
    ]


@script("nn.UninitializedParameter")
def uninitialized(lib: Any) -> Any:
    nn = lib.nn
    p, b = nn.UninitializedParameter(), nn.UninitializedBuffer()
    lazy = nn.LazyLinear(3)
    seen = [
        repr(p),
        type(p),
        p.requires_grad,
        isinstance(p, nn.Parameter),
        nn.parameter.is_lazy(p),
        nn.parameter.is_lazy(b),
        nn.parameter.is_lazy(lib.ones(2)),
        isinstance(lazy.weight, nn.UninitializedParameter),
        isinstance(lazy.weight, nn.parameter.UninitializedTensorMixin),
        refused(lambda: p.shape, 40),
        refused(lambda: p + 1),
    ]
    p.materialize((2, 3))
    with lib.no_grad():
        p.fill_(1.0)
    b.materialize((2,), dtype=lib.float64)
    b.fill_(2.0)
    return [*seen, p, type(p), b, type(b), b.requires_grad]


# --- sequences ------------------------------------------------------------------------

LENGTHS = ((5, 3, 2), (4, 4, 1), (2, 5, 3), (1, 1, 1))


@script("nn.utils.rnn.pack_padded_sequence", *LENGTHS)
def packed(lib: Any, lengths: Any) -> Any:
    rnn = lib.nn.utils.rnn
    x = numbers(lib, 3, max(lengths), 2).requires_grad_()
    one = rnn.pack_padded_sequence(x, lengths, True, enforce_sorted=False)
    tensors = [one.data, one.batch_sizes, one.sorted_indices, one.unsorted_indices]
    back, sizes = rnn.pad_packed_sequence(one, True, -1.0, 7)
    (back * numbers(lib, *back.shape)).sum().backward()
    parts = rnn.unpack_sequence(one)
    return [tensors, back, sizes, x.grad, parts, one.is_cuda, one.double().data]


@script("nn.utils.rnn.pack_sequence", True, False)
def packed_sequences(lib: Any, ordered: bool) -> Any:
    rnn = lib.nn.utils.rnn
    parts = [numbers(lib, n, 2) for n in ((5, 3, 1) if ordered else (3, 5, 1))]
    one = rnn.pack_sequence(parts, enforce_sorted=ordered)
    output, (h, c) = lib.nn.LSTM(2, 3)(one)
    return [one.data, one.batch_sizes, output.data, h, c, *rnn.unpack_sequence(output)]


@script("nn.utils.rnn.pad_sequence", "right", "left")
def padded(lib: Any, side: str) -> Any:
    rnn = lib.nn.utils.rnn
    parts = [numbers(lib, n, 2).requires_grad_() for n in (2, 4, 1)]
    x = rnn.pad_sequence(parts, True, 9.0, side)
    (x**2).sum().backward()
    other = rnn.pad_sequence([p.detach() for p in parts], padding_side=side)
    sizes = lib.tensor([2, 4, 1])
    back = rnn.unpad_sequence(rnn.pad_sequence(parts), sizes)
    return [x, [p.grad for p in parts], other, back]


@script("nn.utils.rnn.PackedSequence")
def errors(lib: Any) -> Any:
    rnn, x = lib.nn.utils.rnn, lib.ones(3, 2, 1)
    return [
        refused(lambda: rnn.pack_padded_sequence(x, [1, 3]), 60),
        refused(lambda: rnn.pack_padded_sequence(x, [3, 0]), 60),
        refused(lambda: rnn.pack_padded_sequence(x, [3, 2, 1]), 60),
        refused(lambda: rnn.pad_packed_sequence(_ones(lib), total_length=2), 60),
        rnn.invert_permutation(lib.tensor([2, 0, 1])),
        rnn.invert_permutation(None),
        isinstance(_ones(lib), rnn.PackedSequence),
        np.asarray(_ones(lib).batch_sizes).tolist(),
    ]


def _ones(lib: Any) -> Any:
    return lib.nn.utils.rnn.pack_padded_sequence(lib.ones(3, 2, 1), [3, 1])
