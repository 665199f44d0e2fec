"""What the proofs need of the data lake alone."""
