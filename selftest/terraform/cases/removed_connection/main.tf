removed {
  from = terraform_data.a
  connection { host = self.id }
  lifecycle { destroy = true }
  provisioner "local-exec" {
    when    = destroy
    command = "x ${self.id} ${each.key}"
  }
}
