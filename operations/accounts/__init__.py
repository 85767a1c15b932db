"""What is done with an account itself: opened, changed, agreed with, told who pays for it."""
