locals {
  a = terraform.nope
}
