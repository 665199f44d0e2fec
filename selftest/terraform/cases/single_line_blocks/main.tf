locals { tags = {
  owner = "shop"
} }
output "tags" { value = merge(local.tags, {
  purpose = "orders"
}) }
output "texts" { value = [<<-TEXT
  one
  TEXT
] }
