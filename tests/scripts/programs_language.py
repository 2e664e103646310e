"""Scripts of language, recurrent networks, many processes, fx and packages."""

from tests.scripts.program import Program

PROGRAMS: list[Program] = []
