"""The rules of the interpreter: what numpy computes of each primitive of JAX.

`table.py` has the table, into which the other files put their rules.
"""
