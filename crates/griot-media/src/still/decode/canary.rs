//! A mark in a buffer that a decoder is to fill, by which is seen what it left out. A buffer that was never written is
//! black, and nothing about black says that it is no picture.
//!
//! The marks are far apart in the product, where they must cost nothing, and cover the whole buffer in tests. What is
//! smaller than the smallest mark cannot be told from a picture and is believed.

/// Bytes of one mark.
const LEN: usize = 64;
/// From one mark to the next.
const STEP: usize = if cfg!(test) { LEN } else { 4096 };
/// A shorter mark could be a picture by chance.
const LEAST: usize = 16;

/// Bytes in no order that a picture has.
const MARK: [u8; LEN] = {
    let mut mark = [0; LEN];
    let (mut n, mut state) = (0, 0x2545_F491_u32);
    while n < LEN {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        mark[n] = state.to_be_bytes()[1];
        n += 1;
    }
    mark
};

/// Puts the marks into a buffer, its end included.
pub(super) fn plant(buffer: &mut [u8]) {
    let end = buffer.len().saturating_sub(LEN);
    for at in (0..end).step_by(STEP).chain([end]) {
        let place = &mut buffer[at..];
        let len = place.len().min(LEN);
        place[..len].copy_from_slice(&MARK[..len]);
    }
}

/// Whether no mark is left.
pub(super) fn written(buffer: &[u8]) -> bool {
    let end = buffer.len().saturating_sub(LEN);
    let left = |at: usize| {
        let place = &buffer[at..buffer.len().min(at + LEN)];
        place.len() >= LEAST && *place == MARK[..place.len()]
    };
    !(0..end).step_by(STEP).chain([end]).any(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_out_of_a_buffer_is_seen_wherever_it_is() {
        for len in [16, 63, 64, 65, 4096, 100_000] {
            let mut buffer = vec![0; len];
            plant(&mut buffer);
            assert!(!written(&buffer), "{len}");
            let last = len.min(LEN);
            buffer[..len - last].fill(7);
            assert!(!written(&buffer), "{len}: all but the end");
            buffer.fill(7);
            assert!(written(&buffer), "{len}");
            plant(&mut buffer);
            buffer[last..].fill(7);
            assert!(len < 2 * LEN || !written(&buffer), "{len}: all but the start");
        }
        let mut one = [0; 3];
        plant(&mut one);
        assert!(written(&one), "three bytes can be a pixel");
    }
}
