resource "terraform_data" "a" {
  count = 2
  input = 1
}
output "a" {
  value = terraform_data.a[2].input
}
