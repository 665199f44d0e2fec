locals {
  a = upper(<<EOT
x
EOT, 1)
}
