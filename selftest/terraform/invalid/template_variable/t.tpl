x ${nope}
