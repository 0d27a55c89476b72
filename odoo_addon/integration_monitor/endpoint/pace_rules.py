"""How deliveries of a limited endpoint are spread over time: a token bucket (GCRA, ITU-T I.371 §A).

The bucket is one instant: ``full_at``, when everything given so far will have been paid for. A delivery costs
``1 / rate`` seconds. A bucket holds ``BURST_S`` seconds' worth of deliveries, at least one. So in any span of
W seconds at most ``W * rate + burst`` deliveries are given, wherever the span begins: no burst at the edge of
a window, as a counter per second has it. The claim does the sums, in its one statement.
"""

# Deliveries are given in bunches of this many seconds' worth. Smaller would be smoother and cost more claims.
BURST_S = 0.25
