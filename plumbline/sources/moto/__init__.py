"""AWS in this process: moto, what it lacks, and how it is filled with what Terraform declares."""
