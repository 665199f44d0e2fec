resource "terraform_data" "a" {
}
moved {
  from = terraform_data.b
  to = terraform_data.a
  of = 1
}
