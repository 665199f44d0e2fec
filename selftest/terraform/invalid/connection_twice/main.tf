resource "terraform_data" "a" {
  connection { host = "x" }
  connection { host = "y" }
}
