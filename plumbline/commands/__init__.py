"""The commands of `python -m evidence`, one module each."""
