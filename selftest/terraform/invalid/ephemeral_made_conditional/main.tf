variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
}
resource "terraform_data" "kept" {
  input = var.token == "t" ? "one" : "other"
}
