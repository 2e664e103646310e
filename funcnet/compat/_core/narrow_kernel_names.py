"""Which operations PyTorch's CPU has for narrow dtypes, and its names of kernels.

It says them where there is none: "add_stub" not implemented for 'Float8_e5m2'.
"""

from typing import Final

_BY_KERNEL: Final = """
add_stub: add sub rsub diff gradient trapezoid cumulative_trapezoid dist
add_stub: margin_ranking_loss triplet_margin_loss hinge_embedding_loss softsign
add_stub: l1_loss kl_div pairwise_distance
mul_cpu_reduced_float: mul allclose isclose deg2rad rad2deg ndtr
mul_cpu_reduced_float: scaled_dot_product_attention multi_head_attention_forward
div_cpu_reduced_float: div true_divide
div_floor_cpu_reduced_float: floor_divide
addcmul_cpu_out: addcmul
addcdiv_cpu_out: addcdiv
addmm_impl_cpu_: addmm addbmm mm linear multi_dot matrix_power tensordot
addmv_impl_cpu: addmv mv
dot: dot vdot vecdot
bmm: bmm bilinear einsum
pow: pow square ldexp
sum_cpu: sum_to_size corrcoef cov matrix_exp mean cosine_embedding_loss
sum_cpu: masked.mean masked.var masked.std masked.sum
std_cpu: var std_mean var_mean
norm_cpu: vector_norm matrix_norm normalize cosine_similarity masked.norm
max_values_cpu: amax logsumexp
min_values_cpu: amin
nonzero_count_cpu: count_nonzero nonzero argwhere
nansum_cpu: nanmean
maximum_cpu: clamp_min
minimum_cpu: clamp_max
sorting_kernel_method_name: sort argsort msort
searchsorted_out_cpu: searchsorted bucketize
scatter_gather_tensor_cpu: gather scatter scatter_add take_along_dim
scatter_reduce_exclude_input_init: scatter_reduce
index_add_: index_add
index_func_: index_reduce
isin_default_cpu: isin
lerp_kernel_scalar: lerp
linspace_cpu: histc
histogramdd: histogram
trigamma: polygamma
arange_cpu: mvlgamma
flip_cpu: rot90
sign_cpu: sgn
neg_cpu: softmin soft_margin_loss
lt_cpu: gaussian_nll_loss
exp_vml_cpu: poisson_nll_loss
tanh_vml_cpu: tanhshrink
sigmoid_cpu_reduced_float: sigmoid
log_sigmoid_cpu: logsigmoid multilabel_soft_margin_loss binary_cross_entropy_with_logits
log_softmax_lastdim_kernel_impl: cross_entropy linear_cross_entropy log_softmax
softmax_lastdim_kernel_impl: softmax gumbel_softmax
clamp_min_scalar_cpu: relu
clamp_scalar_cpu: relu6 hardtanh
elu_cpu: celu selu
rrelu_with_noise_out_cpu: rrelu
GeluKernelImpl: gelu
softshrink_check: softshrink
mse_cpu: mse_loss
huber_cpu: huber_loss
smooth_l1_cpu: smooth_l1_loss
nll_loss_out_frame: nll_loss
multi_margin_loss_cpu_kernel: multi_margin_loss
multilabel_margin_loss_forward_out_frame: multilabel_margin_loss
bernoulli_scalar_cpu_: dropout dropout1d dropout2d dropout3d
bernoulli_scalar_cpu_: alpha_dropout feature_alpha_dropout
GroupNormKernelImpl: group_norm
LayerNormKernelImpl: layer_norm
batch_norm: instance_norm
slow_conv2d_cpu: conv1d conv2d
slow_conv3d_cpu: conv3d
slow_conv_transpose2d_out_cpu: conv_transpose1d conv_transpose2d
slow_conv_transpose3d_out_cpu: conv_transpose3d
avg_pool2d: avg_pool1d local_response_norm
avg_pool3d_out_frame: avg_pool3d
adaptive_avg_pool2d: adaptive_avg_pool1d
adaptive_max_pool2d: adaptive_max_pool1d
max_pool1d_impl: max_pool1d
max_unpool2d: max_unpool1d
check_uniform_bounds: fractional_max_pool2d fractional_max_pool3d
grid_sampler_2d_cpu_kernel_impl: grid_sample
compute_indices_weights_nearest: interpolate
reflection_pad1d: pad stft
tril: lu_unpack
lu_cpu: lu_factor_ex det solve_ex tensorsolve
linalg.lu_solve_cpu: lu_solve
cholesky_cpu: cholesky_ex
geqrf_cpu: qr
orgqr_cpu: householder_product
triangular_solve_cpu: solve_triangular
linalg_svd_cpu: svd svdvals cond
linalg_eigh_cpu: eigh eigvalsh
"""
# NAME_vml_cpu, NAME_out_cpu, and NAME alone; others are NAME_cpu.
_VML: Final = (
    "acos asin atan ceil cos erf erfc erfinv exp expm1 floor i0 lgamma log log10 log1p "
    "log2 round sin sqrt tan tanh trunc"
)
_OUT: Final = "cumsum cumprod prod logcumsumexp"
_ALONE: Final = (
    "index_put digamma exp2 isfinite isinf nan_to_num cdist baddbmm cross tril triu "
    "trace pdist "
    "masked_fill masked_scatter histogramdd binary_cross_entropy rms_norm batch_norm "
    "pixel_shuffle pixel_unshuffle channel_shuffle avg_pool2d adaptive_avg_pool2d "
    "adaptive_max_pool2d max_pool2d max_pool3d max_unpool2d max_unpool3d"
)


def _table() -> dict[str, str]:
    result: dict[str, str] = {}
    for line in _BY_KERNEL.split("\n")[1:-1]:
        kernel, _, names = line.partition(": ")
        result |= dict.fromkeys(names.split(), kernel)
    for names, end in ((_VML, "_vml_cpu"), (_OUT, "_out_cpu"), (_ALONE, "")):
        result |= {name: name + end for name in names.split()}
    return result


KERNELS: Final = _table()

_CLAMP: Final = (NotImplementedError, "clamp is not supported for complex types")
COMPLEX_REFUSALS: Final[dict[str, tuple[type[Exception], str]]] = {
    "sign": (
        NotImplementedError,
        "Unlike NumPy, torch.sign is not intended to support complex numbers. Please "
        "use torch.sgn instead.",
    ),
    **dict.fromkeys(("relu", "clamp", "clamp_min", "clamp_max"), _CLAMP),
    "sort": (RuntimeError, " Sort does not support complex dtypes on CPU"),
    "argmax": (RuntimeError, "argmax(): does not support complex input"),
    "argmin": (RuntimeError, "argmin(): does not support complex input"),
}
"""What is refused of all complex numbers."""

HALVES_KERNELS: Final = {
    "vdot": "vdot",
    "vecdot": "vdot",
    "gradient": "div_cpu",
    "normalize": "div_cpu",
    "softsign": "div_cpu",
    "equal": "equal_cpu",
    "logsumexp": "exp_vml_cpu",
    "matrix_exp": "bmm",
    "matrix_power": "eye",
    "trapezoid": "sum_cpu",
    "cumulative_trapezoid": "cumsum_out_cpu",
    "sigmoid": "sigmoid_cpu",
    "eig": "linalg_eig_out_cpu",
    "eigvals": "linalg_eig_out_cpu",
    "lu_unpack": "scatter_gather_scalar_cpu",
}
"""Where they are others for complex numbers of two halves."""

# Those that PyTorch refuses in other words; 1 is the dtype.
_LOW: Final = "{0}: Low precision dtypes not supported. Got {1}"
REFUSALS: Final = {
    "inv_ex": _LOW.replace("{0}", "linalg.inv"),
    "tensorinv": _LOW.replace("{0}", "linalg.inv"),
    "slogdet": _LOW.replace("{0}", "linalg.slogdet"),
    "logdet": _LOW.replace("{0}", "logdet"),
    "matrix_rank": "This function doesn't handle types other than float and double",
    "lstsq_rank": "This function doesn't handle types other than float and double",
    "lstsq": "This function doesn't handle types other than float and double",
    "quantile": "quantile() input tensor must be either float or double dtype",
    "nanquantile": "quantile() input tensor must be either float or double dtype",
    "complex": "Expected both inputs to be Half, Float or Double tensors but got {1}",
    "polar": "Expected both inputs to be Half, Float or Double tensors but got {1}",
    "vander": "linalg.vander supports floating point, complex, and integer tensors, "
    "but got {1}",
}


# --- the operations that there are ----------------------------------------------------


def _named(*texts: str) -> frozenset[str]:
    return frozenset(name for text in texts for name in text.split())


MOVES: Final = _named(
    "alias as_strided cat clone conj contiguous copy_ detach diagonal drawn eq equal",
    "expand fft.fftshift fft.ifftshift flip index index_select jvp linalg.adjoint",
    "movedim ne nn.functional.embedding permute positive put real repeat",
    "repeat_interleave reshape roll select split splitWithSizes squeeze stack t to",
    "transpose unbind unfold unsqueeze view view_dtype zeros",
)
"""What computes nothing, or says itself how it rounds."""

SETS: Final = _named(
    "all any block_diag copy diag diag_embed diagflat fill float_power isnan isreal",
    "kron mul nn.functional.pad ones_like outer where",
)
"""What there is for all of them, and is computed in `float32`."""

PRODUCTS: Final = _named(
    "addbmm addmm inner linalg.matrix_power linalg.multi_dot matmul mm",
    "nn.functional.linear tensordot",
)
IN_FLOAT32: Final = SETS | PRODUCTS | {"abs", "index_put"}
"""What there is for all but `float8_e8m0fnu`."""

IN_HALVES: Final = (MOVES | SETS) - {"equal"} | _named(
    "abs add addcmul allclose count_nonzero diff dist imag index_add index_copy",
    "index_fill index_put isclose isfinite isinf linalg.matrix_norm linalg.norm",
    "linalg.vector_norm masked_fill neg nn.functional.conv1d nn.functional.conv2d",
    "nn.functional.conv3d nn.functional.conv_transpose1d",
    "nn.functional.conv_transpose2d nn.functional.conv_transpose3d einsum",
    "nn.functional.l1_loss nn.functional.pairwise_distance nn.functional.dropout",
    "nn.functional.pixel_shuffle nn.functional.pixel_unshuffle",
    "nn.functional.triplet_margin_loss nonzero_static norm rsub sgn std std_mean sub",
    "tril triu var var_mean view_as_real view_as_real_copy",
)
"""What there is for complex numbers of two halves."""

PROMOTING: Final = _named(
    "add sub rsub mul div true_divide floor_divide remainder fmod pow atan2 lerp",
    "addcmul addcdiv maximum minimum fmax fmin clamp clamp_min clamp_max eq ne lt le",
    "gt ge where cat stack logical_and logical_or logical_xor copysign hypot",
)
"""What would promote its operands, which eight bits are not."""
