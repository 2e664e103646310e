"""Which programs are interpreted and which are compiled.

A program that is new is interpreted (`interpret.py`): it runs at once. One that repeats
is compiled in the background while it is still interpreted, and the compiled one takes
over at a use that is fixed in advance from estimated costs (`policy.py`), so that the
same script gives the same bits whatever the machine does beside it.
"""

from funcnet.compat._tiers.policy import tier

__all__ = ["tier"]
