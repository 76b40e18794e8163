import time

from cluster.offline.splitting import Climber, Task, split_whole
from solver.compiled import Compiled
from solver.pool import Pool
from solver.shares import Rule
from tests.cluster.offline.worlds import one_route, two_members


def task():
    problem = two_members()
    pool = Pool(Compiled(problem))
    pool.add(0, (1, 3, 5))
    return Task(problem=problem, plan=one_route(problem), pool=pool, rule=Rule.NUCLEOLUS, seed=0)


def test_with_time_enough_the_climb_ends_where_the_whole_split_is():
    with Climber() as climber:
        climbed = climber.best(task(), time.monotonic() + 120)
    whole = split_whole(task())
    assert climbed is not None
    assert climbed.plan == whole.plan
    assert climbed.split.shares == whole.split.shares
    assert sum(share.share_minor for share in whole.split.shares) == whole.split.cost_minor


def test_without_any_time_there_is_no_split():
    with Climber() as climber:
        assert climber.best(task(), time.monotonic() - 1) is None
