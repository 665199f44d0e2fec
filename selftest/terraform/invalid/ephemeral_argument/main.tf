variable "token" {
  ephemeral = true
  default   = "t"
}
resource "terraform_data" "t" {
  input = { a = [var.token] }
}
