terraform {
  required_version = "~> 1.3"
}
variable "settings" {
  type = object({
    name    = string
    ports   = optional(list(number), [80, 443])
    logging = optional(object({ enabled = optional(bool, false), bucket = optional(string) }))
    extra   = optional(any)
  })
  default = { name = "svc", logging = { bucket = "b" }, extra = { deep = [1, { x = "y" }] } }
}
variable "users" {
  type = map(object({ role = string, teams = optional(set(string), []) }))
  default = {
    zed  = { role = "admin", teams = ["ops", "dev", "ops"] }
    anna = { role = "user" }
  }
}
locals {
  config   = yamldecode(file("${path.module}/config.yaml"))
  data     = jsondecode(file("${path.module}/data.json"))
  services = { for s in local.config.services : s.name => merge({ port = 80 }, s) }
  by_role  = { for name, u in var.users : u.role => name... }
  pairs    = [for p in setproduct(keys(var.users), local.config.regions) : { user = p[0], region = p[1] }]
  matrix   = { for p in local.pairs : "${p.user}@${p.region}" => p }
  nested = {
    for region in local.config.regions : region => {
      for i, user in sort(keys(var.users)) : user => cidrsubnet("10.${index(local.config.regions, region)}.0.0/16", 8, i)
    }
  }
  flags     = { for k, v in { a = true, b = false, c = null } : k => v if v != null }
  first     = element([for s in local.config.services : s.name if try(s.public, false)], 0)
  merged    = merge([for s in local.config.services : { (s.name) = try(s.env, {}) }]...)
  chunked   = chunklist(range(7), 3)
  lookups   = [for k in ["x", "y"] : lookup({ x = "1" }, k, "none")]
  cond      = length(local.config.regions) > 5 ? "many" : length(local.config.regions) > 1 ? "some" : "one"
  formatted = formatlist("%s:%03d", ["a", "b"], [1, 22])
  texts     = [for t in ["snake_case", "kebab-case"] : join("", [for w in split("-", replace(t, "_", "-")) : title(w)])]
  numbers   = { sum = sum([1, 2.5]), max = max([3, 9, 4]...), div = 7 / 2, mod = 7 % 2, neg = -5, round = floor(7 / 2), pct = format("%.1f%%", 12.345) }
  regexes   = [regex("^(\\w+)-(\\d+)$", "abc-12"), regexall("\\d", "a1b2"), can(regex("z", "abc")), replace("a.b.c", "/\\.(\\w)/", "-$1")]
  coalesced = coalesce(null, "", var.settings.name)
  trimmed   = trimspace(<<-EOT

    text

  EOT
  )
  sets      = { union = setunion(["b"], ["a"]), inter = setintersection(["a", "b"], ["b"]), sub = setsubtract(["a", "b"], ["b"]) }
  transposed = transpose({ a = ["x", "y"], b = ["y"] })
  dates     = [formatdate("YYYY-MM", "2024-02-03T04:05:06Z"), timeadd("2024-02-28T23:00:00Z", "2h")]
  encoded   = { b64 = base64encode("a&b"), url = urlencode("a b/c"), json = jsonencode({ z = 1, a = [true, null, "<é>"] }), yaml = yamlencode({ b = [1, { c = "d" }], a = "x: y" }) }
  index_map = { for i, s in local.config.services : s.name => i }
  ternary_map = true ? { a = "x" } : { a = "x", b = "y" }
  splat     = local.config.services[*].name
  optional_splat = try(local.config.missing[*].name, [])
  heredoc_json = jsondecode(<<EOT
{"a": "${var.settings.name}", "b": [1, 2]}
EOT
  )
  deep      = local.data.list[1].inner["key with space"]
  csv       = [for r in csvdecode(file("${path.module}/data.csv")) : r if tonumber(r.n) > 1]
  files     = { for f in fileset(path.module, "files/*.txt") : trimsuffix(basename(f), ".txt") => chomp(file("${path.module}/${f}")) }
  null_safe = [for x in [null, "a"] : x == null ? "none" : x]
  zip       = zipmap(["a", "b"], [1, "two"])
  rev       = reverse(sort(["b", "c", "a"]))
  strs      = [substr("hello", 1, 3), strrev("abc"), indent(2, "a\nb"), upper("x"), startswith("abc", "ab"), endswith("abc", "bc"), parseint("ff", 16), title("a b")]
  one       = [one([]), one(["x"]), one(toset(["y"]))]
  alltrue   = [alltrue([]), anytrue([false, true]), alltrue([true, false])]
  tern_null = var.settings.logging == null ? null : var.settings.logging.bucket
}
resource "terraform_data" "all" {
  input = {
    settings = var.settings, users = var.users, services = local.services, by_role = local.by_role, matrix = local.matrix
    nested = local.nested, flags = local.flags, first = local.first, merged = local.merged, chunked = local.chunked
    lookups = local.lookups, cond = local.cond, formatted = local.formatted, texts = local.texts, numbers = local.numbers
    regexes = local.regexes, coalesced = local.coalesced, trimmed = local.trimmed, sets = local.sets, transposed = local.transposed
    dates = local.dates, encoded = local.encoded, index_map = local.index_map, ternary_map = local.ternary_map, splat = local.splat
    optional_splat = local.optional_splat, heredoc_json = local.heredoc_json, deep = local.deep, csv = local.csv, files = local.files
    null_safe = local.null_safe, zip = local.zip, rev = local.rev, strs = local.strs, one = local.one, alltrue = local.alltrue
    tern_null = local.tern_null, workspace = terraform.workspace, module = path.module, root = path.root
  }
}
resource "terraform_data" "matrix" {
  for_each         = local.matrix
  input            = each.value
  triggers_replace = [each.key, local.nested[each.value.region][each.value.user]]
}
resource "terraform_data" "moved" {
  provisioner "local-exec" {
    command = "echo ${self.id}"
  }
  lifecycle {
    precondition {
      condition     = length(local.pairs) == 4
      error_message = "Four pairs."
    }
    postcondition {
      condition     = self.id != ""
      error_message = "No id."
    }
    replace_triggered_by = [terraform_data.all]
  }
}
moved {
  from = terraform_data.old
  to   = terraform_data.moved
}
check "health" {
  assert {
    condition     = length(local.pairs) == 5
    error_message = "Broken."
  }
}
output "sensitive" {
  value     = sensitive("x")
  sensitive = true
}
