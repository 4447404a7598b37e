"""Today: what there is to do now, put together for one person from the rooms below."""
