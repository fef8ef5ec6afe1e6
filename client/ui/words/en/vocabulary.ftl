# Names of the vocabularies' values, as they stand in the middle of a sentence.

sector-health-care = health care
sector-social-services = social services
sector-family-counselling = family counselling
sector-preschool = preschool
sector-school = school
sector-pupil-health-medical = medical pupil health
sector-pupil-health-other = pupil health
sector-other-authority = another authority

holder-public = public
holder-private = private

category-identity-contact = name and contact details
category-school-situation = how school goes
category-home-family = home and family
category-social-support = measures by social services
category-health-somatic = bodily health
category-health-mental = mental health
category-medication = medicines
category-substance-use = alcohol, drugs and gambling
category-abuse-violence = abuse and violence
category-disability-support = disability and support
category-economy-housing = economy and housing
category-plan-coordination = who does what and when

kind-summons = summons
kind-reply = reply to a summons
kind-pre-meeting = preparation for a meeting
kind-note = note
kind-mapping = mapping
kind-plan = coordinated individual plan
kind-follow-up = follow-up
kind-evaluation = evaluation
kind-closure = closure
kind-cost-split = who pays for what
kind-information = a single message with information
kind-concern-report = concern report
kind-concern-feedback = feedback on a concern report
kind-inquiry-information = information for the board's inquiry
kind-admission-notice = admission notice
kind-lvm-report = report of need of care

purpose-sip = a coordinated individual plan (SIP)
purpose-discharge-planning = planning of discharge from hospital
purpose-assessment-support = support for an assessment
purpose-placement = placement
purpose-follow-up = follow-up

act-share = that information is shared
act-plan = that a plan is made

direction-one-way = one way
direction-circle = between all

consent-state-requested = waiting for an answer
consent-state-active = in force
consent-state-declined = no
consent-state-revoked = taken back
consent-state-expired = expired
consent-state-superseded = replaced

delivery-state-queued = waiting for its recipient
delivery-state-released = released
delivery-state-acknowledged = opened and confirmed
delivery-state-rejected = refused
delivery-state-withheld = withheld
delivery-state-expired = expired

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
