resource "terraform_data" "counted" {
  count = 2
  input = "a"
}
resource "terraform_data" "counted_later" {
  for_each = toset(["a"])
  input    = "a"
}
module "counted" {
  source = "./counted"
  count  = 2
}
output "counted" {
  value = length(module.counted)
}
