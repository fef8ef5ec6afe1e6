# Namn på ordlistornas värden, som de står mitt i en mening.

sector-health-care = hälso- och sjukvård
sector-social-services = socialtjänst
sector-family-counselling = familjerådgivning
sector-preschool = förskola
sector-school = skola
sector-pupil-health-medical = elevhälsans medicinska insats
sector-pupil-health-other = elevhälsa
sector-other-authority = annan myndighet

holder-public = offentlig
holder-private = privat

category-identity-contact = namn och kontaktuppgifter
category-school-situation = hur det går i skolan
category-home-family = hem och familj
category-social-support = insatser från socialtjänsten
category-health-somatic = kroppslig hälsa
category-health-mental = psykisk hälsa
category-medication = läkemedel
category-substance-use = alkohol, droger och spel
category-abuse-violence = våld och övergrepp
category-disability-support = funktionsnedsättning och stöd
category-economy-housing = ekonomi och boende
category-plan-coordination = vem som gör vad och när

kind-summons = kallelse
kind-reply = svar på kallelse
kind-pre-meeting = förberedelse inför möte
kind-note = anteckning
kind-mapping = kartläggning
kind-plan = samordnad individuell plan
kind-follow-up = uppföljning
kind-evaluation = utvärdering
kind-closure = avslut
kind-cost-split = vem som betalar vad
kind-information = ett enskilt meddelande med uppgifter
kind-concern-report = orosanmälan
kind-concern-feedback = återkoppling på orosanmälan
kind-inquiry-information = uppgifter till socialnämndens utredning
kind-admission-notice = inskrivningsmeddelande
kind-lvm-report = anmälan enligt LVM

purpose-sip = samordnad individuell plan (SIP)
purpose-discharge-planning = planering av utskrivning från sjukhus
purpose-assessment-support = underlag för en bedömning
purpose-placement = placering
purpose-follow-up = uppföljning

act-share = att uppgifter delas
act-plan = att en plan görs

direction-one-way = åt ett håll
direction-circle = mellan alla

consent-state-requested = väntar på svar
consent-state-active = gäller
consent-state-declined = nej
consent-state-revoked = återkallat
consent-state-expired = har gått ut
consent-state-superseded = ersatt

delivery-state-queued = väntar på mottagaren
delivery-state-released = utlämnat
delivery-state-acknowledged = öppnat och kvitterat
delivery-state-rejected = avvisat
delivery-state-withheld = stoppat
delivery-state-expired = utgånget

month-1 = januari
month-2 = februari
month-3 = mars
month-4 = april
month-5 = maj
month-6 = juni
month-7 = juli
month-8 = augusti
month-9 = september
month-10 = oktober
month-11 = november
month-12 = december
