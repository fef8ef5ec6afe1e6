# What a guardian signs. Every change of the words is a new version.

statement-title = Consent
statement-number = Number of the consent: { $consent }
statement-requester = Who asks: { $requester }
statement-about = It is about: { $about }
statement-act-share = I consent to information being shared as written here.
statement-act-plan = I consent to a coordinated individual plan being made.
statement-purpose = Purpose: { $purpose }
statement-circle = These units may share information with each other: { $units }
statement-sources = These units may give information: { $units }
statement-recipients = These units may read it: { $units }
statement-categories = The information may be about: { $categories }
statement-kinds = It may stand in: { $kinds }
statement-period = The consent is valid { $period }.
statement-excluded-categories = This must not be shared: { $categories }
statement-excluded-units = These units may neither give nor read: { $units }
statement-excluded-documents = { $count ->
    [one] One particular document is excluded.
   *[other] { $count } particular documents are excluded.
}
statement-excluded-nothing = Nothing is excluded.
statement-revocation = I can change my mind at any time, without saying why. Then nothing more is released on this consent.
statement-read = What has already been read cannot be unread.
statement-duty = In some cases the law requires information to be given anyway, for example when a child may be at risk. The consent does not change that.
statement-version = Version of the text: { $version }

# A time, as it stands in the middle of a sentence: here and on the pages.
period-from = from { $from }
period-through = through { $through }
period-until = until { $until }
