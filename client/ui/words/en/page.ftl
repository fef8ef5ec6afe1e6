# The guardian's pages.

page-skip = Skip to the content
page-navigation = Pages
page-leave = Leave quickly
page-navigation-consents = Consents
page-logout = Log out
page-consents = Your consents
page-footer = Samrum shows who asks for what.
page-change = You can take back a yes whenever you want.

page-home-title = May information be shared? You answer yes or no
page-home-lead = Here you see who wants to share information about you or your child. You answer yes or no. You can take back a yes whenever you want.
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
page-home-step-answer = You answer yes or no. Everyone who must say yes has done so before anything is shared on the consent.
page-home-step-change = You can take back your yes whenever you want, without saying why.

page-list-waiting = Waiting for an answer
page-list-active = In force now or later
page-list-resting = On hold right now
page-list-ended = Ended, or no longer yours to answer
page-list-none = Nothing here.
page-list-asked = { $requester } asked on { $day }
page-list-about = It is about { $about }
page-list-term-waiting = If everyone says yes it holds { $ending }
page-list-term-active = Holds { $ending }
page-list-term-later = Holds { $period }

page-standing-awaits-you = Waits for your answer
page-standing-awaits-others = You said yes, someone else has not answered
page-standing-recorded = Your yes was entered by { $unit }
page-standing-unasked = Waits for the answers of others
page-standing-begins = Comes into force on { $from }
page-standing-active = In force
page-standing-resting = On hold: nothing can be shared on it right now
page-standing-not-asked = Your answer is no longer needed
page-standing-you-declined = You said no
page-standing-you-revoked = You took back your yes
page-standing-declined = Someone said no
page-standing-revoked = Taken back
page-standing-expired = The time has run out
page-standing-superseded = Replaced by a newer one

page-consent-title-question = May this information be shared?
page-consent-title = A consent
page-consent-ended-at = It ended on { $at }.
page-consent-closed-at = The question was closed on { $at }.
page-consent-you-declined-at = You said no on { $at }.
page-consent-you-revoked-at = You took back your yes on { $at }.
page-consent-no-recorded-at = Your no was entered by { $unit } on { $at }.
page-consent-recorded = Your yes was entered by { $unit }.
page-consent-recorded-wrong = Is that not right? Take it back here and talk to the unit.
page-consent-unasked = Nobody has asked you, but you can end it whenever you want.
page-consent-lead = Take your time to read. Say yes only if you want to.
page-consent-asked = This is what they ask for
page-consent-signatories = Who answers
page-consent-signatory-you = You (number { $number })
page-consent-signatory = Someone else who is to answer (number { $number })
page-consent-signed-at = said yes on { $at }
page-consent-signed-on-paper = yes on { $at }, on paper according to { $unit }
page-consent-signed-orally = yes on { $at }, orally according to { $unit }
page-consent-took-back-at = said yes, took it back on { $at }
page-consent-declined-at = said no on { $at }
page-consent-declined-recorded = no on { $at }, according to { $unit }
page-consent-not-signed = has not said yes
page-consent-statement = The text that you sign
page-consent-statement-now = The words of the consent as it stands
page-consent-statement-lead = If you say yes you sign exactly this text.
page-consent-before = Before you answer
page-consent-before-no = If you say no, nothing is shared on this consent and the question is closed for everyone. They can ask again.
page-consent-before-silence = If you do not answer, nothing is shared on it as long as your yes is needed.
page-consent-before-seen = Whoever asks, and the others who answer, see whether and when you said yes. If you say no they see that someone said no. If you are two, the other will understand that it was you.
page-consent-before-change = If you say yes you can take it back whenever you want. If you say no and change your mind, they must ask again.
page-consent-no-harm = You do not have to say why you answer as you do.
page-consent-session = You are logged in for half an hour. If that is too short you can log in again; the question will still be here.
page-consent-yes = Yes, I consent
page-consent-no = No, I do not consent
page-consent-revoke-lead = You do not have to say why. First you can read what it means.
page-consent-receipt = Read your receipt

page-scope-requester = Who asks
page-scope-asked-on = asked on { $day }
page-scope-about = Whom it is about
page-scope-purpose = Why
page-scope-sip = SIP is a plan that you, your child and the units make together: who does what, and when.
page-scope-sip-own = SIP is a plan that you and the units make together: who does what, and when.
page-scope-acts = You say yes to
page-scope-categories = What the information may be about
page-scope-kinds = In which documents
page-scope-circle = Who may share with one another
page-scope-sources = Who may share information
page-scope-recipients = Who may read it
page-scope-period = How long
page-scope-excluded = This must not be shared
page-scope-excluded-nothing = Nothing in particular is kept out.
page-scope-excluded-unit = anything to or from { $unit }
page-scope-excluded-documents = { $count ->
    [one] one particular document
   *[other] { $count } particular documents
}

page-revoke = Take back your yes
page-revoke-title = Do you want to take back your yes?
page-revoke-lead = You do not have to say why.
page-revoke-means = What happens
page-revoke-means-closed = The question is closed for everyone. Nothing has been let out on this consent.
page-revoke-means-now = The consent ends at once. Nothing more is let out on it.
page-revoke-means-waiting = Documents that wait on the consent and have not been fetched yet are stopped.
page-revoke-means-told = The units see that the consent has ended the next time they ask Samrum.
page-revoke-means-everyone = The consent ends even where others have said yes.
page-revoke-read = What has already been read cannot be unread.
page-revoke-ask = It is not yet possible to see here what has already been let out. Ask the units; they can answer.
page-revoke-copies = Copies that someone has already received belong to the recipient's own records.
page-revoke-duty = In some cases the law requires that information is shared anyway, for example when a child may be at risk.
page-revoke-confirm = Yes, take back my yes
page-revoke-keep = No, leave the consent as it is
page-end = End this
page-end-title = Do you want to end this?
page-end-confirm = Yes, end it
page-end-keep = No, leave it as it is

page-receipt = Receipt
page-receipt-answer = Your answer
page-receipt-yes = yes
page-receipt-no = no
page-receipt-took-back = took back your yes
page-receipt-ended = ended
page-receipt-recorded = according to { $unit }
page-receipt-at = When
page-receipt-requester = Who asked
page-receipt-entry = Entry in the log
page-receipt-consent = Number of the consent
page-receipt-keep = Print the page or write the numbers down if you want to keep them. With the numbers whoever runs Samrum can find what you answered, and when.
page-receipt-to-consent = Read the consent again
page-receipt-signed-title = You have said yes
page-receipt-signed-active = Your yes has been recorded. Everyone has said yes, and the consent is in force. Information may be shared from { $from }.
page-receipt-signed-waiting = Your yes has been recorded. Nothing is shared on this consent until everyone who must answer has said yes.
page-receipt-signed-over = Your yes has been recorded. It no longer holds.
page-receipt-declined-title = You have said no
page-receipt-declined-text = Your no has been recorded. Nothing is let out on this consent.
page-receipt-others = Consents that you gave earlier still hold; you find them in the list.
page-receipt-revoked-title = You have taken back your yes
page-receipt-revoked-text = The consent has ended. Nothing more is let out on it.
page-receipt-closed-text = The question is closed for everyone. Nothing has been let out on this consent.
page-receipt-ended-title = It has ended
page-receipt-recorded-yes-title = Your yes has been entered
page-receipt-recorded-no-title = Your no has been entered

page-problem-to-start = To the start page
page-problem-to-consents = To your consents
page-problem-read-again = Read again
page-problem-not-found-title = The page does not exist
page-problem-not-found-text = The address may be mistyped or old, or you cannot see the page.
page-problem-logged-out-title = You are not logged in
page-problem-logged-out-text = You are not logged in, or the half hour has passed. Log in again.
page-problem-answer-refused = Your answer has not been recorded.
page-problem-forged-title = It could not be accepted
page-problem-forged-text = We cannot see that it was you who pressed the button on our page. Nothing has changed. Read the page again and try once more.
page-problem-unreadable-title = It could not be read
page-problem-unreadable-text = Something was missing in what was sent. Nothing has changed. Go back and try again.
page-problem-too-large-title = It was too large
page-problem-too-large-text = What was sent was larger than the page can take. Nothing has changed.
page-problem-changed-title = It has changed, read again
page-problem-changed-text = What is asked for changed while you were reading. Read again, then answer.
page-problem-ended-title = It is already closed
page-problem-ended-text = The question was closed before you answered. Nothing is let out on this consent.
page-problem-not-asked-title = Your answer is no longer needed
page-problem-not-asked-text = According to the information in Samrum it is no longer you who answers this question. Is that wrong? Talk to the unit that asked.
page-problem-unavailable-title = It is not possible right now
page-problem-unavailable-text = Try again in a moment. If you have answered something, look among your consents whether the answer has been recorded.
page-problem-broken-title = Something went wrong on our side
page-problem-broken-text = The fault is ours. If you have answered something, look among your consents whether the answer has been recorded. Try again later.

page-demonstration = Demonstration
page-demonstration-people = This is a demonstration with invented people. Log in as one of them:
page-demonstration-link = Log in as { $label }
page-demonstration-warning = This is a demonstration. The people are invented.
page-demonstration-real = In real use this login does not exist.
page-demonstration-log-in = Log in as { $label }

page-left-title = Done
page-left-text = You can close the window.
