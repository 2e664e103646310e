"""Compares funcnet and `funcnet.compat` with PyTorch, on PyTorch's own test databases.

Run `python -m tests.parity` in an environment that has torch (`make parity`). The
databases are `torch.testing._internal`'s: `module_db`, `op_db` and `optim_db`; beside
them stand scripts of our own, and programs and training scripts drawn at random.
Nothing here is collected by pytest; the main suite is free of torch.
"""
