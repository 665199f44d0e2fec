resource "terraform_data" "a" {
  for_each = {}
  input = tonumber("a")
}
