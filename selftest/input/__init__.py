"""Bad input through the front door: a clear message, the right exit code, and nothing half-run.

Each proof edits a copy of the repository and runs the suite in it, as somebody would who made that mistake.
"""
