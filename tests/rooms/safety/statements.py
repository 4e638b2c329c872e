"""Statements of our own that the screener must find, or must leave alone."""

from __future__ import annotations

EN_FOUND = """
i want to end my life so bad
i cant take it anymore i just want to die
im done with life
I feel like ending it all
I have been planning my suicide
life is pointless and i want out, i wish i was dead
nobody would miss me if i killed myself
I hurt myself again
I'm thinking of taking all my pills
I self-harm when I'm stressed
I think the world would be better without me and I am such a burden
my mom attempted suicide
I'm contemplating suicide
i keep thinking how easy it would be to just kill myself
sometimes I think about driving into a tree
Please help me, I want to end things
I want to die
i wanna die
I just want to die
I really do not want to live anymore
i dont wanna be here anymore
I want to kill myself
I wish I was dead
I would rather be dead
I am suicidal
I'm feeling suicidal right now
I keep having suicidal thoughts
I've been thinking about suicide every day
I think about killing myself a lot
I can't stop thinking about killing myself
There is no point in living
Life is not worth living
I'm tired of being alive
I have nothing left to live for
I want to end it all
I want to end my life
I might just end it
I don't want to wake up tomorrow
I want to fall asleep and never wake up
I thought about jumping off a bridge
I keep imagining slitting my wrists
I tried to kill myself three years ago
My suicide attempt was in college
I keep cutting myself
I have the urge to cut
I want to hurt myself
everyone would be better off without me and I want it all to stop
my brother wants to kill himself
My best friend says she wants to kill herself
my husband hits me
I am scared of what he will do, my boyfriend beats me
I was raped
I relapsed
I haven't eaten in four days
I want to kill my ex
not gonna lie, I want to die
No, I want to die
I'm not joking, I want to kill myself
I don't know if I want to kill myself or not
why shouldn't I just kill myself
I can't do this anymore and everyone would be better off without me
""".strip().splitlines()

EN_DISGUISED = """
i want to kms
i want to unalive myself
thinking about sewerslide
su1cide is the only way out
i want to k i l l myself
i want to k.i.l.l m.y.s.e.l.f
i want to k-i-l-l myself
I\u2019m going to kill myself
\uff49 want to \uff44\uff49\uff45
i want to k\u0456ll myself
i want to d\u200bie
i want to k*ll myself
i wannna dieeee
I WANT TO DIE
i want to k1ll myself
im gonna off myself
i want to kill my self
thinking of sucide again
""".strip().splitlines()

EN_HIGH = """
I'm going to overdose tonight
I'm going to jump off the bridge
I will end it tonight
i've got a gun and i'm going to use it on myself
I am going to kill myself
im gonna kill myself
I have decided to end my life
I have a plan to kill myself
I know how and when I will kill myself
what is the most painless way to die
how many pills does it take to overdose
I wrote a suicide note
I bought a rope to hang myself
I tried to kill myself last week
I cut myself tonight
I just cut my arm
my stepdad touches me at night
my daughter told me her dad touched her
he said he would kill me
someone has my nudes and says he will send them to everyone unless I pay
I'm going to shoot up my school
my friend took a bottle of pills and is not waking up
""".strip().splitlines()

EN_IMMINENT = """
I'm going to kill myself tonight
I just took the whole bottle of pills
i took 30 tylenol
I have the pills in my hand and I am going to end my life
I have a gun to my head
This is goodbye. I can't live any more, I want to die
I cut my wrists and the blood will not stop
he is hitting me right now
he has a knife and he is outside my room
I am standing on the bridge and I will jump
""".strip().splitlines()

#: The same sentence said and unsaid: the first must be flagged, the second must not.
EN_PAIRS = [
    ("I want to die", "I don't want to die"),
    ("I want to kill myself", "I don't want to kill myself"),
    ("I am going to kill myself", "I am not going to kill myself"),
    ("I would kill myself", "I would never kill myself"),
    ("I am suicidal", "I am not suicidal"),
    ("I'm feeling suicidal", "I'm not feeling suicidal"),
    ("I have suicidal thoughts", "I don't have suicidal thoughts"),
    ("I have thought about suicide", "I have never thought about suicide"),
    ("I am thinking about killing myself", "I am not thinking about killing myself"),
    ("I have plans to hurt myself", "I have no plans to hurt myself"),
    ("I want to hurt myself", "I don't want to hurt myself"),
    ("I want to end my life", "I have no wish to end my life"),
    ("I am going to take my own life", "I am not going to take my own life"),
    ("I want to cut myself", "I never want to cut myself"),
    ("I keep cutting myself", "I stopped cutting myself two years ago"),
    ("I want to end it all", "I do not want to end it all"),
    ("I tried to kill myself", "I never tried to kill myself"),
    ("I attempted suicide", "I never attempted suicide"),
    ("I could overdose on my pills", "I would never overdose on my pills"),
    ("I am planning to hang myself", "I am not planning to hang myself"),
    ("I'm about to kill myself", "I'm not about to kill myself"),
    ("My dad hits me", "My dad does not hit me"),
    ("I want to shoot myself", "I do not want to shoot myself"),
    ("I wish I was dead", "I don't wish I was dead"),
]

EN_CALM = """
I don't have any thoughts of suicide
I don't plan on killing myself
I wouldn't hurt myself
I'm not thinking about ending my life
I'm not in danger of hurting myself
I can promise I won't kill myself
I don't think I'd ever kill myself
I haven't self harmed in months
I've never wanted to die
no, I am not suicidal
I am sad but I don't want to die or anything
I never had a suicide attempt
I am not planning to end it
I no longer feel suicidal
My suicidal thoughts are gone
I don't hate my life
I won't be hurting myself tonight
I'm not going to overdose
There is no suicide plan
Not suicidal, just tired
i would not want to die before seeing that
I deny any intent to harm myself
I am dying laughing
you're killing me
this traffic makes me want to die lol
dead tired after work
shoot me an email when you can
my feet are killing me
I could kill for a coffee
we killed it on stage
just killing time before the train
the battery is dead again
I am dying to see that show
the movie where she wants to kill herself is too long
the character wants to kill himself in the last chapter
my boss is going to kill me if I am late
I died of embarrassment
he is drop dead gorgeous
it is a dead end job
I cut my hair yesterday
I cut myself shaving this morning
he was hanging out at the edge of the park
the suicide squad was a poor film
that joke murdered me
it cost an arm and a leg
let me know when you are home safe
I had a lovely day with my sister
the baby slept all night
I hit the gym and my legs hurt
she shot the winning goal
the deadline is killing my weekend plans
bought tablets and pens for school
""".strip().splitlines()

EN_SUPPORTING = """
You are not alone, please call someone. I was there, I attempted years ago, and it gets better.
If you want to die please reach out, you deserve help.
Are you thinking about killing yourself?
I know how you feel. I used to want to die and now I am glad you and I are here.
Please don't kill yourself, your family needs you.
Have you talked to your doctor about your suicidal thoughts?
I hope you stay. You matter to me, and if you want to talk about ending your life I will listen.
You said you feel like a burden. You are not, and you can call me tonight.
Do you have a plan to hurt yourself?
Thank you for telling me you feel suicidal. I am here for you.
""".strip().splitlines()

ES_FOUND = """
pienso en matarme
me quiero suicidar
ya no puedo más, quiero desaparecer y que todo acabe
no tengo ganas de vivir
quisiera estar muerta
me autolesiono
siento que soy una carga y que todos estarían mejor sin mí
mi amiga se quiere suicidar
mi novio me golpea
pienso mucho en la muerte
quiero que todo termine, no quiero estar aquí
quiero morir
quiero morirme
me quiero morir
me quiero matar
quiero matarme
kiero matarme
quiero suicidarme
estoy pensando en suicidarme
pienso en el suicidio todos los días
tengo pensamientos suicidas
no quiero vivir más
ya no quiero vivir
no quiero seguir viviendo
no le veo sentido a vivir
no vale la pena vivir
estoy cansada de vivir
quiero acabar con todo
quiero acabar con mi vida
quiero quitarme la vida
ojalá me muera
estaría mejor muerto
quiero dormir y no despertar
he pensado en tirarme de un puente
he intentado suicidarme
intenté quitarme la vida hace años
me corto los brazos
tengo ganas de hacerme daño
mi hermano quiere suicidarse
todos estarían mejor sin mí y no puedo más
mi marido me pega
he recaído
llevo días, no he comido en cuatro días
No, quiero morirme
""".strip().splitlines()

ES_HIGH = """
esta noche acabo con todo
me voy a tirar de un puente
tengo una pistola y me voy a matar
me voy a matar
voy a suicidarme
he decidido quitarme la vida
tengo un plan para suicidarme
cuál es la forma menos dolorosa de morir
escribí una carta de despedida para mi familia
intenté suicidarme la semana pasada
me corté otra vez anoche
mi padrastro me toca
me amenazó con matarme
me chantajea con fotos
me voy a matar esta noche
me tomé todas las pastillas
tengo la soga en el cuello
me está pegando ahora
""".strip().splitlines()

ES_PAIRS = [
    ("quiero morir", "no quiero morir"),
    ("me voy a matar", "no me voy a matar"),
    ("quiero matarme", "no quiero matarme"),
    ("pienso en el suicidio", "no pienso en el suicidio"),
    ("he pensado en suicidarme", "nunca he pensado en suicidarme"),
    ("tengo ganas de morir", "no tengo ganas de morir"),
    ("tengo pensamientos suicidas", "no tengo pensamientos suicidas"),
    ("voy a hacerme daño", "nunca voy a hacerme daño"),
    ("quiero cortarme", "no quiero cortarme"),
    ("quiero quitarme la vida", "jamás quiero quitarme la vida"),
]

ES_CALM = """
no soy suicida
no me quiero morir
no tengo pensamientos suicidas
no pienso hacerme daño
nunca me suicidaría
no voy a suicidarme
jamás me mataría
no estoy pensando en matarme
ya no quiero morir
ya no me corto
me muero de risa
me muero de hambre
me muero por verte
me mata la espalda
mi madre me mata si llego tarde
voy a cortarme el pelo
estoy muerta de cansancio
en la película él quiere matarse
hoy comí con mi hermana
el móvil está muerto otra vez
qué bonito día hace
tengo que acabar el trabajo hoy
no te rindas, aquí estoy para escucharte
¿has pensado en hablar con tu médico?
por favor llama a alguien, no estás sola
""".strip().splitlines()
