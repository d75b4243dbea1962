"""Review submissions: the folder they lie in, the desk they go over, what they must hold."""
