locals {
  b = [{ a = 1 }, {}][*].a
}
