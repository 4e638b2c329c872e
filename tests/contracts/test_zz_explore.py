import sys, collections
sys.path.insert(0,'/work/main/tests')
from contracts.test_languages import *
def test_x(house, spoken):
    world = build(house)
    same=collections.defaultdict(set); n=0
    import time; t=time.time()
    for (route, method), answers in permissions.rows().items():
        if method!='GET': continue
        for who, told in answers.items():
            if told not in('ok','gone','no') or who in ('lantern','brook') or (told!='ok' and who!='heron'): continue
            a,b=page(world,route,who,'en'),page(world,route,who,'es'); n+=1
            if a[0]!=b[0]: print('STATUS',route,who,a[0],b[0])
            for s in read(a[1])&read(b[1]):
                if re.search(r'[^\W\d_]{2,}',s): same[s].add(route)
    print(n,time.time()-t)
    for s,r in sorted(same.items()): print(len(r),repr(s)[:160],sorted(r)[:2])
    assert 0
