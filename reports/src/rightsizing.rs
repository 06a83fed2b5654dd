//! Right-sizing: what is advised of each component, on a screen and as an object.

use std::fmt::Write as _;

use ninefold_models::size::rightsizing::{Advice, Fleet, Headroom, Instance, Wanted};
use serde_json::{Value, json};

use crate::decision::money;
use crate::format;

/// Other types that are shown beside the advice.
const OTHERS: usize = 3;

/// Advice with what it is told with.
#[derive(Clone, Debug)]
pub struct Rightsized {
    /// The file of records.
    pub file: String,
    /// The catalogue.
    pub catalogue: Vec<Instance>,
    /// By what is advised.
    pub headroom: Headroom,
    /// Whether memory is known.
    pub has_mem: bool,
    /// By component, in order of name.
    pub advice: Vec<(String, Advice)>,
}

/// A row of the table `rightsizing`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    pub(crate) component: &'a str,
    pub(crate) advice: &'a Advice,
    pub(crate) catalogue: &'a [Instance],
}

impl Row<'_> {
    pub(crate) fn advised(&self) -> Option<&Fleet> {
        self.advice.fleets.first()
    }

    pub(crate) fn type_of(&self, fleet: Option<&Fleet>) -> String {
        fleet.map_or_else(String::new, |fleet| self.catalogue[fleet.instance].name.clone())
    }

    pub(crate) fn saving(&self) -> Option<f64> {
        Some(self.advice.current.as_ref()?.cost_per_year - self.advised()?.cost_per_year)
    }
}

impl Rightsized {
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let catalogue = &self.catalogue;
        self.advice.iter().map(move |(component, advice)| Row { component, advice, catalogue })
    }

    /// The answer on one screen, ending in a newline.
    pub fn text(&self) -> String {
        let Headroom { half_life_h, margin, carry, lose } = self.headroom;
        let carried =
            if carry >= 1.0 { "the peak".to_owned() } else { format!("{} of the records", format::percent(carry)) };
        let mut out = format!(
            "p90 of records that count half after {}, and {} more; {carried} with {lose} lost\n",
            format::duration(half_life_h),
            format::percent(margin)
        );
        self.rows().for_each(|row| self.write(&mut out, row));
        out
    }

    fn write(&self, out: &mut String, row: Row<'_>) {
        let Advice { records, cpu, mem, fleets, current } = row.advice;
        let named =
            |fleet: &Fleet| format!("{} × {}", format::grouped(u64::from(fleet.count)), row.type_of(Some(fleet)));
        let Some((best, others)) = fleets.split_first() else {
            let _ = writeln!(out, "\n{}: no type of the catalogue can carry it", row.component);
            return;
        };
        let _ = writeln!(out, "\n{}: {}, {} a year", row.component, named(best), money(best.cost_per_year));
        if let (Some(now), Some(saving)) = (current, row.saving()) {
            let less = if saving < 0.0 { "more" } else { "less" };
            let cost = money(now.cost_per_year);
            let _ = writeln!(out, "  now        {} at {cost}: {} {less} a year", named(now), money(saving.abs()));
        }
        let wanted = |of: &Wanted| {
            let [target, lower, upper, carried] =
                [of.target, of.lower, of.upper, of.carried].map(|x| format::significant(x, 3));
            format!("{target} ({lower} to {upper}), carried {carried}")
        };
        let _ = writeln!(out, "  cores      {}", wanted(cpu));
        if self.has_mem {
            let _ = writeln!(out, "  memory     {}", wanted(mem));
        }
        let risk = |share: f64| match share {
            0.0 => format!("below {}", format::percent(1.0 - libm::pow(0.05, 1.0 / *records as f64))),
            share => format::percent(share),
        };
        let before = current.map_or_else(String::new, |now| format!(", now {}", risk(now.exceeded)));
        let _ = writeln!(
            out,
            "  exceeded   {} of the time{before}; {} records",
            risk(best.exceeded),
            format::grouped(*records)
        );
        for other in others.iter().take(OTHERS) {
            let more = money(other.cost_per_year - best.cost_per_year);
            let (step, own) = (format::percent(other.step), format::percent(best.step));
            let _ = writeln!(
                out,
                "  instead    {}: {more} more; one lost is {step} of the capacity, not {own}",
                named(other)
            );
        }
    }

    /// The object that `--json` prints; its rows are those of the table, with every type beside.
    pub fn object(&self) -> Value {
        let Headroom { half_life_h, margin, carry, lose } = self.headroom;
        let fleet = |row: Row<'_>, fleet: &Fleet| {
            json!({
                "type": row.type_of(Some(fleet)),
                "count": fleet.count,
                "cost_per_year": fleet.cost_per_year,
                "p_slo_miss": fleet.exceeded,
                "p_slo_miss_lost": fleet.exceeded_lost,
                "step_ratio": fleet.step,
            })
        };
        let wanted =
            |of: &Wanted| json!({"lower": of.lower, "target": of.target, "upper": of.upper, "carried": of.carried});
        let row = |row: Row<'_>| {
            json!({
                "component": row.component,
                "records": row.advice.records,
                "cpu": wanted(&row.advice.cpu),
                "mem": self.has_mem.then(|| wanted(&row.advice.mem)),
                "current": row.advice.current.as_ref().map(|now| fleet(row, now)),
                "advised": row.advised().map(|best| fleet(row, best)),
                "saving_per_year": row.saving(),
                "fleets": row.advice.fleets.iter().map(|other| fleet(row, other)).collect::<Vec<_>>(),
            })
        };
        json!({
            "schema": 1,
            "file": self.file,
            "half_life_h": half_life_h,
            "margin": margin,
            "carry": carry,
            "lose": lose,
            "rightsizing": self.rows().map(row).collect::<Vec<_>>(),
        })
    }
}
