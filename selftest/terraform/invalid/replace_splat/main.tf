resource "terraform_data" "e" { count = 2 }
resource "terraform_data" "f" {
  lifecycle {
    replace_triggered_by = [terraform_data.e[*].id]
  }
}
