"""Names of `torch.distributed` that need several processes, and raise when used."""

from collections.abc import Callable
from typing import Any, Final

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.refused import refused

_MANY: Final = "there is a group of one process so far"
_SHARDING: Final = (
    "arrays are spread over devices by jax.sharding; see funcnet.distributed"
)

SHOWN: Final = refused("distributed", _SHARDING, "DeviceMesh init_device_mesh")

# Modules, the reasons why they raise, and their names.
_FILES: Final = {
    "device_mesh": (_SHARDING, "DeviceMesh init_device_mesh"),
    "tensor": (
        _SHARDING,
        "DTensor Placement Replicate Shard Partial distribute_tensor distribute_module "
        "ones zeros empty full rand randn",
    ),
    "tensor.parallel": (
        _SHARDING,
        "parallelize_module ColwiseParallel RowwiseParallel SequenceParallel "
        "PrepareModuleInput PrepareModuleOutput loss_parallel",
    ),
    "_tensor": (_SHARDING, "DTensor Replicate Shard"),
    "fsdp": (
        _SHARDING,
        "FullyShardedDataParallel fully_shard MixedPrecision ShardingStrategy "
        "CPUOffload BackwardPrefetch StateDictType FullStateDictConfig "
        "MixedPrecisionPolicy ShardedStateDictConfig FullOptimStateDictConfig",
    ),
    "fsdp.wrap": (
        _SHARDING,
        "transformer_auto_wrap_policy size_based_auto_wrap_policy "
        "enable_wrap wrap lambda_auto_wrap_policy ModuleWrapPolicy",
    ),
    "optim": (
        _MANY,
        "ZeroRedundancyOptimizer DistributedOptimizer PostLocalSGDOptimizer",
    ),
    "nn": (_MANY, "RemoteModule all_reduce all_gather broadcast reduce_scatter"),
    "rpc": (
        "other processes are not called",
        "init_rpc rpc_sync rpc_async remote shutdown RRef WorkerInfo get_worker_info",
    ),
    "rpc.api": ("other processes are not called", "_require_initialized"),
    "checkpoint": (
        "use torch.save, or funcnet.checkpoint",
        "save load save_state_dict load_state_dict FileSystemReader FileSystemWriter "
        "async_save DefaultSavePlanner DefaultLoadPlanner",
    ),
    "checkpoint.state_dict": (
        "use model.state_dict()",
        "get_model_state_dict set_model_state_dict get_state_dict set_state_dict "
        "StateDictOptions",
    ),
    "pipelining": (_SHARDING, "pipeline Pipe PipelineStage SplitPoint"),
    "algorithms": (_MANY, ""),
    "algorithms.join": (_MANY, "Join Joinable JoinHook"),
    "algorithms._checkpoint": (_MANY, ""),
    "algorithms._checkpoint.checkpoint_wrapper": (
        "XLA decides what is kept for the backward pass",
        "checkpoint_wrapper CheckpointImpl apply_activation_checkpointing "
        "CheckpointWrapper",
    ),
    "algorithms.ddp_comm_hooks": (_MANY, "DDPCommHookType register_ddp_comm_hook"),
    "algorithms.ddp_comm_hooks.default_hooks": (
        _MANY,
        "allreduce_hook fp16_compress_hook bf16_compress_hook",
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
}


def _same(function: Callable[..., Any] | None = None, **settings: object) -> Any:
    """Return the function: errors are shown as they are."""
    return function if function is not None else lambda function: function


def show_files() -> None:
    """Show these names under PyTorch's module names."""
    for file, (why, names) in _FILES.items():
        full = f"funcnet.compat.distributed.{file}"
        module = show_as(full, refused(f"distributed.{file}", why, names))
        module.__path__ = []
        if file == "elastic.multiprocessing.errors":
            module.record = _same  # type: ignore[attr-defined]
