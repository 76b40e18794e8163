"""Small files of every format, with what a planner can work out by hand."""

CVRP = b"""NAME : cross
COMMENT : four customers around a depot
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 2
NODE_COORD_SECTION
1 0 0
2 3 4
3 3 -4
4 -3 4
5 -3 -4
DEMAND_SECTION
1 0
2 1
3 1
4 1
5 1
DEPOT_SECTION
1
-1
EOF
"""
"""Each customer is 5 away, neighbours 6 or 8 apart: two routes over the short side of 5 + 6 + 5 cost 32."""

TWO_DEPOTS = b"""NAME: two depots
TYPE: MDVRPTW
EDGE_WEIGHT_TYPE: EUC_2D
DIMENSION: 4
VEHICLES: 3
CAPACITY: 9
VEHICLES_MAX_DURATION: 30
NODE_COORD_SECTION
1 0 0
2 10 0
3 1 1
4 9 0.5
DEMAND_SECTION
1 0
2 0
3 1
4 1
SERVICE_TIME_SECTION
1 0
2 0
3 2
4 2
TIME_WINDOW_SECTION
1 0 100
2 0 100
3 0 50
4 10 50
VEHICLES_DEPOT_SECTION
1 1
2 2
3 2
DEPOT_SECTION
1
2
EOF
"""
"""Customer 2 is sqrt(2) = 1.414 from the first depot, customer 3 sqrt(1.25) = 1.118 from the second."""

FLEET = b"""NAME: fleet
TYPE: HFVRP
DIMENSION: 3
VEHICLES: 3
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 1 1
3 3 4
DEMAND_SECTION
1 0
2 1
3 5
CAPACITY_SECTION
1 2
2 5
3 2
VEHICLES_FIXED_COST_SECTION
1 1000
2 3000
3 1000
VEHICLES_UNIT_DISTANCE_COST_SECTION
1 100
2 150
3 100
DEPOT_SECTION
1
-1
EOF
"""
"""The small van to customer 1: 10.00 + 2 sqrt(2) = 12.83; the large one to customer 2: 30.00 + 1.5 * 10 = 45.00."""

PRIZES = b"""NAME : prizes
TYPE : PCVRPTW
DIMENSION : 3
VEHICLES : 1
CAPACITY : 10
SERVICE_TIME : 1
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 1 1
3 100 0
DEMAND_SECTION
1 0
2 1
3 1
TIME_WINDOW_SECTION
1 0 1000
2 0 1000
3 0 1000
PRIZE_SECTION
1 0
2 50
3 7
DEPOT_SECTION
1
-1
EOF
"""
"""In tenths: there and back to customer 1 is 2 * 14; customer 2 is left for its prize of 70: 98."""

TRIPS = b"""NAME: trips
TYPE: MTVRPTWR
EDGE_WEIGHT_TYPE: EUC_2D
DIMENSION: 3
VEHICLES: 1
CAPACITY: 1
SERVICE_TIME: 0
NODE_COORD_SECTION
1 0 0
2 3 4
3 0 10
DEMAND_SECTION
1 0
2 1
3 1
TIME_WINDOW_SECTION
1 0 100
2 0 100
3 0 100
RELEASE_TIME_SECTION
1 0
2 0
3 40
VEHICLES_RELOAD_DEPOT_SECTION
1 1
DEPOT_SECTION
1
-1
EOF
"""
"""One vehicle that holds one: to customer 1 and back, then, at 40 or later, to customer 2 and back: 100 + 200 tenths."""

ROAD = b"""NAME : road
TYPE : VRPTW
DIMENSION : 3
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : FULL_MATRIX
VEHICLES : 2
CAPACITY : 9
EDGE_WEIGHT_SECTION
0 10 20
11 0 30
21 31 0
DEMAND_SECTION
1 0
2 1
3 1
TIME_WINDOW_SECTION
1 0 1000
2 0 1000
3 0 1000
DEPOT_SECTION
1
-1
EOF
"""
"""Asymmetric: 0-1-2-0 takes 10 + 30 + 21 = 61, 0-2-1-0 20 + 31 + 11 = 62, apart 10 + 11 + 20 + 21 = 62."""

SOLOMON = b"""tiny

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0       1000          0
    1      1         1          10          0        100         90
    2      2         2          5          0       400         90
"""
"""Truncated to tenths 0-1 is 1.4 and 0-2 2.8; 15 does not fit 10, so both go apart: 2.8 + 5.6 = 8.4."""

LILIM = b"""2\t10\t1
0\t0\t0\t0\t0\t1000\t0\t0\t0
1\t1\t1\t6\t0\t100\t5\t0\t2
2\t4\t5\t-6\t0\t400\t5\t1\t0
"""
"""Pick up at 1, deliver at 2: sqrt(2) + 5 + sqrt(41) = 12.82."""

VROOM = b"""{"vehicles": [{"id": 7, "start_index": 0, "end_index": 0, "capacity": [2], "skills": [1]},
 {"id": 8, "start_index": 0, "end_index": 0, "capacity": [2], "costs": {"fixed": 50, "per_hour": 3600}}],
 "jobs": [{"id": 1, "location_index": 1, "service": 60, "delivery": [1], "skills": [1]},
 {"id": 2, "location_index": 2, "pickup": [1], "time_windows": [[500, 600], [900, 1000]]}],
 "shipments": [{"amount": [1], "pickup": {"id": 4, "location_index": 1}, "delivery": {"id": 4, "location_index": 2}}],
 "matrices": {"car": {"durations": [[0, 100, 200], [110, 0, 50], [160, 60, 0]],
 "distances": [[0, 1000, 2000], [1100, 0, 500], [1600, 600, 0]]}}}
"""
"""All on vehicle 7, which costs nothing to use: 0-1-2-0 drives 100 + 50 + 160 = 310 s."""

VRPLIB = {"cvrp": CVRP, "depots": TWO_DEPOTS, "fleet": FLEET, "prizes": PRIZES, "trips": TRIPS, "road": ROAD}
ALL = {**VRPLIB, "solomon": SOLOMON, "lilim": LILIM, "vroom": VROOM}
