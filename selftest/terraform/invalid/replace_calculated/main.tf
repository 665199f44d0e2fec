resource "terraform_data" "e" { count = 2 }
resource "terraform_data" "f" {
  count = 1
  lifecycle {
    replace_triggered_by = [terraform_data.e[count.index + 1]]
  }
}
