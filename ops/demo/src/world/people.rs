//! One child aged nine and two guardians, and four more children for the cases: evidently invented.
//!
//! Serials 980 to 999 are given to nobody; the check digit is Luhn's (SKV 704), so that the numbers are
//! well-formed everywhere.

use jiff::ToSpan as _;
use jiff::civil::Date;
use samrum_consent::identity_number::IdentityNumber;

/// How old the child is: below every age at which maturity must be assessed.
const CHILD_AGE: i16 = 9;
/// The child's birthday.
const BIRTHDAY: (i8, i8) = (3, 9);

/// Somebody invented.
#[derive(Clone)]
pub(crate) struct Person {
    /// Name.
    pub(crate) name: &'static str,
    /// Identity number.
    pub(crate) number: IdentityNumber,
}

/// The child and everybody with custody.
#[derive(Clone)]
pub(crate) struct Household {
    /// Aged nine.
    pub(crate) child: Person,
    /// The first guardian.
    pub(crate) first: Person,
    /// The second guardian.
    pub(crate) second: Person,
}

impl Household {
    /// The household as of this day.
    ///
    /// `None` never in practice: for every date there is a check digit.
    pub(crate) fn on(today: Date) -> Option<Self> {
        let person = |name, birth, serial| {
            Some(Person {
                name,
                number: number(birth, serial)?,
            })
        };
        Some(Self {
            child: person("Alva Exempel", birth(today, CHILD_AGE)?, 980)?,
            first: person("Kim Exempel", Date::new(1987, 5, 12).ok()?, 982)?,
            second: person("Robin Exempel", Date::new(1985, 9, 21).ok()?, 983)?,
        })
    }

    /// The label and person of everybody who may log in by a link.
    pub(crate) const fn guardians(&self) -> [(&'static str, &Person); 2] {
        [("guardian-1", &self.first), ("guardian-2", &self.second)]
    }
}

/// The children of the cases. Their guardians are the household's.
#[derive(Clone)]
pub(crate) struct Siblings {
    /// Aged ten.
    pub(crate) half_signed: Person,
    /// Aged eight.
    pub(crate) expired: Person,
    /// Aged thirteen: old enough for an assessment of maturity to be asked for.
    pub(crate) thirteen: Person,
    /// Aged seven.
    pub(crate) unverified: Person,
}

impl Siblings {
    /// The children as of this day. As for [`Household::on`].
    pub(crate) fn on(today: Date) -> Option<Self> {
        let child = |name, age, serial| {
            Some(Person {
                name,
                number: number(birth(today, age)?, serial)?,
            })
        };
        Some(Self {
            half_signed: child("Bo Exempel", 10, 984)?,
            expired: child("Cleo Exempel", 8, 985)?,
            thirteen: child("Dani Exempel", 13, 986)?,
            unverified: child("Eli Exempel", 7, 987)?,
        })
    }
}

/// The latest birthday that makes a child as old as it is.
fn birth(today: Date, age: i16) -> Option<Date> {
    let (month, day) = BIRTHDAY;
    let this_year = Date::new(today.year(), month, day).ok()?;
    let last_birthday = if this_year <= today {
        this_year
    } else {
        this_year.checked_sub(1.year()).ok()?
    };
    last_birthday.checked_sub(age.years()).ok()
}

/// The number with this date and serial: the one of the ten whose check digit is right.
fn number(birth: Date, serial: u16) -> Option<IdentityNumber> {
    let date = birth.strftime("%Y%m%d").to_string();
    (0..10).find_map(|check| format!("{date}{serial}{check}").parse().ok())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_household_is_the_invented_one() {
        let household = Household::on(date(2026, 11, 23)).unwrap();
        assert_eq!(household.child.number.digits(), "201703099802");
        assert_eq!(household.first.number.digits(), "198705129826");
        assert_eq!(household.second.number.digits(), "198509219831");
    }

    #[test]
    fn the_child_is_nine_on_every_day() {
        for (today, birth) in [
            (date(2026, 3, 8), date(2016, 3, 9)),
            (date(2026, 3, 9), date(2017, 3, 9)),
            (date(2030, 12, 31), date(2021, 3, 9)),
        ] {
            let household = Household::on(today).unwrap();
            assert_eq!(household.child.number.birth(), birth, "{today}");
        }
    }

    #[test]
    fn the_thirteen_year_old_is_thirteen_on_every_day() {
        for (today, year) in [(date(2026, 3, 8), 2012), (date(2026, 3, 9), 2013)] {
            let birth = Siblings::on(today).unwrap().thirteen.number.birth();
            assert_eq!(birth, date(year, 3, 9), "{today}");
        }
    }

    #[test]
    fn serials_are_those_that_nobody_has() {
        let household = Household::on(date(2026, 11, 23)).unwrap();
        let siblings = Siblings::on(date(2026, 11, 23)).unwrap();
        for person in [
            &household.child,
            &household.first,
            &household.second,
            &siblings.half_signed,
            &siblings.expired,
            &siblings.thirteen,
            &siblings.unverified,
        ] {
            let digits = person.number.digits();
            let serial: u16 = digits[8..11].parse().unwrap();
            assert!((980..=999).contains(&serial), "{}", person.name);
            assert!(person.name.ends_with("Exempel"));
        }
    }
}
