resource "terraform_data" "e" { for_each = toset(["k"]) }
resource "terraform_data" "f" {
  for_each = toset(["k"])
  lifecycle {
    replace_triggered_by = [terraform_data.e[each.value].input]
  }
}
