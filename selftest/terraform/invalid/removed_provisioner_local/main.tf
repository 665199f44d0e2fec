locals { a = 1 }
removed {
  from = terraform_data.a
  lifecycle { destroy = true }
  provisioner "local-exec" {
    when    = destroy
    command = "x ${local.a}"
  }
}
