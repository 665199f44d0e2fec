resource "terraform_data" "a" {
  provisioner "file" {
    content     = "x"
    destination = "y"
    connection {
      type = "ssh"
    }
  }
}
