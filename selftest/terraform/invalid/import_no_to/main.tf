resource "terraform_data" "a" {
}
import {
  id = "x"
}
