terraform {
  required_version = ""
}
