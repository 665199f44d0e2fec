resource "terraform_data" "a" {}
moved {
  from = terraform_data.gone
  to   = terraform_data.a
  lifecycle {}
}
