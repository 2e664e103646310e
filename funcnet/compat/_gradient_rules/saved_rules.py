"""The rules of `_saved`, by operation: what PyTorch 2.13 was seen to keep.

They were found by writing to each tensor before `backward`, and are compared with
PyTorch so by `tests.parity compat_kept`.
"""

from typing import Final

from funcnet.compat._gradient_rules.saved_choices import CHOICES, Rule

# By rule, the operations that it is said of.
_GROUPS: Final = {
    "first": """
        abs acos acosh angle asin asinh atan atanh cos cosh digamma erf erfc erfinv i0
        lgamma linalg.vander log log10 log1p log2 logdet logit masked.normalize
        matrix_exp mvlgamma nan_to_num nanmean nansum nn.functional.adaptive_max_pool1d
        nn.functional.adaptive_max_pool2d nn.functional.adaptive_max_pool3d
        nn.functional.avg_pool1d nn.functional.avg_pool2d nn.functional.avg_pool3d
        nn.functional.celu nn.functional.elu nn.functional.gelu nn.functional.glu
        nn.functional.hardshrink nn.functional.hardsigmoid nn.functional.hardswish
        nn.functional.hardtanh nn.functional.instance_norm nn.functional.leaky_relu
        nn.functional.local_response_norm nn.functional.logsigmoid
        nn.functional.lp_pool1d nn.functional.lp_pool2d nn.functional.lp_pool3d
        nn.functional.max_pool1d nn.functional.max_pool2d nn.functional.max_pool3d
        nn.functional.mish nn.functional.normalize nn.functional.relu6
        nn.functional.rrelu nn.functional.selu nn.functional.silu nn.functional.softplus
        nn.functional.softshrink nn.functional.softsign nn.functional.threshold
        polygamma renorm sin sinc sinh special.entr square var
        var_mean
    """,
    "result": """
        exp exp2 expm1 float_power linalg.eig linalg.eigh linalg.eigvals linalg.eigvalsh
        linalg.lu linalg.qr linalg.svd linalg.svdvals linalg.tensorinv
        masked.log_softmax masked.softmax masked.softmin
        nn.functional.log_softmax nn.functional.pairwise_distance nn.functional.relu
        nn.functional.softmax nn.functional.softmin polar reciprocal relu rsqrt sigmoid
        special.ndtri sqrt tan tanh
    """,
    "result0": "linalg.cholesky_ex linalg.inv_ex",
    "result0, result1": "linalg.lu_factor_ex",
    "first, result": """
        amax amin aminmax cholesky_inverse cumprod linalg.det
        linalg.pinv linalg.vector_norm logcumsumexp logsumexp
        nn.functional.pdist prod sgn
        special.erfcx special.i0e special.i1 special.i1e special.log_ndtr std
    """,
    "first, result0": "linalg.slogdet linalg.solve_ex std_mean",
    "first, result1": """
        cummax cummin nn.functional.adaptive_max_pool1d_with_indices
        nn.functional.adaptive_max_pool2d_with_indices
        nn.functional.adaptive_max_pool3d_with_indices
        nn.functional.fractional_max_pool2d nn.functional.fractional_max_pool3d
        nn.functional.max_pool1d_with_indices nn.functional.max_pool2d_with_indices
        nn.functional.max_pool3d_with_indices
    """,
    "result1": "frexp kthvalue mode sort topk",
    "inputs": """
        atan2 clamp clamp_max clamp_min fmax fmin igamma igammac logaddexp logaddexp2
        maximum minimum nn.functional.binary_cross_entropy
        nn.functional.binary_cross_entropy_with_logits nn.functional.conv_tbc
        nn.functional.grid_sample nn.functional.huber_loss
        nn.functional.layer_norm nn.functional.mse_loss
        nn.functional.multi_head_attention_forward nn.functional.multi_margin_loss
        nn.functional.multilabel_margin_loss nn.functional.multilabel_soft_margin_loss
        nn.functional.nll_loss nn.functional.prelu nn.functional.smooth_l1_loss
        nn.functional.soft_margin_loss special.xlog1py special.zeta xlogy
    """,
    "inputs, result": """
        cdist cholesky_solve dist index_reduce linalg.householder_product ormqr
        scatter_reduce
    """,
    "inputs, result0": "linalg.lstsq triangular_solve",
    "others": """
        bmm dot einsum inner linalg.cross linalg.multi_dot linalg.vecdot mm mul
        mv nn.functional.linear_cross_entropy outer tensordot vdot
    """,
    "mask": "masked_fill masked_scatter",
    "mask, indices": "index_put",
    "index": "index_fill index_select scatter",
    "indices": """
        index nn.functional.max_unpool1d nn.functional.max_unpool2d
        nn.functional.max_unpool3d
    """,
    "x, index": "gather take",
    "x: index; source: index, source": "index_copy put",
    "source: index, source": "index_add",
    "src: index": "scatter_add",
    "condition": "where",
    "input: input, window": "stft",
    "other: input, other": "fmod remainder",
    "input: input, other": "nextafter",
    "input: input, result; other: result": "copysign",
    "input: other, result; other: result": "ldexp",
    "input: input, result; other: other, result": "hypot",
    "input: weight; end: weight; weight: input, end": "lerp",
    "tensor1: tensor2; tensor2: tensor1": "addcmul",
    "input: tensor2; tensor1: tensor2; tensor2: tensor1, tensor2": "addcdiv",
    "mat1: mat2; mat2: mat1": "addmm",
    "batch1: batch2; batch2: batch1": "addbmm baddbmm",
    "mat: vec; vec: mat": "addmv",
    "vec1: vec2; vec2: vec1": "addr",
    "real: real; imag: imag": "complex",
    "x1: x1; x2: x2": "nn.functional.cosine_similarity",
    "LU, pivots, result": "linalg.lu_solve",
    "A, result": "linalg.solve_triangular linalg.tensorsolve",
    "input, running_mean, running_var, weight": "nn.functional.batch_norm",
    "input, weight": """
        nn.functional.conv_transpose1d nn.functional.conv_transpose2d
        nn.functional.conv_transpose3d nn.functional.group_norm
    """,
    "input: input, weight": "nn.functional.rms_norm",
    "input: weight; weight: input": "nn.functional.linear",
    "target, weight": "nn.functional.cross_entropy",
    "input1: input1, input2; input2: input1, input2": """
        nn.functional.cosine_embedding_loss
    """,
    "weight: input, offsets, per_sample_weights; per_sample_weights: inputs": """
        nn.functional.embedding_bag
    """,
    "weight: input": "nn.functional.embedding",
    "input1: input2, weight; input2: input1, weight; weight: input1, input2": """
        nn.functional.bilinear
    """,
    "query: value; key: value": "nn.functional.scaled_dot_product_attention",
}

# In place these keep what they give, not what they overwrote.
RESULT_IN_PLACE: Final = frozenset(
    f"nn.functional.{name}" for name in ("celu", "elu", "leaky_relu", "rrelu", "selu")
)

RULES: Final[dict[str, Rule]] = {
    **{name: rule for rule, names in _GROUPS.items() for name in names.split()},
    **CHOICES,
}
"""The rule of each operation that keeps anything, by its name."""
