# Why not: one sentence for each reason a decision can give. No sentence says more than its arguments.

reason-consent-missing = There is no consent that this unit is party to.
reason-signature-missing = { $signatory ->
    [0] Someone who must sign has never been asked.
   *[other] { $capacity ->
        [INDIVIDUAL] The individual has not signed.
        [REPRESENTATIVE] The representative has not signed.
        [BOARD] The social services board has not signed.
       *[GUARDIAN] Guardian { $signatory } has not signed.
    }
}
reason-consent-declined = Someone who was asked to sign has said no.
reason-consent-revoked = The consent has been taken back.
reason-consent-expired = The consent was valid { $until }.
reason-consent-not-yet-valid = The consent is not in force yet. It begins { $from }.
reason-consent-superseded = A newer consent has replaced this one.
reason-sender-outside-scope = The sender is not among those who may share under the consent.
reason-recipient-outside-scope = The recipient is not among those who may read under the consent.
reason-category-not-covered = The consent does not cover information about { $category }.
reason-category-excluded = The consent excludes information about { $category }.
reason-unit-excluded = One of the units is excluded in the consent.
reason-document-excluded = This very document is excluded in the consent.
reason-kind-not-covered = The consent does not cover documents of the kind { $kind }.
reason-purpose-not-covered = The consent is for another purpose than { $purpose }.
reason-act-not-consented = The consent does not cover { $act }.
reason-evidence-not-accepted = The signature was recorded by another unit, and the sender's own authority has not accepted it.
reason-custody-unverified = Nobody has checked in the population register or with a court who has custody.
reason-custody-outdated = The check of custody is too old; it was made on { $checked }.
reason-no-competent-signatory = There is nobody who can sign for the individual.
reason-maturity-unassessed = Whoever would share has not assessed the child's maturity in this matter.
reason-fact-not-attested = Your own unit's assessment has not been attested by a colleague.
reason-subject-missing = It is not said whom the document is about.
reason-basis-not-for-kind = The basis cannot carry documents of the kind { $kind }.
reason-provision-unknown = The provision is not among those that can be relied on.
reason-provision-not-in-force = No such provision is in force at this time.
reason-provision-off = The provision is not turned on in this hub.
reason-provision-sender-mismatch = The provision does not reach this sender.
reason-provision-recipient-mismatch = The provision does not reach this recipient.
reason-provision-circumstance-missing = A circumstance that the provision asks for is not recorded.
reason-provision-reason-missing = The reason why the provision applies is not written.
reason-not-board-reception = The duty is towards the social services board's reception, and the recipient is not it.
reason-basis-ended = The basis on which the document was sent no longer exists and does not come back.
reason-delivery-withheld = The document is withheld for good.
reason-delivery-waiting = The document waits for something that is missing on the sender's side.
reason-key-compromised = The recipient's key that the document is sealed to was reported compromised: the document is withheld for good, and its sender must send it anew.
reason-delivery-expired = The document was not opened in time.
