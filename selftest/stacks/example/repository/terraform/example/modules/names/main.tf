terraform {
  required_version = ">= 1.6.0"
}

variable "environment" {
  type = string
}

output "state_bucket" {
  value = "notes-terraform-state-${var.environment}"
}

output "lock_table" {
  value = "notes-locks-${var.environment}"
}
