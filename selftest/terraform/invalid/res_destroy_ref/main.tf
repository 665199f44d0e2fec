resource "terraform_data" "b" {
}
resource "terraform_data" "a" {
  provisioner "local-exec" {
    when = destroy
    command = terraform_data.b.id
  }
}
