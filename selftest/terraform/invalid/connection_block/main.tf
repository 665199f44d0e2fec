resource "terraform_data" "a" {
  connection {
    host = "x"
    nope {}
  }
  provisioner "local-exec" { command = "x" }
}
