"""The engine: reads resources from Terraform, moto or AWS into one typed model each."""
