locals {
  rules = ["a", "b"]
}
