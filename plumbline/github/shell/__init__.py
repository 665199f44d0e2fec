"""Shell scripts, read without being run: which commands they come to, and with which status they may end.

Source: POSIX, "Shell Command Language"; Bash Reference Manual, "The Set Builtin" (`-e`, `pipefail`).
"""

from plumbline.github.shell.path import FAILS, OPEN, SUCCEEDS, Command, Status
from plumbline.github.shell.script import Outcome, Settings, outcome

__all__ = ["FAILS", "OPEN", "SUCCEEDS", "Command", "Outcome", "Settings", "Status", "outcome"]
