resource "terraform_data" "one" {
  for_each = { a = 1, b = 2 }
  input    = each.value
  lifecycle {
    postcondition {
      condition     = self.id != ""
      error_message = "No id."
    }
    postcondition {
      condition     = self.input == 1
      error_message = "Not of ${each.key}: ${self.input}."
    }
  }
}
