locals { tags = { owner = "shop" }
}
