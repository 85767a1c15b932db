"""What is for sale, at which tax, and moves of a cohort to another version of its plan."""
