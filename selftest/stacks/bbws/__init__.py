"""The BBWS customer portal, for proofs of what only it has."""

from selftest.front_door import REPOSITORY
from selftest.stacks.proven import HERE, Proven

BBWS = Proven(REPOSITORY, HERE / "bbws")
