# Keys of instances stand in addresses as Terraform writes a text.
resource "terraform_data" "x" {
  for_each = toset([
    "a\"b", "c\\d", "e$${f}", "$$", "%%{g}", "%", "h\ni", "j\tk\r", "é", "\u0001", "\u00a0", "\U0001f600", "\U000e0001", "<&>",
    "a.b[0]", "",
  ])
  input = each.key
}

module "m" {
  source   = "./m"
  for_each = toset(["q\"r", "s\nt"])
}

output "one" {
  value = terraform_data.x["e$${f}"].input
}
