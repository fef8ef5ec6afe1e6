# What can be done.

remedy-request-consent = Ask for consent.
remedy-ask-signatory = Remind the one who has not answered, or ask the one who was not asked.
remedy-widen-scope = Ask for a consent that covers this, or leave it out.
remedy-leave-out = Leave it out; only the individual or the guardians can change what is excluded.
remedy-wait = Wait until the consent begins.
remedy-verify-custody = Have the operator read custody from the population register.
remedy-assess-maturity = Assess the child's maturity in this matter.
remedy-attest-fact = Have another professional of the unit attest the assessment.
remedy-accept-evidence = Have your own authority decide on the signature.
remedy-register-individual = Register the individual.
remedy-change-basis = Choose a basis that can carry this document.
remedy-state-reason = Write why the provision applies.
remedy-send-to-reception = Send it to the social services board's reception.
remedy-send-anew = Send it anew on a basis that holds now.
