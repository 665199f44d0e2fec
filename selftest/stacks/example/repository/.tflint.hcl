config {
  call_module_type = "local"
}
