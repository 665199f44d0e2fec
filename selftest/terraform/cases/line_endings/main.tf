locals {
  a = <<-EOT
    one
      two ${upper("x")}
  EOT
  b = "x" // c
  größe = { "é" = "é" }
  c = [
    1,
    2 # d
  ]
  d = <<EOT
plain
EOT
  e = (1 +
   2)
}
output "all" {
  value = [local.a, local.b, local.größe, local.c, local.d, local.e]
}
