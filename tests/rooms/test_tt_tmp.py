import time
from statistics import median
from scipy.stats import mannwhitneyu
from samepath.accounts import actions
def test_t(house):
    name=actions.keep_by_password(house.wren,"blue kettle under moon"); phrase=actions.keep_by_phrase(house.wren)
    for label,f,a,b in (("password",lambda n: actions.member_by_password(n,"not this one at all"),name,"nobody-has-this"),("phrase",actions.member_by_phrase,"x"+phrase,"nobody at all has these")):
        t={a:[],b:[]}
        for _ in range(30):
            for k,v in t.items():
                s=time.perf_counter(); f(k); v.append(time.perf_counter()-s)
        k,u=t.values(); print(label,"known",round(median(k)*1000,1),"unknown",round(median(u)*1000,1),"p",mannwhitneyu(k,u).pvalue)
