import {
  to = terraform_data.t[each.key]
  id = "x"
}
resource "terraform_data" "t" {
  for_each = { a = "x" }
  input    = 1
}
