"""Runs a script on funcnet.compat as it stands: `_on_compat.py SCRIPT ARGUMENTS`."""

import runpy
import sys

import funcnet.compat

funcnet.compat.install(even_if_installed=True)
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
