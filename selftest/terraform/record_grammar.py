"""`python -m selftest.terraform.record_grammar` makes the package's parser of Terraform's syntax anew."""

import gzip

from plumbline.terraform.hcl.grammar import TABLE, table

if __name__ == "__main__":
    TABLE.write_bytes(gzip.compress(table(), mtime=0))
