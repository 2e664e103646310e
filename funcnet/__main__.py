"""`python -m funcnet`: the command line."""

import sys

from funcnet.cli import main

sys.exit(main())
