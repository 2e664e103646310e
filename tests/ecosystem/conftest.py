"""Nothing is collected here but where `make ecosystem` has installed the packages."""

import importlib.metadata


def _is_installed() -> bool:
    try:
        return importlib.metadata.version("torch").endswith("+funcnet")
    except importlib.metadata.PackageNotFoundError:
        return False


collect_ignore_glob = [] if _is_installed() else ["test_*.py"]
