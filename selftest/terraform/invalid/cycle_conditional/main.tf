locals {
  a = true ? 1 : local.b
  b = local.a
}
