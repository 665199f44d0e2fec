"""The commands of `python -m plumbline`, one module each."""
