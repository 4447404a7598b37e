"""Appeals: somebody asks that steps which were not counted be looked at, and somebody of the staff decides."""
