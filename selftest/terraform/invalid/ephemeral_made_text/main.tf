variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
}
resource "terraform_data" "kept" {
  input = "Bearer ${upper(var.token)}"
}
