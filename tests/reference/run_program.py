"""`python -m tests.reference.run_program SCRIPT ARGS`: a script under PyTorch.

torchvision is loaded first, as a wheel whose compiled operators do not load needs it.
"""

import os
import runpy
import sys

from tools.torch_names import without_compiled_operators

if __name__ == "__main__":
    with without_compiled_operators():
        import torchvision
        from torchvision.transforms import v2
    del torchvision, v2, sys.argv[0]
    sys.path.insert(0, os.path.dirname(sys.argv[0]))
    runpy.run_path(sys.argv[0], run_name="__main__")
