resource "terraform_data" "t" {
  provisioner "local-exec" {
    command = "x"
    when    = destroyed
  }
}
