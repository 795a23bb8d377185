"""Loans: draws, what they bear and owe as of any day, repayments, arrears, and the mirror of banks' books."""
