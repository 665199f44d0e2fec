removed {
  from = terraform_data.gone
  lifecycle { nope = true }
}
