"""Proofs that policy documents are read and decided on as IAM does, against evaluators that are not ours."""
