"""Write the `.pyi` stubs of `funcnet.compat`: `make stubs` (see `__main__.py`).

Most of PyTorch's names enter `funcnet.compat` at import, from the registry of
operations; an editor or a type checker, which runs nothing, sees them in the stubs.
What each file here decides:

    parameters.py    the type of a parameter, by its name
    results.py       the type of a result, where it is not one tensor
    signatures.py    whole signatures, where arguments come in several forms
    introspect.py    a signature out of these tables and what `inspect` tells
    layers.py        the classes of `nn`, out of their descriptions
    render.py        source text: overloads, imports, names that a scope hides
    modules.py       which module and class gets a stub, and what stands in it
"""
