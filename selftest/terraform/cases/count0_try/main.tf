resource "terraform_data" "b" {
  count = 0
  input = try(regex("a", "b"), "z")
}
