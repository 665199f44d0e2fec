terraform {
  required_providers {
    aws = {
      source = "a/b/c/d"
    }
  }
}
