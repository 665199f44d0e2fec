resource "terraform_data" "a" {
  for_each = toset(["a"])
  provisioner "local-exec" {
    when    = destroy
    command = "echo ${each.key} ${each.value}"
  }
}
