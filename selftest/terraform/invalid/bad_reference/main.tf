locals {
  b = foo
}
