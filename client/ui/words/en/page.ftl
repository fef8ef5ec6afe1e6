# The guardian's pages.

page-skip = Skip to the content
page-navigation = Pages
page-leave = Leave quickly
page-navigation-consents = Consents
page-logout = Log out
page-consents = Your consents
page-footer = Samrum shows who asks for what, and lets nothing out on a consent that is not there.
page-change = You can change your mind whenever you want.
page-until-day = through { $through }
page-until-moment = until { $until }

page-home-title = You decide what may be shared
page-home-lead = Here you see who wants to share information about you or your child. You answer yes or no, and you can change your mind whenever you want.
page-home-waiting = { $count ->
    [0] Nothing waits for your answer.
    [one] One question waits for your answer.
   *[other] { $count } questions wait for your answer.
}
page-home-to-consents = Go to your consents
page-home-no-login = It is not yet possible to log in here with electronic identification. Talk to whoever asked you; you can answer on paper or orally.
page-home-how = How it works
page-home-step-asked = A unit, such as social services, asks whether information may be shared.
page-home-step-read = You read who asks, what it is about, who may read it and for how long.
page-home-step-answer = You answer yes or no. Everyone who must say yes has done so before anything is shared.
page-home-step-change = You can take back your yes whenever you want, without saying why.

page-list-waiting = Waiting for an answer
page-list-active = In force now
page-list-ended = Not in force
page-list-none = Nothing here.
page-list-asks = { $requester } asks
page-list-asked = { $requester } asked
page-list-about = It is about { $about }
page-list-until-waiting = If everyone says yes it holds
page-list-until-active = Holds
page-standing-awaits-you = Waits for your answer
page-standing-awaits-others = You said yes, someone else has not answered
page-standing-active = In force
page-standing-not-asked = Your answer is no longer needed
page-standing-declined = Someone said no
page-standing-revoked = Taken back
page-standing-expired = The time has run out
page-standing-superseded = Replaced by a newer one

page-consent-title-question = May this information be shared?
page-consent-title = A consent
page-consent-ended-at = It ended on { $at }.
page-consent-lead = Take your time to read. Say yes only if you want to.
page-consent-asked = This is what they ask for
page-consent-signatories = Who answers
page-consent-signatory-you = You (number { $number })
page-consent-signatory = Number { $number }
page-consent-signed-at = said yes on { $at }
page-consent-not-signed = has not said yes
page-consent-statement = The text that you sign
page-consent-statement-now = The words of the consent as it stands
page-consent-statement-lead = If you say yes you sign exactly this text.
page-consent-no-harm = You do not have to say why you answer as you do.
page-consent-yes = Yes, I consent
page-consent-no = No, I do not consent
page-consent-revoke-lead = You do not have to say why. First you can read what it means.

page-scope-requester = Who asks
page-scope-asked-on = asked on { $day }
page-scope-about = Whom it is about
page-scope-purpose = Why
page-scope-acts = You say yes to
page-scope-categories = What the information may be about
page-scope-kinds = Where it may stand
page-scope-circle = Who may share with one another
page-scope-sources = Who may share information
page-scope-recipients = Who may read it
page-scope-period = How long
page-scope-from = from { $from }
page-scope-excluded = This must not be shared
page-scope-excluded-nothing = Nothing in particular is kept out.
page-scope-excluded-unit = anything to or from { $unit }
page-scope-excluded-documents = { $count ->
    [one] one particular document
   *[other] { $count } particular documents
}

page-revoke = Take back your yes
page-revoke-title = Do you want to take back your yes?
page-revoke-lead = You can change your mind whenever you want. You do not have to say why.
page-revoke-means = What happens
page-revoke-means-now = The consent ends at once. Nothing more is let out on it.
page-revoke-means-waiting = Documents that have not been opened yet are stopped.
page-revoke-means-told = The units are told that the consent has ended.
page-revoke-means-everyone = The consent ends even where others have said yes.
page-revoke-read = What has already been read cannot be unread.
page-revoke-duty = Copies that someone has already received belong to the recipient's own records. In some cases the law requires that information is shared anyway, for example when a child may be at risk.
page-revoke-confirm = Yes, take back my yes
page-revoke-keep = No, leave the consent as it is

page-receipt = Receipt
page-receipt-entry = Entry in the log:
page-receipt-consent = Consent:
page-receipt-keep = Print the page or write the numbers down if you want to keep them. With them it can be shown what you answered, and when.
page-receipt-to-consent = Read the consent again
page-receipt-signed-title = You have said yes
page-receipt-signed-text = Your yes has been recorded. Nothing is shared until everyone who must answer has said yes.
page-receipt-declined-title = You have said no
page-receipt-declined-text = Your no has been recorded. Nothing is let out on this consent.
page-receipt-revoked-title = You have taken back your yes
page-receipt-revoked-text = The consent has ended. Nothing more is let out on it.

page-problem-to-start = To the start page
page-problem-to-consents = To your consents
page-problem-read-again = Read again
page-problem-not-found-title = The page does not exist
page-problem-not-found-text = The address may be mistyped, or it is nothing that is shown to you.
page-problem-logged-out-title = You are not logged in
page-problem-logged-out-text = You are logged out after half an hour. Log in again and try once more. Nothing has changed.
page-problem-forged-title = It could not be accepted
page-problem-forged-text = We cannot see that it was you who pressed the button on our page. Nothing has changed. Read the page again and try once more.
page-problem-unreadable-title = It could not be read
page-problem-unreadable-text = Something was missing in what was sent. Nothing has changed. Go back and try again.
page-problem-too-large-title = It was too large
page-problem-too-large-text = What was sent was larger than the page can take. Nothing has changed.
page-problem-changed-title = It has changed, read again
page-problem-changed-text = What is asked for changed while you were reading. Your answer has not been recorded. Read again, then answer.
page-problem-ended-title = It is no longer in force
page-problem-ended-text = The consent has already ended. Nothing is let out on it.
page-problem-not-asked-title = Your answer is no longer needed
page-problem-not-asked-text = You no longer need to answer this, and therefore you cannot change it.
page-problem-unavailable-title = It is not possible right now
page-problem-unavailable-text = Try again in a moment. If you have answered something, look among your consents whether the answer has been recorded.
page-problem-broken-title = Something went wrong on our side
page-problem-broken-text = The fault is ours, and the operator has been told. Try again later.

page-demonstration = Demonstration
page-demonstration-people = This is a demonstration with invented people. Log in as one of them:
page-demonstration-link = Log in as { $label }
page-demonstration-warning = This is a demonstration. The people are invented.
page-demonstration-real = In real use this login does not exist.
page-demonstration-log-in = Log in as { $label }

page-left-title = Done
page-left-text = You can close the window.
