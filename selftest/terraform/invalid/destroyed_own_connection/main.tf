resource "terraform_data" "a" {
  provisioner "remote-exec" {
    when   = destroy
    inline = ["x"]
    connection {
      host = terraform_data.b.id
    }
  }
}
resource "terraform_data" "b" {}
