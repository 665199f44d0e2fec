output "x" {
  value = 'abc'
}
