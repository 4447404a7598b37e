"""Post: how notices reach their readers, by mail and by Web Push, and how somebody wants to be told."""
