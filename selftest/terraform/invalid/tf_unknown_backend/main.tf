terraform {
  backend "s4" {
  }
}
