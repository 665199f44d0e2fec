terraform {
  required_providers {
    a_b = ">= 1"
  }
}
