# What the samrum command says. Reasons, remedies and vocabularies have files of their own.

cli-ask-number = Identity number (twelve digits, not shown):{" "}
cli-ask-name = Name:{" "}
cli-ask-child = The child:
cli-ask-guardians = Everyone with custody; an empty number ends the list.
cli-ask-text = Write what it shall say; Ctrl-D on a line of its own ends it. (How a summons and a reply are written: samrum send --help)
cli-ask-reason = Why, in words (one line, without identity numbers):{" "}
cli-ask-guardian = The guardian:
cli-ask-maturity = What was found: DECIDES (the child alone), TAKES_PART (the child and the guardians) or GUARDIANS_DECIDE:{" "}

cli-yes = Yes
cli-no = No
cli-label-ground = Ground
cli-label-why = Why
cli-label-law = Law
cli-label-do = What to do
cli-label-note = Note
cli-label-or = Or
cli-label-facts = Facts used
cli-on-consent = consent { $consent }, change { $revision }
cli-on-consent-ending = consent { $consent }, change { $revision }, in force { $ending }
cli-alternative = Provision { $provision } could carry it if you rely on it (--provision) and write why.
cli-warning-category = In a consent the individual has excluded information about { $category }; that does not stand in the way of this basis.
cli-warning-unit = In a consent the individual has excluded one of the units; that does not stand in the way of this basis.
cli-warning-document = In a consent the individual has excluded this very document; that does not stand in the way of this basis.
cli-warning-other = { $sentence } That does not stand in the way of this basis.
cli-fact-custody = who has custody
cli-fact-custody-register = custody according to the population register, read { $checked }
cli-fact-custody-court = custody according to a court's decision, read { $checked }
cli-fact-assessment = assessment of maturity { $id }
cli-fact-hindrance = record { $id } of a guardian who is hindered
cli-fact-risk = assessment { $id } of a guardian as a risk
cli-fact-representative = record { $id } of a representative
cli-fact-care-order = care under LVU { $id }
cli-fact-situation = circumstance { $id }
cli-decided = decision { $decision }, { $at }
cli-decision = decision { $decision }
cli-entry = entry { $entry }
cli-transport = (over { $way })
cli-refused = Refused. Why, and what can be done:
cli-explain-hint = every reason: samrum check explain { $decision }

cli-organisation-key = The organisation's key is in { $file }. Keep it offline. Its public half: { $key }
cli-key-generated = New keys { $key }. Have them registered: samrum key register --organisation-key FILE
cli-key-registered = Keys { $key } are in force.
cli-key-compromised = Key { $key } is reported as compromised. Nothing is sealed to it or signed by it any more, and what waits under it is withheld: its senders must send it anew.
cli-key-compromised-before = Key { $key } had been reported as compromised before; what still waited under it is withheld.
cli-key-none-in-force = The unit has no key in force now, and nobody can send to it. Make and register a new one: samrum key generate, then samrum key register. Have its certificate revoked too, if that may be lost.
cli-document-key-compromised = The key that the sender signed this with has since been reported as compromised. Ask the sender in another way whether they wrote it, before relying on it.
cli-sent-wrapped-anew = { $unit } had a newer key: the document was sealed to that one.
cli-sent-signed-anew = This unit had a newer key: the document was signed with that one.
cli-withheld-why = Why it is withheld, and what to do: samrum check explain { $decision }
cli-signed-by = signed by the organisation's key { $key }
cli-organisation-created = Organisation { $id } is in the directory, with its authorities:
cli-unit-created = Unit { $id } is in the directory.
cli-board-reception = reception of the social services board

cli-individual-registered = In this case the person is { $id }.
cli-representation-recorded = It is recorded who has custody.
cli-custody-register = { $count ->
    [one] One person has custody, according to the population register as of { $checked }.
   *[other] { $count } people have custody, according to the population register as of { $checked }.
}
cli-custody-court = { $count ->
    [one] One person has custody, according to a court's decision, read { $checked }.
   *[other] { $count } people have custody, according to a court's decision, read { $checked }.
}
cli-custody-unknown = Who has custody is not recorded, or is shown once consent has been asked for.

cli-no-consents = No consent that this unit is party to.
cli-scope-one-way = from { $sources } to { $recipients }
cli-scope-circle = between all of { $units }
cli-scope-about = about { $categories }; in { $kinds }
cli-scope-purpose = for { $purpose }; consented to: { $acts }
cli-scope-excluded = except { $excluded }
cli-signatory = signatory { $number }
cli-signatory-signed = ✓ { $who } has signed
cli-signatory-missing = · { $who } has not signed
cli-signatory-not-needed = · { $who } need not sign
cli-capacity-guardian = guardian
cli-capacity-individual = the individual
cli-capacity-representative = representative
cli-capacity-board = social services board
cli-accepted = { $count ->
    [one] One authority has accepted a yes that another unit recorded.
   *[other] { $count } authorities have accepted a yes that another unit recorded.
}
cli-receipt-saved = The receipt is in { $file }.

cli-fact-recorded = Recorded: { $fact }
cli-fact-to-attest = Not attested yet. A colleague of this unit does that:
cli-fact-to-attest-risk = The protection holds already. Only once a colleague has attested may this unit share without the guardian:
cli-fact-attested = Attested: { $fact }
cli-fact-by = recorded by { $user }, { $at }
cli-fact-attested-by = attested by { $user }, { $at }
cli-no-facts = This unit has recorded nothing about the person.
cli-found-maturity = Maturity: { $maturity }; for { $matter }, { $period }
cli-found-risk = Risk: { $guardian } neither signs nor sees information about { $categories }; to be reviewed { $review }
cli-found-hindrance = Hindered: { $guardian }, { $ending }; { $alone }
cli-found-situation = Circumstance: { $circumstance }, { $period }
cli-hindered-alone = the matter cannot wait, and the other guardian decides alone
cli-hindered-together = the guardians decide together all the same
cli-maturity-decides = the child decides alone
cli-maturity-takes-part = the child decides together with the guardians
cli-maturity-guardians-decide = the guardians decide
cli-circumstance-ongoing-substance-misuse = ongoing substance misuse
cli-circumstance-compulsory-psychiatric-care = compulsory psychiatric care (LPT or LRV)
cli-circumstance-cannot-consent = cannot consent
cli-circumstance-protects-unborn-child = protects an unborn child
cli-circumstance-inquiry-decided = the board has decided on an inquiry
cli-circumstance-protected-person = protected person
cli-circumstance-older-or-disability-measures = measures for older people or people with disabilities
cli-circumstance-lss-measures = measures under LSS

cli-provision-on = turned on
cli-provision-off = not turned on
cli-provision-duty = duty; always in force, has no switch
cli-provision-not-in-force = not in force
cli-provision-frame = carries no disclosure
cli-provision-turned-on = { $provision } is turned on; the decision is in the ledger.
cli-provision-turned-off = { $provision } is turned off; the decision is in the ledger.

cli-sent = Sent: document { $document }
cli-document-incomplete = The document was not sent: it is not what its kind requires.
cli-report-sent = If life is in danger: call 112. If it is urgent: also call the social services' reception or emergency number.
cli-waits-in-outbox = The document waits in the outbox; samrum send retry sends it again, byte for byte.
cli-outbox-empty = Nothing waits in the outbox.
cli-retry-refused = Refused for good: document { $document }
cli-retry-waiting = Still waiting: document { $document }

cli-inbox-empty = Nothing waits.
cli-inbox-lost = The hub cannot be reached; trying again.
cli-bytes = { $bytes } bytes, sealed
cli-alarm-unopened = ALARM { $at }: the report of concern { $delivery } has not been opened.
cli-alarm-unacknowledged = ALARM { $at }: the report of concern { $delivery } was fetched and not acknowledged; perhaps nobody has read it.
cli-alarm-failed = ALARM { $at }: the report of concern { $delivery } did not get through ({ $state }).
cli-alarm-rejected = ALARM { $at }: the report of concern { $delivery } was rejected by its recipient and does not count as received.
cli-alarm-over = The alarm is over: the report of concern { $delivery } was opened and acknowledged { $at }.
cli-alarm-call = If life is in danger: call 112. Otherwise: call the social services' reception now, outside office hours their emergency number.
cli-alarm-open = Open it now, or call its sender. The child's need of protection is to be assessed at once.
cli-alarm-call-sender = It cannot be opened. Its sender is alarmed and is to call you; make sure that somebody answers. The child's need of protection is to be assessed at once.
cli-alarm-tell-sender = Make sure that its sender knows where it belongs.
cli-alarm-sender = Sender: { $unit }
cli-alarm-recipient = Recipient: { $unit }
cli-alarm-document = Document { $document }
cli-acknowledged = Opened and acknowledged.
cli-rejected = Rejected; the sender is told why.
cli-rejected-invalid = The document was rejected; the sender is told why.
cli-document-from = from { $sender }, { $at }
cli-document-id = document { $document }
cli-document-answers = answers document { $document }
cli-minutes = { $minutes } minutes
cli-summons-purpose = Purpose
cli-summons-question = Question
cli-summons-at = When
cli-summons-place = Where
cli-summons-competence = Competence and mandate asked for
cli-summons-prepare = To prepare
cli-summons-coordinator = Coordinator
cli-reply-answer = Answer
cli-reply-message = Message
cli-reply-proposed = Proposed time
cli-answer-accept = accepts
cli-answer-decline = declines
cli-answer-propose-time = proposes another time
cli-answer-delegate = sends somebody else
cli-answer-written-contribution = contributes in writing

cli-audit-rows = { $count ->
    [one] One row; this search is entry { $entry }.
   *[other] { $count } rows; this search is entry { $entry }.
}
cli-the-hub = the hub
cli-a-person = a person, in the portal
cli-event-check = Asked whether it may be shared
cli-event-send = Sending decided
cli-event-fetch = Release decided
cli-event-acknowledged = Acknowledged by the recipient
cli-event-rejected = Rejected by the recipient
cli-event-withheld = Withheld for good
cli-event-expired = Not opened in time
cli-event-alarmed = Report of concern unopened: both sides alarmed
cli-event-consent = Consent changed
cli-event-audit-search = Audited
cli-event-individual-registered = Individual registered
cli-event-custody-recorded = Custody recorded
cli-event-fact-recorded = Assessment or circumstance recorded
cli-event-fact-attested = Attested by a colleague
cli-event-provision-set = Provision turned on or off
cli-event-directory = Directory changed
cli-event-portal-login = Logged in to the portal

cli-receipt = Entry { $index } of { $size } in the log; leaf, ticket and proof hold.
cli-log-verified = { $verified ->
    [one] VERIFIED: one ticket became its entry, in one log of { $size } entries that only grows.
   *[other] VERIFIED: { $verified } tickets became their entries, in one log of { $size } entries that only grows.
}
cli-log-tampered = TAMPERED: the log of { $size } entries contradicts what the hub has promised. Tickets that hold: { $verified }.
cli-log-tampered-then = Keep this profile's folders tickets and checkpoint: they are the proof. Tell your administrator.
cli-tickets-pending = Not yet due in the log, or not for this caller to look up: { $pending }.
cli-finding-log-rewritten = The log's past is no longer what this profile has seen.
cli-finding-checkpoint-invalid = The newest checkpoint is not what the log signs.
cli-finding-entry-missing = Entry { $entry }, which the hub promised to write down, is not in the log.
cli-finding-entry-altered = Entry { $entry } is not what the hub promised to write down.
cli-finding-receipt-invalid = Entry { $entry } is shown in another log than the newest checkpoint's.
