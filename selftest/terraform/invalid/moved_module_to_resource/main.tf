resource "terraform_data" "a" {}
moved {
  from = module.x
  to = terraform_data.a
}
