terraform {
  required_providers {
    aws = ">= 5"
  }
  required_providers {
    random = ">= 3"
  }
}
