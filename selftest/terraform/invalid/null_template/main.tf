locals {
  n = null
  b = "x${local.n}"
}
