output "a" {
  value = tonumber("a")
}
