"""What runs on the far side: nothing here imports a declaration, and nothing here is trusted by the grader."""
