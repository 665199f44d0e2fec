resource "terraform_data" "a" {
  count = 1
  connection {
    type        = "ssh"
    host        = "x"
    user        = "u"
    private_key = file("${path.module}/k")
  }
  provisioner "local-exec" {
    command     = "echo ${terraform_data.b.id} ${self.id}"
    interpreter = ["sh", "-c"]
    working_dir = path.module
    environment = { A = self.id }
    quiet       = true
    on_failure  = continue
  }
  provisioner "file" {
    content     = "x"
    destination = "/tmp/x"
  }
  provisioner "remote-exec" {
    inline = ["x"]
    connection {
      type = "ssh"
      host = self.id
    }
  }
  provisioner "local-exec" {
    when    = destroy
    command = "echo ${self.input} ${count.index} ${path.module} ${terraform.workspace}"
  }
  provisioner "remote-exec" {
    when   = destroy
    script = "x"
  }
}
resource "terraform_data" "b" {}
