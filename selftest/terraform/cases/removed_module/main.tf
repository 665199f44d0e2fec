removed {
  from = module.x
  lifecycle {
    destroy = false
  }
}
