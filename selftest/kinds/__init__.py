"""The laws of every kind: what is created is read back, and what Terraform declares is what it applies."""
