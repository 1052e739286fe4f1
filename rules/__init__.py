"""What the organisation decided: kinds, lifecycle, deadlines, workload, access, filters."""
