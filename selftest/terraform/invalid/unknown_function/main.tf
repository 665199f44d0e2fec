locals {
  a = nope(1)
}
