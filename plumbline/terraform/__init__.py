"""Terraform's language: source as Terraform would evaluate it, plans and states."""
