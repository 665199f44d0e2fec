locals {
  unused = 1 / 0
}
output "ratio" {
  value = [1, 1 / 0]
}
