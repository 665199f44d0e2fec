"""Reading Terraform source: what is written, with its place, before anything is evaluated."""
