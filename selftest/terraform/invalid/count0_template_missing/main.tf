resource "terraform_data" "b" {
  count = 0
  input = templatefile("${path.module}/t.txt", { y = count.index })
}
