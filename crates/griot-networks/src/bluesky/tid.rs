//! The record key of a delivery: a TID that every copy of the workspace derives alike.
//!
//! A TID is 64 bits, written with 13 letters that sort like the number: a zero, 53 bits of microseconds
//! since 1970, 10 bits that tell clocks apart (atproto's record key specification).

use griot_domain::DeliveryId;

const LETTERS: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
const LENGTH: usize = 13;
const CLOCK_BITS: u32 = 10;
const MICROS_BITS: u32 = 53;

/// The key: the milliseconds are the delivery id's own; what a TID has below them comes from a hash of the id.
pub(super) fn of(delivery: DeliveryId) -> String {
    let hash = blake3::hash(&delivery.bytes());
    let noise = hash.as_bytes();
    let below = u64::from(u16::from_be_bytes([noise[0], noise[1]])) % 1000;
    let clock = u64::from(u16::from_be_bytes([noise[2], noise[3]])) & ((1 << CLOCK_BITS) - 1);
    let millis = u64::try_from(delivery.made_at().millis()).unwrap_or(0);
    let micros = millis.wrapping_mul(1000).wrapping_add(below) & ((1 << MICROS_BITS) - 1);
    encode((micros << CLOCK_BITS) | clock)
}

/// Whether a text is a TID.
pub(super) fn is_valid(text: &str) -> bool {
    let bytes = text.as_bytes();
    // The first letter holds four bits, of which the highest is zero.
    bytes.len() == LENGTH && bytes.iter().all(|b| LETTERS.contains(b)) && LETTERS[..16].contains(&bytes[0])
}

fn encode(number: u64) -> String {
    (0..LENGTH).rev().map(|place| char::from(LETTERS[(number >> (5 * place)) as usize & 31])).collect()
}

#[cfg(test)]
mod tests {
    use griot_domain::Timestamp;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_is_fixed_by_its_delivery() {
        let id = DeliveryId::new(Timestamp::from_millis(1_795_377_600_123), [7; 10]);
        assert_eq!(of(id), of(id.to_string().parse().unwrap()));
        assert_ne!(of(id), of(DeliveryId::new(Timestamp::from_millis(1_795_377_600_123), [8; 10])));
        // A key that is in use: 2023-06-30T15:03:01.887007Z, clock 6.
        assert_eq!(encode((1_688_137_381_887_007 << 10) | 6), "3jzfcijpj2z2a");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "",
            "not-a-tid",
            "3jzfcijpj2z2",
            "3jzfcijpj2z2aa",
            "3JZFCIJPJ2Z2A",
            "zzzzzzzzzzzzz",
            "3jzfcijpj2z21",
        ] {
            assert!(!is_valid(text), "{text}");
        }
        assert!(is_valid("3jzfcijpj2z2a"));
    }

    proptest! {
        #[test]
        fn keys_are_valid_and_sort_by_time(a in 0_i64..4_000_000_000_000, b in 0_i64..4_000_000_000_000, r: [u8; 10]) {
            let key = |ms| of(DeliveryId::new(Timestamp::from_millis(ms), r));
            prop_assert!(is_valid(&key(a)));
            if a < b {
                prop_assert!(key(a) < key(b));
            }
        }
    }
}
