resource "terraform_data" "a" {
  provisioner "local-exec" {
    when        = destroy
    command     = "echo"
    environment = { for k, v in { a = self.id } : k => v }
  }
}
