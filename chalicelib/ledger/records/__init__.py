"""The projected books and the daily closes; the journal read raw, byte by byte, where it is being verified."""
