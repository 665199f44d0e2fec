variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
}
resource "terraform_data" "kept" {
  count = length(var.token)
}
