terraform {
  required_version = "yes"
}
