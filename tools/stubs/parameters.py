"""The type of a parameter by its name, where its annotation does not tell it.

An operation is a function of arrays, so what a user may give for `other` or `weight` is
not what it is annotated with. A parameter whose default is None may be None besides.
"""

from typing import Final

BY_NAME: Final = {
    name: kind
    for kind, names in {
        "Tensor": """
            A B L LD LU LU_data LU_pivots M a abs anchor angle b batch1 batch2 bias
            bias_k bias_v boundaries condition count elements end grid imag index
            indices input input1 input2 log_input log_probs mat mat1 mat2 mask
            mask_ negative offsets output pivots positive prob real rois running_mean
            running_var sorted_sequence sorter source src target targets tau
            tensor tensor1 tensor2 test_elements theta total values var vec vec1 vec2
            weight weights window x x1 x2 y linear_weight linear_bias pos_weight
            input_mask other_mask fweights aweights prepend append query key
            input_ target_ log_var the_template indices_ in_proj_weight hx tgt
            memory src_mask tgt_mask memory_mask src_key_padding_mask
            tgt_key_padding_mask memory_key_padding_mask attn_mask key_padding_mask
            _weight per_sample_weights _random_samples grad_output zero_point
        """,
        "TensorLike": "other min max test exponent value fill_value",
        "Scalar": "alpha beta lambd start step nan posinf neginf dx s",
        "float": """
            p eps margin momentum negative_slope threshold min_val max_val lower upper
            tau_ dropout label_smoothing q delta mean std norm_type max_norm div_value
            init k layer_norm_eps
        """,
        "int": """
            n k_ groups num_groups upscale_factor downscale_factor num_classes
            sparse_dim num_features in_features out_features in_channels out_channels
            in1_features in2_features num_embeddings embedding_dim input_size
            hidden_size num_layers proj_size embed_dim num_heads kdim vdim blank
            num_parameters ignore_index start_dim end_dim dim0 dim1 divisor_override
        """,
        "bool": """
            inplace affine track_running_stats elementwise_affine batch_first
            bidirectional add_bias_kv add_zero_attn ceil_mode return_indices
            count_include_pad recompute_scale_factor align_corners keepdim size_average
            reduce sparse requires_grad pin_memory non_blocking copy training
            zero_infinity log_target full swap is_causal need_weights bias_flag
            average_attn_weights masked_grad head_bias include_last_offset
        """,
        "str": "mode padding_mode reduction nonlinearity norm approximate",
        "dtype": "dtype",
        "DeviceLike": "device",
        "layout": "layout",
        "memory_format": "memory_format",
        "Generator": "generator",
        "int | Sequence[int]": """
            dim dims
            kernel_size stride padding_ dilation output_padding bins shifts
            size_ scale normalized_shape
        """,
        "int | Sequence[int] | str": "padding",
        "Sequence[int]": """
            size sizes shape split_sizes physical_layout pad unflattened_size
        """,
        "int | None | Sequence[int | None]": "output_size",
        "float | Sequence[float]": "scale_factor output_ratio",
        "Sequence[Tensor]": "tensors",
        "float | str": "ord",
        "str | Callable[[Tensor], Tensor]": "activation",
        "Tensor | Sequence[int]": "input_lengths target_lengths",
        "LinearCrossEntropyOptions": "options",
        "Callable[[Tensor, Tensor], Tensor]": "distance_function",
        "np.ndarray[Any, Any]": "ndarray",
        "object": "obj data buffer ext_tensor memo protocol context",
    }.items()
    for name in names.split()
}

# Where a name does not mean what it means elsewhere.
OF: Final = {
    "LinearCrossEntropyLoss": {"out_features": "int | Sequence[int]"},
    "_native_batch_norm_legit": {
        "running_mean": "Tensor | bool",
        "running_var": "Tensor | float",
        "training": "bool | float",
        "momentum": "float",
        "eps": "float",
    },
    "_unsafe_masked_index_put_accumulate": {"indices": "Sequence[Tensor]"},
    "bernoulli_": {"p": "float | Tensor"},
    "cdist": {"x1": "Tensor", "x2": "Tensor"},
    "clamp_max": {"max": "TensorLike"},
    "clamp_min": {"min": "TensorLike"},
    "fake_quantize_per_channel_affine": {"scale": "Tensor"},
    "fake_quantize_per_tensor_affine": {
        "scale": "float | Tensor",
        "zero_point": "int | Tensor",
    },
    "gradient": {
        "spacing": "Scalar | Sequence[Scalar] | Sequence[Tensor]",
    },
    "histogram": {
        "bins": "int | Tensor",
        "range": "tuple[float, float] | None",
        "weight": "Tensor",
    },
    "histogramdd": {
        "bins": "int | Sequence[int] | Sequence[Tensor]",
        "range": "Sequence[float]",
    },
    "index_put": {"indices": "Sequence[Tensor | None]"},
    "kaiser_window": {"beta": "float"},
    "lerp": {"end": "Tensor", "weight": "Tensor | float"},
    "linalg.cond": {"p": "float | str"},
    "linalg.matrix_norm": {"dim": "Sequence[int]"},
    "linalg.multi_dot": {"tensors": "Sequence[Tensor]"},
    "linalg.matrix_rank": {
        "tol": "float | Tensor",
        "atol": "float | Tensor",
        "rtol": "float | Tensor",
    },
    "linalg.pinv": {
        "rcond": "float | Tensor",
        "atol": "float | Tensor",
        "rtol": "float | Tensor",
    },
    "movedim": {
        "source": "int | Sequence[int]",
        "destination": "int | Sequence[int]",
    },
    "narrow": {"start": "int | Tensor"},
    "nn.functional.affine_grid": {"size": "Sequence[int]"},
    "nn.functional.interpolate": {"size": "int | Sequence[int]"},
    "nn.functional.normalize": {"dim": "int | Sequence[int]"},
    "nn.functional.pad": {"value": "float"},
    "nn.functional.upsample": {"size": "int | Sequence[int]"},
    "nn.functional.upsample_bilinear": {"size": "int | Sequence[int]"},
    "nn.functional.upsample_nearest": {"size": "int | Sequence[int]"},
    "norm": {"p": "float | str"},
    "normal_": {"mean": "float", "std": "float"},
    "polygamma": {"n": "int"},
    "quantile": {"q": "float | Tensor"},
    "nanquantile": {"q": "float | Tensor"},
    "repeat_interleave": {"repeats": "int | Tensor"},
    "rot90": {"dims": "Sequence[int]"},
    "searchsorted": {"input": "TensorLike"},
    "bucketize": {"input": "TensorLike"},
    "select": {"index": "int | Tensor"},
    "set_": {"source": "Tensor | UntypedStorage | TypedStorage"},
    "tensordot": {"dims": "int | Sequence[Sequence[int]]"},
    "vander": {"x": "Tensor"},
    "cov": {"correction": "int"},
    "map_": {"callable": "Callable[[float, float], float]"},
    "map2_": {"callable": "Callable[[float, float, float], float]"},
    "apply_": {"callable": "Callable[[float], float]"},
    "register_hook": {"hook": "Callable[[Tensor], Tensor | None]"},
    "register_post_accumulate_grad_hook": {"hook": "Callable[[Tensor], None]"},
    "backward": {"gradient": "Tensor", "inputs": "Tensor | Sequence[Tensor]"},
}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Where `other` is a tensor and never a number.
OF_TENSORS_ONLY: Final = _names(
    """
    maximum minimum fmax fmin hypot atan2 arctan2 logaddexp logaddexp2 nextafter matmul
    inner kron dist gcd lcm igamma igammac masked.logaddexp linalg.cross
    logical_and logical_or logical_xor special.gammainc special.gammaincc vdot
    special.logaddexp ormqr heaviside isclose
    """
)

# Functions of `torch` that take a number for their first argument.
OF_NUMBERS_TOO: Final = _names(
    """
    add sub subtract mul multiply div divide true_divide floor_divide pow float_power
    remainder xlogy rsub special.xlogy special.xlog1py special.zeta bitwise_and
    bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift isin
    special.chebyshev_polynomial_t special.chebyshev_polynomial_u
    special.chebyshev_polynomial_v special.chebyshev_polynomial_w
    special.hermite_polynomial_h special.hermite_polynomial_he
    special.laguerre_polynomial_l special.legendre_polynomial_p
    special.shifted_chebyshev_polynomial_t special.shifted_chebyshev_polynomial_u
    special.shifted_chebyshev_polynomial_v special.shifted_chebyshev_polynomial_w
    """
)
