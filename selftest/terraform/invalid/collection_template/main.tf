locals {
  n = [1]
  b = "x${local.n}"
}
