resource "terraform_data" "t" {
  count = 0
  input = local.nope
}
