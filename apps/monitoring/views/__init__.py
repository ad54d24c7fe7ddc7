"""Pages of the boards, the alarms, the doubts, and what everybody may see."""
