resource "terraform_data" "a" {
  for_each = { a = 1 }
}
output "b" {
  value = terraform_data.a["b"].id
}
