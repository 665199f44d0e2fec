output "a" {
  value = "x${var.nope}"
}
