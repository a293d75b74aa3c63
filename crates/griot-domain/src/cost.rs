//! What posts cost on networks that take money, and whether a month's cap still holds them.
//!
//! Amounts are thousandths of the network's currency, as in its rules. Deliberately absent: what the network really
//! billed (it does not say), and prices of reading.

use crate::lang::Lang;
use crate::network::NetworkId;
use crate::rules::Rules;
use crate::text::parts::{Kind, parts};

/// The price of one post with this text; nothing where the network takes no money.
#[must_use]
pub fn price(network: NetworkId, text: &str) -> Option<u64> {
    let cost = Rules::of(network).cost.as_ref()?;
    let has_link = parts(text, network).iter().any(|part| part.kind == Kind::Link);
    Some(if has_link { cost.with_link } else { cost.post })
}

/// An amount as people write it: `0,015\u{a0}$`, `$0.015`.
#[must_use]
pub fn amount(thousandths: u64, currency: &str, lang: Lang) -> String {
    let (whole, rest) = (thousandths / 1000, thousandths % 1000);
    let rest = if rest.is_multiple_of(10) { format!("{:02}", rest / 10) } else { format!("{rest:03}") };
    let number = format!("{whole}{}{rest}", lang.pick(',', '.'));
    match (currency, lang) {
        ("USD", Lang::Fr) => format!("{number}\u{a0}$"),
        ("USD", Lang::En) => format!("${number}"),
        (other, _) => format!("{number}\u{a0}{other}"),
    }
}

/// A month's account with one network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Month {
    /// What went out.
    pub spent: u64,
    /// What is scheduled and has not gone out.
    pub planned: u64,
    /// The most that a person wants to spend; nothing for no limit.
    pub cap: Option<u64>,
}

impl Month {
    /// How much is too much when posts for `more` come along; nothing while the cap holds them.
    #[must_use]
    pub fn over(&self, more: u64) -> Option<u64> {
        let all = self.spent.saturating_add(self.planned).saturating_add(more);
        self.cap.and_then(|cap| all.checked_sub(cap)).filter(|over| *over > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_makes_a_post_dearer_and_most_networks_take_nothing() {
        for (text, expected) in [
            ("Bonjour Bamako", 15),
            ("", 15),
            ("Le programme : https://exemple.com/p", 200),
            ("Le programme est sur exemple.com", 200),
            ("Écrire à awa@exemple.com", 15),
            ("1.5 kg de riz. Et du mil", 15),
        ] {
            assert_eq!(price(NetworkId::X, text), Some(expected), "{text}");
        }
        for network in NetworkId::ALL.iter().filter(|network| **network != NetworkId::X) {
            assert_eq!(price(*network, "https://exemple.com"), None, "{network:?}");
        }
    }

    #[test]
    fn amounts_are_written_as_people_write_them() {
        for (thousandths, fr, en) in [
            (15, "0,015\u{a0}$", "$0.015"),
            (200, "0,20\u{a0}$", "$0.20"),
            (5_000, "5,00\u{a0}$", "$5.00"),
            (12_345, "12,345\u{a0}$", "$12.345"),
            (1_050, "1,05\u{a0}$", "$1.05"),
        ] {
            assert_eq!(
                (
                    amount(thousandths, "USD", Lang::Fr).as_str(),
                    amount(thousandths, "USD", Lang::En).as_str()
                ),
                (fr, en)
            );
        }
        assert_eq!(amount(200, "EUR", Lang::Fr), "0,20\u{a0}EUR");
    }

    #[test]
    fn a_cap_holds_what_went_out_what_waits_and_what_comes() {
        let month = |cap| Month { spent: 400, planned: 185, cap };
        assert_eq!(month(None).over(u64::MAX), None);
        assert_eq!(month(Some(600)).over(15), None, "up to the cap and no further");
        assert_eq!(month(Some(600)).over(16), Some(1));
        assert_eq!(month(Some(500)).over(0), Some(85), "a cap that was lowered under what waits");
        assert_eq!(Month { cap: Some(0), ..Month::default() }.over(15), Some(15));
    }
}
