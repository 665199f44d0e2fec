terraform {
  require_version = ">= 1"
}
