resource "aws_dynamodb_table" "t" {
  global_secondary_index {
    name            = "overridden"
    hash_key        = "b"
    projection_type = "KEYS_ONLY"
  }
}
