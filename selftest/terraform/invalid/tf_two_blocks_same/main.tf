terraform {
  required_providers {
    aws = ">= 5"
  }
}
terraform {
  required_providers {
    aws = ">= 4"
  }
}
