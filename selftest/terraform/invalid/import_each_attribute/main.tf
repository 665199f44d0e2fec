import {
  for_each = { a = "x" }
  to       = terraform_data.t[each.nosuch]
  id       = each.value
}
resource "terraform_data" "t" {
  for_each = { a = "x" }
  input    = 1
}
