resource "terraform_data" "a" {
  count = 0
  connection { user = "x" }
  provisioner "local-exec" { command = "x" }
}
