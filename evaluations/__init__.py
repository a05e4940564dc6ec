"""Whatever must be RATED: appraisals of leaders and leading teams, monthly scorecards of units."""
