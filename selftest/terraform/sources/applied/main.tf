resource "terraform_data" "one" {
  input = { a = 1.5, b = null, c = ["x"] }
}
resource "terraform_data" "each" {
  for_each   = toset(["a", "b.c"])
  input      = each.key
  depends_on = [terraform_data.one]
}
module "m" {
  source = "./m"
  count  = 2
}
output "o" {
  value = terraform_data.one.output
}
