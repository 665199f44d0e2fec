locals {
  spaced = <<EOT
text
EOT  
  tabbed = <<-EOT
	tab
	  two
	EOT
  inner = <<EOT
${<<IN
in
IN
}
EOT
  commented = [ # c
    /* a */ 1, // b
    # d
    2,
  ]
  chained = (local.obj
    .a
    .b)
  obj = { a = { b = "deep" } }
  unary = [!!true, - -1, 1 - -1, !(1 == 2), -(-2)]
  spaces = "${  local . obj . a . b  }"
  multi = "${
    join("-", [
      "a", # comment
      "b",
    ])
  }"
  quotes = "a \"q\" ${"in \"ner\" ${"x"}"} \\ $${no} %%{no} $x %y $ %"
  trail = { a = 1, b = 2, }
  keys = { "a b" = 1, 5 = 2, (upper("k")) = 3, true = 4, null = 5, for = 6 }
  dash-ed = 1
  use = local.dash-ed - 1
  cmp = 1 < 2 == true && !false || 1 != 1
  cond = true ? false ? 1 : 2 : 3
  exp = [1e3, 1.5E-2, 0.10, 100000000000000000000]
  legacy = local.list.0
  list = ["zero"]
  places = [for n in [0, 1] : {
    x = 12 * (n % 2)
    y = n / 2 # of a row
    z = n > 0 ? 1 : 2
    both = n + 1, last = n == 1
  }]
  nested_for = { for k, v in { a = [1, 2], b = [] } : k => [for x in v : x * 2 if x > 1] if length(v) > 0 }
}
output "marker" {
  value = [local.spaced, local.tabbed, local.inner, local.commented, local.chained, local.unary, local.spaces, local.multi, local.quotes, local.trail, local.keys, local.use, local.cmp, local.cond, local.exp, local.legacy, local.nested_for, local.places]
}
