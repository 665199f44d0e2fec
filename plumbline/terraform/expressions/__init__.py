"""The expressions of the Terraform language: one class for each form, which evaluates itself."""
