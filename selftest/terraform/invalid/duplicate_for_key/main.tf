locals {
  b = { for x in ["a", "a"] : x => x }
}
