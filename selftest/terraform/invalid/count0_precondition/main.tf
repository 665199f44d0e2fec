resource "terraform_data" "b" {
  count = 0
  lifecycle {
    precondition {
      condition = tonumber("x") > terraform_data.c.id
      error_message = "x"
    }
  }
}
resource "terraform_data" "c" {}
