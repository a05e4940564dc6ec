"""Units, people, appointments (role x unit x period), sign-in, roster import."""
