resource "terraform_data" "a" {
}
moved {
  from = resource.terraform_data.b
  to = terraform_data.a
}
