resource "terraform_data" "counted" {
  for_each = toset(["a"])
}
resource "terraform_data" "counted_later" {
  count = 2
}
module "counted" {
  for_each = toset(["a"])
}
