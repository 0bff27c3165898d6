//! Divides a length among neighbours in proportion to shares.

/// Least share, as a fraction of the total, in which hidden plots count too.
pub(in crate::paint) const MIN_SHARE: f32 = 0.08;

/// The same among so many parts, which together need at most half of the total.
fn least_share(n: usize) -> f32 {
    MIN_SHARE.min(0.5 / n.max(1) as f32)
}

/// Accepted shares.
const VALID: std::ops::RangeInclusive<f32> = 1e-3..=1e3;

/// The share if it is accepted, else the other value.
pub(in crate::paint) fn valid_or(share: f32, otherwise: f32) -> f32 {
    if VALID.contains(&share) { share } else { otherwise }
}

/// Divides the joint share of two neighbours; neither gets less than the least share of the total.
pub(in crate::paint) fn divided(total: f32, joint: f32, fraction: f32) -> [f32; 2] {
    let least = (total * MIN_SHARE).min(joint / 2.0);
    let first = (joint * valid_or(fraction, MIN_SHARE)).clamp(least, joint - least);
    [first, joint - first]
}

/// Raises shares below the least one, and rescales all if their total is far from the usual one.
pub(in crate::paint) fn settle(mut shares: Vec<&mut f32>, usual: f32) {
    let least = least_share(shares.len());
    let mut total: f32 = shares.iter().map(|share| **share).sum();
    if !(0.5 * usual..=2.0 * usual).contains(&total) {
        for share in &mut shares {
            **share *= usual / total;
        }
        total = usual;
    }
    let parts: Vec<_> = shares.iter().map(|share| (**share, least * total)).collect();
    if parts.iter().any(|(share, least)| share < least) {
        for (share, lifted) in shares.into_iter().zip(split(total, &parts)) {
            *share = lifted;
        }
    }
}

/// Divides a length among parts (share, least length); the least lengths may exceed the total.
pub(in crate::paint) fn split(total: f32, parts: &[(f32, f32)]) -> Vec<f32> {
    let mut is_least = vec![false; parts.len()];
    loop {
        let (mut rest, mut shares) = (total, 0.0);
        for ((share, least), is_least) in parts.iter().zip(&is_least) {
            if *is_least {
                rest -= least;
            } else {
                shares += share;
            }
        }
        let unit = rest / shares;
        let mut is_settled = true;
        for ((share, least), is_least) in parts.iter().zip(&mut is_least) {
            if !*is_least && unit * share < *least {
                (*is_least, is_settled) = (true, false);
            }
        }
        if is_settled {
            let length = |((share, least), is_least): (&(f32, f32), &bool)| {
                if *is_least { *least } else { unit * share }
            };
            return parts.iter().zip(&is_least).map(length).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_parts_need_no_more_than_there_is() {
        for n in [1, 6, 7, 40] {
            let mut shares = vec![1.0; n];
            shares[0] = 1e-3;
            settle(shares.iter_mut().collect(), n as f32);
            let total: f32 = shares.iter().sum();
            assert!(shares.iter().all(|share| *share > 0.0), "{shares:?}");
            assert!(n == 1 || shares[0] >= 0.999 * total * MIN_SHARE.min(0.5 / n as f32));
        }
    }

    #[test]
    fn a_length_is_divided_with_no_part_below_its_least() {
        assert_eq!(split(90.0, &[(1.0, 0.0), (2.0, 0.0)]), [30.0, 60.0]);
        assert_eq!(split(90.0, &[(1.0, 40.0), (2.0, 0.0)]), [40.0, 50.0]);
        assert_eq!(split(90.0, &[(1.0, 40.0), (4.0, 0.0), (1.0, 20.0)]), [40.0, 30.0, 20.0]);
        assert_eq!(split(10.0, &[(1.0, 40.0), (2.0, 30.0)]), [40.0, 30.0]);
        assert!(split(10.0, &[]).is_empty());
    }
}
