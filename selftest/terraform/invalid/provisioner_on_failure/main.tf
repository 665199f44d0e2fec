resource "terraform_data" "t" {
  provisioner "local-exec" {
    command    = "x"
    on_failure = ignore
  }
}
