"""Names of PyTorch that are there to be imported, and refuse when they are used.

Each module has its names by what is said of them, which is a reason and what to do
instead. A module looks here when it is asked for a name that it does not have.
"""

import functools
from typing import Any, Final

from funcnet.compat._messages.refused import refused_name

_SCRIPT = (
    "there is no TorchScript: torch.jit.script returns what it is given, so call that; "
    "torch.pure(module) and jax.export give a program without Python"
)
_KEYS = "functions are not dispatched by keys: write __torch_function__"
_QUANTIZED = (
    "there are no quantized tensors: train with fake_quantize_per_tensor_affine, or "
    "compute in bfloat16 with x.to(torch.bfloat16)"
)
_CUDNN = (
    "no library's kernels are called by name: torch.nn.functional has the operation "
    "for every device"
)
_GRAPHS = "XLA makes CUDA graphs of programs itself: call the function as it is"
_ALLOCATOR = (
    "XLA allocates memory: set XLA_PYTHON_CLIENT_ALLOCATOR or "
    "XLA_PYTHON_CLIENT_MEM_FRACTION in the environment before the script"
)
_SMI = "ask nvidia-smi, or the package nvidia-ml-py"
_STREAMS = "JAX has its streams for itself: torch.cuda.synchronize() waits for them"
_STORAGE = "there are no storages on GPUs: use x.cpu().untyped_storage()"
_XPU = "there are no GPUs of Intel's here: use the device 'cpu' or 'cuda'"
_MPS = "there are no GPUs of Apple's here: use the device 'cpu'"
_PROFILER = "record with torch.profiler.profile(), and print its key_averages().table()"
_DATAPIPES = "datapipes are not there: write an IterableDataset, or a Dataset"
_GUARDS = "nothing is guarded here: a program is found by what it computes"
_CACHE = "compiled programs are kept in a folder: set FUNCNET_CACHE to it"
_EXPORT = (
    "apply, params, state = torch.pure(module.eval()) gives a function of arrays, and "
    "funcnet.export(apply, params, example, path, state=state) writes it as StableHLO"
)
_PACKAGE = (
    "a package of torch holds pickled code, which is not run here: save a state_dict, "
    "or torch.pure(module) and jax.export"
)
_NESTED = (
    "there are no nested tensors: pad with torch.nn.utils.rnn.pad_sequence, and mask, "
    "or keep a list of tensors"
)
_SHARDED = "arrays are spread over devices by jax.sharding: see funcnet.distributed"
_MONITOR = "write events to torch.utils.tensorboard.SummaryWriter, or a file of yours"
_MOBILE = "there is no TorchScript to run on a phone: export torch.pure(module) by jax"
_EXTENSION = (
    "there is no C++ interface of torch to compile against: write the function with "
    "jax.numpy and torch.library.custom_op, or with jax.ffi"
)
_CALLGRIND = "instructions are not counted: use Timer(...).timeit()"
_FUZZER = "inputs are not made up: call the function with torch.randn of several sizes"
_HOOKS = "hooks are calls here: use module.register_full_backward_hook"
_BACKEND = "a device of one's own is a plugin of JAX's: see jax.extend.backend"
_MASKED = "there are no masked tensors: torch.masked has functions that take a mask"

REFUSED: Final[dict[str, dict[str, str]]] = {
    "": {
        _SCRIPT: """
            AVG AggregationType AliasDb AnyType Argument ArgumentSpec AwaitType
            BenchmarkConfig BenchmarkExecutionStats Block BoolType BufferDict CallStack
            Capsule ClassType Code CompilationUnit CompleteArgumentSpec ComplexType
            ConcreteModuleType ConcreteModuleTypeBuilder DeepCopyMemoTable
            DeserializationStorageContext DeviceObjType DictType EnumType ErrorReport
            ExecutionPlan FileCheck FloatType FunctionSchema FutureType Gradient Graph
            GraphExecutorState IODescriptor InferredType IntType InterfaceType ListType
            LiteScriptModule LockingLogger ModuleDict Node NoneType NoopLogger
            NumberType OperatorInfo OptionalType ParameterDict PyObjectType RRefType
            SUM ScriptClass ScriptClassFunction ScriptDict ScriptDictIterator
            ScriptDictKeyIterator ScriptList ScriptListIterator ScriptMethod
            ScriptModuleSerializer ScriptObject ScriptObjectProperty
            SerializationStorageContext StaticModule StreamObjType StringType
            SymBoolType SymIntType TensorType TracingState TupleType Type UnionType Use
            Value import_ir_module import_ir_module_from_buffer
            merge_type_from_type_comment parse_ir parse_schema parse_type_comment
            unify_type_list ThroughputBenchmark cpp
        """,
        _KEYS: "DispatchKey DispatchKeySet ExcludeDispatchKeyGuard",
        _QUANTIZED: """
            quantize_per_tensor quantize_per_channel quantize_per_tensor_dynamic
            dequantize int_repr q_per_channel_axis q_per_channel_scales
            q_per_channel_zero_points q_scale q_zero_point qscheme empty_quantized
            quantized_batch_norm quantized_gru_cell quantized_lstm_cell
            quantized_max_pool1d quantized_max_pool2d quantized_max_pool3d
            quantized_rnn_relu_cell quantized_rnn_tanh_cell choose_qparams_optimized
            fused_moving_avg_obs_fake_quant fbgemm_linear_fp16_weight
            fbgemm_linear_fp16_weight_fp32_activation fbgemm_linear_int8_weight
            fbgemm_linear_int8_weight_fp32_activation fbgemm_linear_quantize_weight
            fbgemm_pack_gemm_matrix_fp16 fbgemm_pack_quantized_matrix
        """,
        _CUDNN: """
            cudnn_affine_grid_generator cudnn_batch_norm cudnn_convolution
            cudnn_convolution_add_relu cudnn_convolution_relu
            cudnn_convolution_transpose cudnn_grid_sampler miopen_batch_norm
            miopen_convolution miopen_convolution_add_relu miopen_convolution_relu
            miopen_convolution_transpose miopen_ctc_loss miopen_depthwise_convolution
            miopen_rnn mkldnn_adaptive_avg_pool2d mkldnn_convolution
            mkldnn_linear_backward_weights mkldnn_max_pool2d mkldnn_max_pool3d
            mkldnn_rnn_layer batch_norm_backward_elemt batch_norm_backward_reduce
            batch_norm_elemt batch_norm_gather_stats
            batch_norm_gather_stats_with_counts batch_norm_stats
        """,
        "sizes are Python's integers here: compare them as such": "sym_fresh_size",
        "write the numbers with torch.slice_scatter": "slice_inverse",
    },
    "Tensor": {
        _QUANTIZED: """
            dequantize int_repr q_per_channel_axis q_per_channel_scales
            q_per_channel_zero_points q_scale q_zero_point qscheme
        """,
        _NESTED: "to_padded_tensor",
        "tensors are of one kind here: compute with the dense tensor": "to_mkldnn",
        "use x.to('cpu') or x.to('cuda')": "ipu xpu mtia hpu",
        "index with brackets: x[indices]": "index",
        "use torch.linalg.eig, lstsq, solve or eigh": "eig lstsq solve symeig",
        "write the numbers with torch.slice_scatter": "slice_inverse",
        "use torch.distributions and log_prob: (-log_prob * reward).backward()": (
            "reinforce"
        ),
    },
    "accelerator": {_GRAPHS: "Graph"},
    "autograd.profiler": {
        _PROFILER: "FunctionEvent MemRecordsAcc KinetoStepTracker load_nvprof "
        "parse_nvprof_trace EnforceUnique"
    },
    "autograd.graph": {
        "wrap the layers in torch.utils.checkpoint.checkpoint": (
            "region_activation_memory_budget"
        )
    },
    "backends.cuda": {
        _CUDNN: "cuBLASModule cuFFTPlanCache cuFFTPlanCacheAttrContextProp "
        "cuFFTPlanCacheManager"
    },
    "backends.mps": {_MPS: "get_core_count get_name"},
    "compiler": {
        _GUARDS: "keep_portable_guards_unsafe keep_tensor_guards_unsafe "
        "skip_all_guards_unsafe skip_guard_on_all_nn_modules_unsafe "
        "skip_guard_on_globals_unsafe skip_guard_on_inbuilt_nn_modules_unsafe",
        _CACHE: "load_cache_artifacts load_compiled_function",
        "call functions of numpy on x.numpy()": "wrap_numpy",
    },
    "cuda": {
        _GRAPHS: "graph make_graphed_callables graph_pool_handle CUDAGraph",
        _ALLOCATOR: """
            CUDAPluggableAllocator MemPool change_current_allocator
            caching_allocator_alloc caching_allocator_delete caching_allocator_disabled
            use_mem_pool
        """,
        _SMI: """
            memory_usage temperature utilization clock_rate power_draw
            device_memory_used
        """,
        _STREAMS: "ExternalStream GreenContext get_stream_from_external "
        "current_blas_handle current_solver_handle cudart",
        _STORAGE: """
            BFloat16Storage BoolStorage ByteStorage CharStorage ComplexDoubleStorage
            ComplexFloatStorage DoubleStorage FloatStorage HalfStorage IntStorage
            LongStorage ShortStorage
        """,
    },
    "cuda.nccl": {_SHARDED: "all_reduce reduce broadcast all_gather reduce_scatter"},
    "cuda.comm": {_SHARDED: "broadcast broadcast_coalesced reduce_add scatter gather"},
    "cuda.jiterator": {
        "write the function with torch's operations: XLA makes one kernel of them": (
            "_create_jit_fn _create_multi_output_jit_fn"
        )
    },
    "cuda.tunable": {
        "XLA chooses its kernels: set XLA_FLAGS=--xla_gpu_autotune_level": (
            "tune_gemm_in_file mgpu_tune_gemm_in_file"
        )
    },
    "distributed": {
        _SHARDED: """
            ProcessGroupGloo GradBucket Reducer Logger register_rendezvous_handler
            rendezvous shrink_group split_group BuiltinCommHookType
        """,
    },
    "distributed.fsdp": {_SHARDED: "DataParallelMeshDims share_comm_ctx"},
    "export": {
        _EXPORT: """
            export export_for_training save load Dim dims ExportedProgram
            ExportGraphSignature register_dataclass unflatten draft_export
            default_decompositions UnflattenedModule ShapesCollection AdditionalInputs
            Constraint CustomDecompTable ExportBackwardSignature FlatArgsAdapter
            ModuleCallEntry ModuleCallSignature
        """
    },
    "func": {
        "tensors inside transformations are ordinary ones": "debug_unwrap",
        "use reshape and permute, or einops": "rearrange",
    },
    "jit": {_SCRIPT: "CompilationUnit ScriptFunction export_opnames"},
    "library": {
        "functions are not dispatched by type: write an autograd.Function": (
            "register_torch_dispatch wrap_triton"
        ),
        "operators have no kernel to be handed out: call torch.ops": "get_kernel",
    },
    "masked": {_MASKED: "MaskedTensor masked_tensor as_masked_tensor"},
    "monitor": {
        _MONITOR: """
            Aggregation COUNT Event EventHandlerHandle MAX MEAN MIN STAT_EVENT SUM Stat
            TensorboardEventHandler VALUE data_value_t log_event
            register_event_handler unregister_event_handler
        """
    },
    "nested": {
        _NESTED: "as_nested_tensor masked_select narrow nested_tensor "
        "nested_tensor_from_jagged to_padded_tensor"
    },
    "nn.attention": {
        "XLA chooses how attention is computed": "activate_flash_attention_impl "
        "register_flash_attention_impl"
    },
    "nn.functional": {
        "float8 products are written with casts: a.float() @ b.float() * scale": (
            "scaled_mm scaled_grouped_mm"
        )
    },
    "optim": {
        "write the step with torch.func.functional_call, or load_state_dict": (
            "swap_in_optimizer_params_and_state"
        )
    },
    "package": {
        _PACKAGE: """
            Directory EmptyMatchError GlobGroup Importer ObjMismatchError
            ObjNotFoundError OrderedImporter PackageExporter PackageImporter
            PackagingError is_from_package sys_importer
        """
    },
    "sparse": {
        "matrices with two of four elements are for kernels of NVIDIA's: compute with "
        "the dense tensor, or with x.to_sparse_csr()": "to_sparse_semi_structured "
        "SparseSemiStructuredTensor SparseSemiStructuredTensorCUSPARSELT "
        "SparseSemiStructuredTensorCUTLASS",
        "use torch.linalg.solve(x.to_dense(), b), or scipy.sparse.linalg": "solve",
    },
    "testing": {_SCRIPT: "FileCheck"},
    "utils": {
        _SCRIPT: "ThroughputBenchmark",
        _BACKEND: "rename_privateuse1_backend generate_methods_for_privateuse1_backend",
        "C++ frames are shown by faulthandler and gdb": "get_cpp_backtrace",
    },
    "utils.benchmark": {
        _CALLGRIND: "CallgrindStats CopyIfCallgrind FunctionCount FunctionCounts",
        _FUZZER: "FuzzedParameter FuzzedSparseTensor FuzzedTensor Fuzzer "
        "ParameterAlias",
    },
    "utils.checkpoint": {
        "use torch.utils.checkpoint.checkpoint(function, *args)": "CheckpointFunction "
        "GraphExecGroup"
    },
    "utils.cpp_extension": {
        _EXTENSION: """
            BuildExtension CUDAExtension CppExtension SyclExtension load load_inline
            check_compiler_is_gcc check_compiler_ok_for_platform
            get_compiler_abi_compatibility_and_version get_cxx_compiler include_paths
            library_paths remove_extension_h_precompiler_headers
            verify_ninja_availability get_default_build_root
        """
    },
    "utils.data": {
        _DATAPIPES: """
            IterDataPipe MapDataPipe DFIterDataPipe DataChunk
            argument_validation guaranteed_datapipes_determinism non_deterministic
            runtime_validation runtime_validation_disabled
        """
    },
    "utils.data.datapipes.iter": {
        _DATAPIPES: """
            Batcher Collator Concater Demultiplexer FileLister FileOpener Filter Forker
            Grouper IterableWrapper IterDataPipe Mapper Multiplexer
            RoutedDecoder Sampler ShardingFilter Shuffler StreamReader UnBatcher Zipper
        """
    },
    "utils.data.datapipes.map": {
        _DATAPIPES: "Batcher Concater MapDataPipe Mapper SequenceWrapper Shuffler "
        "Zipper"
    },
    "utils.data.datapipes.datapipe": {_DATAPIPES: "IterDataPipe MapDataPipe DataChunk"},
    "utils.data.graph_settings": {
        _DATAPIPES: "apply_random_seed apply_sharding apply_shuffle_seed "
        "apply_shuffle_settings get_all_graph_pipes"
    },
    "utils.hooks": {_HOOKS: "BackwardHook"},
    "utils.mobile_optimizer": {
        _MOBILE: "LintCode MobileOptimizerType generate_mobile_module_lints "
        "optimize_for_mobile"
    },
    "xpu": {
        _GRAPHS: "XPUGraph graph graph_pool_handle make_graphed_callables",
        _ALLOCATOR: "MemPool XPUPluggableAllocator change_current_allocator "
        "use_mem_pool",
        _XPU: "clock_rate device_memory_used memory_usage power_draw temperature "
        "utilization get_stream_from_external",
    },
    "mps": {_MPS: "compile_shader load_metallib"},
}


def refused_here(module: str, name: str) -> Any:
    """The class or function that refuses under a name of a module; None if none does.

    Args:
        module: such as "nn.functional"; "" is torch itself.
        name: in the module.
    """
    return _refused(module).get(name)


@functools.cache
def _refused(module: str) -> dict[str, Any]:
    prefix = f"{module}." if module else ""
    return {
        name: refused_name(prefix + name, why)
        for why, names in REFUSED.get(module, {}).items()
        for name in names.split()
    }


def refused_names(module: str) -> list[str]:
    """The names of a module that refuse."""
    return sorted(_refused(module))
