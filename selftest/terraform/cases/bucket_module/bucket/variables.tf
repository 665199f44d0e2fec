variable "create_bucket" {
  type    = bool
  default = true
}
variable "enabled" {
  type    = bool
  default = true
}
variable "bucket" {
  type    = string
  default = null
}
variable "bucket_prefix" {
  type    = string
  default = null
}
variable "acl" {
  type    = string
  default = null
}
variable "force_destroy" {
  type    = bool
  default = false
}
variable "tags" {
  type    = map(string)
  default = {}
}
variable "versioning" {
  type    = map(string)
  default = {}
}
variable "lifecycle_rule" {
  type    = any
  default = []
}
variable "cors_rule" {
  type    = any
  default = []
}
variable "grant" {
  type    = any
  default = []
}
variable "owner" {
  type    = map(string)
  default = {}
}
variable "server_side_encryption_configuration" {
  type    = any
  default = {}
}
