# The receipt for a consent: what those who signed are given to keep.

receipt-title = Receipt for a consent
receipt-number = Number of the receipt: { $receipt }
receipt-consent = Number of the consent: { $consent } (change { $revision })
receipt-state = It stands: { $state }
receipt-signed = { $number }. { $capacity }: yes, { $method }, { $at }.
receipt-signed-recorded = { $number }. { $capacity }: yes, { $method }, { $at }. Recorded by { $unit }.
receipt-unsigned = { $number }. { $capacity }: has not said yes.
receipt-digest = SHA-256 of what was signed: { $digest }
receipt-text-follows = The consent reads now:

receipt-capacity-guardian = Guardian
receipt-capacity-individual = Whom the consent is about
receipt-capacity-representative = Representative
receipt-capacity-board = The social services board (LVU 11 §)

receipt-method-portal = in the portal after e-identification
receipt-method-paper = on paper
receipt-method-oral = orally before two professionals

receipt-service = Samrum: information between services
receipt-purpose-category = 1 - Core Function
receipt-termination = The consent is valid { $period }. Whoever has consented can take it back at any time.
