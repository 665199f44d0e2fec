variable "environment" {
  type = string
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "accounts" {
  type = map(string)
  default = {
    dev  = "111122223333"
    prod = "444455556666"
  }
}
