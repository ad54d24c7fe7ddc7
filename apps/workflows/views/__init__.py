"""Pages of the doctor: the room, what follows a signature, the record over time, who is due."""
