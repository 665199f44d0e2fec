output "text" {
  value = templatefile("unused.tftpl", { a = 1 })
}
