"""Which entries of `op_db` ordinary training scripts use, and which are left out."""

COMMON_NAMES = """
H T mT mH __getitem__ __radd__ __rdiv__ __rmatmul__ __rmul__ __rpow__ __rsub__ __rmod__
__rand__ __ror__ __rxor__ abs acos acosh add addbmm addcdiv addcmul addmm addmv addr all
allclose amax amin aminmax any arange argmax argmin argsort asin atan atan2 atleast_1d
atleast_2d atleast_3d baddbmm bernoulli bfloat16 bincount bitwise_and bitwise_not
bitwise_or bitwise_xor block_diag bmm bool broadcast_shapes broadcast_tensors
broadcast_to bucketize byte cartesian_prod cat cdist ceil char chunk clamp clamp_max
clamp_min clone column_stack complex conj contiguous copysign cos cosh count_nonzero cov
cross cummax cummin cumprod cumsum deg2rad diag diag_embed diagflat diagonal diff dist
div dot double dsplit dstack einsum empty empty_like eq equal erf erfc erfinv exp exp2
expand expand_as expm1 eye fill flatten flip fliplr flipud float floor floor_divide fmax
fmin fmod frac full full_like gather ge gt half heaviside histc hstack hsplit hypot imag
index_add index_copy index_fill index_put index_select inner int isclose isfinite isin
isinf isnan item kron kthvalue le lerp linalg.cholesky linalg.cross linalg.det
linalg.diagonal linalg.eigh linalg.inv linalg.lstsq linalg.matrix_norm
linalg.matrix_power linalg.multi_dot linalg.norm linalg.pinv linalg.qr linalg.slogdet
linalg.solve linalg.svd linalg.svdvals linalg.vecdot linalg.vector_norm linspace log
log10 log1p log2 log_softmax logaddexp logcumsumexp logical_and logical_not logical_or
logical_xor logit logspace logsumexp long lt masked_fill masked_scatter masked_select
matmul max maximum mean median meshgrid min minimum mm mode movedim msort mul
multinomial mv nan_to_num nanmean nanmedian nansum narrow ne neg new_empty new_full
new_ones new_zeros nonzero norm normal ones ones_like outer permute polar positive pow
prod quantile rad2deg rand_like randint randint_like randn randn_like ravel real
reciprocal remainder repeat repeat_interleave reshape reshape_as roll rot90 round rsqrt
rsub scatter scatter_add scatter_reduce searchsorted select sgn short sigmoid sign sin
sinc sinh slice softmax sort split split_with_sizes sqrt square squeeze stack std
std_mean sub sum sum_to_size t take take_along_dim tan tanh tensor_split tensordot tile
to topk trace transpose trapz tril tril_indices triu triu_indices true_divide trunc
unbind unflatten unfold uniform unique unique_consecutive unsqueeze var var_mean vdot
view view_as view_as_complex view_as_real vsplit vstack where xlogy zero_ zeros
zeros_like scalar_tensor fft.fft fft.ifft fft.rfft fft.irfft fft.fft2 fft.ifft2 logdet
nn.functional.adaptive_avg_pool1d nn.functional.adaptive_avg_pool2d
nn.functional.adaptive_max_pool2d nn.functional.avg_pool1d nn.functional.avg_pool2d
nn.functional.avg_pool3d nn.functional.batch_norm nn.functional.bilinear
nn.functional.binary_cross_entropy nn.functional.binary_cross_entropy_with_logits
nn.functional.celu nn.functional.conv1d nn.functional.conv2d nn.functional.conv3d
nn.functional.conv_transpose1d nn.functional.conv_transpose2d
nn.functional.conv_transpose3d nn.functional.cosine_embedding_loss
nn.functional.cosine_similarity nn.functional.cross_entropy nn.functional.ctc_loss
nn.functional.dropout nn.functional.dropout2d nn.functional.elu nn.functional.embedding
nn.functional.embedding_bag nn.functional.gelu nn.functional.glu
nn.functional.grid_sample nn.functional.group_norm nn.functional.hardshrink
nn.functional.hardsigmoid nn.functional.hardswish nn.functional.hardtanh
nn.functional.hinge_embedding_loss nn.functional.huber_loss nn.functional.instance_norm
nn.functional.interpolate nn.functional.kl_div nn.functional.l1_loss
nn.functional.layer_norm nn.functional.leaky_relu nn.functional.linear
nn.functional.local_response_norm nn.functional.logsigmoid
nn.functional.margin_ranking_loss nn.functional.max_pool1d nn.functional.max_pool2d
nn.functional.max_pool3d nn.functional.mish nn.functional.mse_loss
nn.functional.nll_loss nn.functional.normalize nn.functional.one_hot nn.functional.pad
nn.functional.pairwise_distance nn.functional.pixel_shuffle
nn.functional.pixel_unshuffle nn.functional.poisson_nll_loss nn.functional.prelu
nn.functional.relu nn.functional.relu6 nn.functional.rms_norm
nn.functional.scaled_dot_product_attention nn.functional.selu nn.functional.silu
nn.functional.smooth_l1_loss nn.functional.soft_margin_loss nn.functional.softmin
nn.functional.softplus nn.functional.softshrink nn.functional.softsign
nn.functional.tanhshrink nn.functional.threshold nn.functional.triplet_margin_loss
nn.functional.unfold
"""
COMMON = frozenset(COMMON_NAMES.split())

EXCLUDED = {
    "as_strided_scatter": "PyTorch gives the gradient to what was overwritten",
    "jiterator_2inputs_2outputs": "C++ for CUDA",
    "jiterator_4inputs_with_extra_args": "C++ for CUDA",
    "jiterator_binary": "C++ for CUDA",
    "jiterator_binary_return_by_ref": "C++ for CUDA",
    "jiterator_unary": "C++ for CUDA",
    "sparse.mm": "the comparison carries strided tensors only",
    "sparse.sampled_addmm": "the comparison carries strided tensors only",
    "to_sparse": "the comparison carries strided tensors only",
    "torch._scaled_mm": "float8 kernels of GPUs",
    "torch._scaled_mm_v2": "float8 kernels of GPUs",
    "torch.ops.aten._efficient_attention_forward": "a CUDA kernel",
    "torch.ops.aten._flash_attention_forward": "a CUDA kernel",
    "empty": "its numbers are those that lie in memory",
    "empty_like": "its numbers are those that lie in memory",
    "new_empty": "its numbers are those that lie in memory",
    "empty_permuted": "its numbers are those that lie in memory",
    "empty_strided": "its numbers are those that lie in memory",
    "new_empty_strided": "its numbers are those that lie in memory",
}
