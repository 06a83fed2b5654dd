//! Shards as a user names them: `3/16`, counted from 1 or from 0.

use ninefold_models::plan::Variance;
use ninefold_models::snapshot::{SHARDS_MAX, Shard};
use ninefold_reports::folder::Origin;

use crate::host::quoted;

/// `I/N` as typed, before it is known where counting begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShardOf {
    number: u64,
    of: u64,
}

impl ShardOf {
    /// The shard, if numbers begin with `base`.
    pub(crate) fn counted_from(self, base: u64) -> anyhow::Result<Shard> {
        let Self { number, of } = self;
        match number.checked_sub(base) {
            Some(index) if index < of => Ok(Shard { index, of }),
            _ => anyhow::bail!(
                "there is no shard {number}/{of} where `--shard-base` is {base}: allowed is {base}/{of} to {}/{of}",
                of - 1 + base
            ),
        }
    }
}

/// Reads `I/N`.
pub(crate) fn shard_of(text: &str) -> Result<ShardOf, String> {
    let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    let (number, of) = parts.ok_or("write a shard like 3/16")?;
    if (1..=SHARDS_MAX).contains(&of) {
        Ok(ShardOf { number, of })
    } else {
        Err(format!("allowed are 1 to {SHARDS_MAX} shards"))
    }
}

/// As messages name it: counted from 1.
pub(crate) fn named(shard: Shard) -> String {
    format!("shard {} of {}", shard.index + 1, shard.of)
}

/// The command that counts shard `index` of the run of `origin`, of `replications` replications.
pub(crate) fn command(origin: &Origin, replications: u64, shard: Shard) -> String {
    let mut words = vec!["ninefold".to_owned(), "run".to_owned(), quoted(&origin.typed.file)];
    if let Some(option) = &origin.typed.option {
        words.extend(["--option".to_owned(), quoted(option)]);
    }
    for patch in &origin.typed.set {
        words.extend(["--set".to_owned(), quoted(patch)]);
    }
    let number = shard.index + 1;
    words.push(format!("--replications {replications} --seed {}", origin.plan.seed));
    if origin.plan.variance != Variance::default() {
        words.push(origin.plan.variance_flags());
    }
    if origin.wanted.per_replication {
        words.push("--per-replication".to_owned());
    }
    words.push(format!("--shard {number}/{} --out part-{number}", shard.of));
    words.join(" ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_with_the_base() {
        let shard = |text: &str, base| shard_of(text).map_err(anyhow::Error::msg).and_then(|of| of.counted_from(base));
        assert_eq!(shard("3/16", 1).unwrap(), Shard { index: 2, of: 16 });
        assert_eq!(shard("0/16", 0).unwrap(), Shard { index: 0, of: 16 });
        for (text, base) in [("0/16", 1), ("17/16", 1), ("16/16", 0), ("1/0", 1), ("1/65537", 1), ("3", 1), ("a/b", 1)]
        {
            assert!(shard(text, base).is_err(), "{text} from {base}");
        }
        assert!(shard("17/16", 1).unwrap_err().to_string().ends_with("allowed is 1/16 to 16/16"));
    }
}
