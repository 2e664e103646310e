"""Names of `torch.distributed` that need several processes, and raise when used."""

import functools
from collections.abc import Callable
from typing import Any, Final, NoReturn

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.refused import refused
from funcnet.compat.distributed._placements import PLACEMENTS, StridedShard

_MANY: Final = "there is a group of one process so far"
_SHARDING: Final = (
    "arrays are spread over devices by jax.sharding; see funcnet.distributed"
)

# What every file of FSDP shows.
_FSDP: Final = (
    "ShardingStrategy CPUOffload BackwardPrefetch StateDictType StateDictConfig "
    "OptimStateKeyType FullStateDictConfig LocalStateDictConfig ShardedStateDictConfig "
    "OptimStateDictConfig FullOptimStateDictConfig LocalOptimStateDictConfig "
    "ShardedOptimStateDictConfig StateDictSettings"
)
_FILES_OF_ONE: Final = "use torch.save, or funcnet.checkpoint"
_PLANNERS: Final = "DefaultSavePlanner DefaultLoadPlanner"

SHOWN: Final = refused("distributed", _SHARDING, "DeviceMesh init_device_mesh")

# Modules, the reasons why they raise, and their names.
_FILES: Final = {
    "device_mesh": (_SHARDING, "DeviceMesh init_device_mesh"),
    "tensor": (
        _SHARDING,
        "DTensor distribute_tensor distribute_module ones zeros empty full rand randn",
    ),
    "tensor.parallel": (
        _SHARDING,
        "parallelize_module ColwiseParallel RowwiseParallel SequenceParallel "
        "PrepareModuleInput PrepareModuleOutput loss_parallel",
    ),
    "tensor.placement_types": (_SHARDING, ""),
    "tensor._utils": (_SHARDING, "compute_local_shape_and_global_offset"),
    "tensor.experimental": (_SHARDING, "context_parallel implicit_replication"),
    "tensor.experimental._attention": (_SHARDING, "context_parallel set_rotate_method"),
    "_tensor": (_SHARDING, "DTensor distribute_tensor"),
    "_tensor.experimental": (_SHARDING, "implicit_replication"),
    "fsdp": (
        _SHARDING,
        "FullyShardedDataParallel fully_shard MixedPrecision FSDPModule "
        "CPUOffloadPolicy OffloadPolicy UnshardHandle register_fsdp_forward_method "
        f"MixedPrecisionPolicy {_FSDP}",
    ),
    "fsdp.api": (_SHARDING, f"MixedPrecision {_FSDP}"),
    "fsdp.fully_sharded_data_parallel": (
        _SHARDING,
        f"FullyShardedDataParallel MixedPrecision {_FSDP}",
    ),
    "fsdp.sharded_grad_scaler": (_SHARDING, "ShardedGradScaler"),
    "fsdp.wrap": (
        _SHARDING,
        "transformer_auto_wrap_policy size_based_auto_wrap_policy _or_policy "
        "enable_wrap wrap lambda_auto_wrap_policy ModuleWrapPolicy CustomPolicy",
    ),
    "_composable": (_SHARDING, ""),
    "_composable.fsdp": (
        _SHARDING,
        "fully_shard FSDPModule MixedPrecisionPolicy CPUOffloadPolicy OffloadPolicy",
    ),
    "optim": (
        _MANY,
        "ZeroRedundancyOptimizer DistributedOptimizer PostLocalSGDOptimizer",
    ),
    "utils": (_MANY, "_sync_module_states _sync_params_and_buffers"),
    "rpc": (
        "other processes are not called",
        "init_rpc rpc_sync rpc_async remote shutdown RRef WorkerInfo get_worker_info",
    ),
    "rpc.api": ("other processes are not called", ""),
    "checkpoint": (
        _FILES_OF_ONE,
        "save load save_state_dict load_state_dict FileSystemReader FileSystemWriter "
        f"async_save {_PLANNERS}",
    ),
    "checkpoint.default_planner": (
        _FILES_OF_ONE,
        f"{_PLANNERS} _EmptyStateDictLoadPlanner",
    ),
    "checkpoint.format_utils": (
        _FILES_OF_ONE,
        "dcp_to_torch_save torch_save_to_dcp _EmptyStateDictLoadPlanner",
    ),
    "checkpoint.hf_storage": (
        _FILES_OF_ONE,
        "HuggingFaceStorageReader HuggingFaceStorageWriter",
    ),
    "checkpoint._consolidate_hf_safetensors": (
        _FILES_OF_ONE,
        "consolidate_safetensors_files",
    ),
    "checkpoint.optimizer": (_FILES_OF_ONE, "load_sharded_optimizer_state_dict"),
    "checkpoint.state_dict_loader": (_FILES_OF_ONE, "load _load_state_dict"),
    "checkpoint.state_dict": (
        "use model.state_dict()",
        "get_model_state_dict set_model_state_dict get_state_dict set_state_dict "
        "StateDictOptions get_optimizer_state_dict set_optimizer_state_dict",
    ),
    "pipelining": (
        _SHARDING,
        "pipeline Pipe PipelineStage SplitPoint ScheduleGPipe Schedule1F1B",
    ),
    "algorithms": (_MANY, ""),
    "algorithms.join": (_MANY, "Join Joinable JoinHook"),
    "algorithms._checkpoint": (_MANY, ""),
    "algorithms._checkpoint.checkpoint_wrapper": (
        "XLA decides what is kept for the backward pass",
        "checkpoint_wrapper CheckpointImpl apply_activation_checkpointing "
        "CheckpointWrapper offload_wrapper",
    ),
    "algorithms.ddp_comm_hooks": (_MANY, "DDPCommHookType register_ddp_comm_hook"),
    "algorithms.ddp_comm_hooks.default_hooks": (
        _MANY,
        "allreduce_hook fp16_compress_hook bf16_compress_hook",
    ),
    **{
        f"algorithms.ddp_comm_hooks.{name}": (_MANY, names)
        for name, names in {
            "powerSGD_hook": "PowerSGDState powerSGD_hook batched_powerSGD_hook",
            "post_localSGD_hook": "PostLocalSGDState post_localSGD_hook",
        }.items()
    },
    "algorithms.model_averaging": (_MANY, ""),
    "algorithms.model_averaging.averagers": (
        _MANY,
        "ModelAverager PeriodicModelAverager",
    ),
    "elastic": ("start the script itself: python script.py", ""),
    "elastic.multiprocessing": ("start the script itself: python script.py", ""),
    "elastic.multiprocessing.errors": ("start the script itself", "ChildFailedError"),
    "launch": ("start the script itself: python script.py", "main launch"),
    "run": ("start the script itself: python script.py", "main run"),
    "launcher": (
        "start the script itself: python script.py",
        "elastic_launch LaunchConfig",
    ),
    "launcher.api": (
        "start the script itself: python script.py",
        "elastic_launch LaunchConfig",
    ),
}


def _same(function: Callable[..., Any] | None = None, **settings: object) -> Any:
    """Return the function: errors are shown as they are."""
    return function if function is not None else lambda function: function


def _with_rpc(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that raises: processes that are called are never there."""

    @functools.wraps(function)
    def uncalled(*args: object, **kwargs: object) -> NoReturn:
        raise RuntimeError(
            "RPC has not been initialized. Call torch.distributed.rpc.init_rpc first."
        )

    return uncalled


def show_files() -> None:
    """Show these names under PyTorch's module names."""
    for file, (why, names) in _FILES.items():
        full = f"funcnet.compat.distributed.{file}"
        module = show_as(full, refused(f"distributed.{file}", why, names))
        module.__path__ = []
        if file in ("tensor", "_tensor", "tensor.placement_types"):
            vars(module).update(PLACEMENTS)
        if file == "tensor.placement_types":
            module._StridedShard = StridedShard  # type: ignore[attr-defined]
        if file == "rpc.api":
            module._require_initialized = _with_rpc  # type: ignore[attr-defined]
        if file == "elastic.multiprocessing.errors":
            module.record = _same  # type: ignore[attr-defined]
