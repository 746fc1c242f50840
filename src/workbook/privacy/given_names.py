"""Given names that are common in several countries: by them a column of people's names is told
from other text.
"""

from __future__ import annotations

_WRITTEN = """
    aaron abdul adam adrian agnieszka ahmed aisha alan albert alejandro aleksandra alex
    alexander alexandra alexis alfred ali alice alicia alina alison amanda amelia amir amy ana
    anastasia anders andre andrea andreas andrei andrew andrzej angela angelina anita ann anna
    anne annette annie anthony antoine anton antonio arjun arthur asha astrid austin ava barbara
    beata beatrice ben benjamin bernard bernd beth bettina bill birgit björn bob bobby brandon
    brenda brian bruce bruno caitlin camille carl carla carlos carmen carol caroline cathy
    cecilia charles charlotte chen chloe chris christian christina christine christoph
    christopher claire clara claudia colin connor craig cristina cynthia daniel daniela david
    dean deborah deepak denise dennis derek diana diane diego dieter dirk dmitri dominik don
    donald donna dorothy douglas dylan eduardo edward ekaterina elena eleanor eli elias elisa
    elisabeth elizabeth ella ellen emil emily emma enrique eric erik erika ethan eva evan evelyn
    fabian farah fatima felix fernando filip fiona florian frances francesca francesco francisco
    frank franz françois fred frederik gabriel gabriela gareth gary george georgia gerald
    gerhard gianni giovanni giulia giuseppe gloria grace graham greg gregory greta grzegorz
    guillaume gustav hannah hans harold harry hassan heather heidi heike helen helena helga
    henri henrik henry hugh hugo ian ibrahim ida igor imran ines ingrid irene irina isaac isabel
    isabella ivan ivana jack jacob jacqueline jacques jake jakob jakub james jamie jan jana jane
    janet jason javier jean jeff jeffrey jennifer jens jeremy jerry jesper jesse jessica jill
    jim joan joanna joe joel johan johanna johannes john johnny jon jonas jonathan jordan jorge
    josef joseph joshua josé joão juan judith judy julia julian julie julien justin jörg jürgen
    karen karin karina karl karolina katarina kate katharina katherine kathleen katie katrin
    keith kelly ken kenneth kerstin kevin khalid kim klaus kristin kristina krzysztof kumar kurt
    kyle larry lars laura lauren laurent lea leah lee lena leo leon leonardo leonie liam lily
    linda lisa louis louise luca lucas lucia lucy luis luisa lukas luke lydia magdalena manfred
    manuel marc marcel marcin marco marcus maren margaret maria marie marina mario marion mark
    markus marta martha martin martina mary mateusz mathias matt matteo matthew matthias maurice
    max maximilian maya megan mehmet melanie melissa mia michael michaela michał michel michele
    michelle miguel mikael mike mikhail mila miriam mohamed mohammed monica monika muhammad
    mustafa nadia nadine nancy naomi natalia natalie natasha nathan neil nicholas nick nicola
    nicolas nicole niels nikolai nils nina noah nora norbert olaf oleg olga oliver olivia omar
    oscar otto owen pablo pamela paola paolo patricia patrick paul paula pavel pedro peter petra
    philip philipp philippe phillip pierre piotr priya rachel rafael rahul rainer raj ralf ralph
    ramona raphael ravi raymond rebecca regina renate ricardo richard rita robert roberta
    roberto robin rodrigo roger roland rolf roman ronald rosa rosie roy russell ruth ryan sabine
    sabrina samantha samira samuel sandra sanjay sara sarah scott sean sebastian sergei sergio
    sharon sibylle silke silvia simon simone sofia sonia sophia sophie stefan stefanie stephanie
    stephen steve steven stuart sunil susan susanne suzanne svetlana sven sylvia tamara tanja
    tanya tara tatiana ted teresa terry theo theodor theresa thomas thorsten tiago tim timothy
    tina tobias todd tom tomasz toni torsten tracy tyler udo ulrich ulrike ursula uwe valentina
    valerie vanessa vera veronica victor victoria vijay vikram viktor vincent viola vladimir
    walter wang wayne wei wendy werner wilhelm will william wolfgang xavier yan yasmin yolanda
    yuki yusuf yvonne zachary zara zoe zofia åsa łukasz
"""
GIVEN_NAMES = frozenset(_WRITTEN.split())
