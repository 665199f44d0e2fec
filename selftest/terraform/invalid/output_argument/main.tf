output "a" {
  valeu = 1
}
