//! Quantities: named, explained, recorded and exported.

use std::collections::BTreeSet;

use eoscope::config::RunConfig;
use eoscope::export;
use eoscope::history::Run;
use eoscope::protocol::{Event, Record};
use eoscope::quantity::Quantity;

use crate::RUN;
use crate::full::full;

#[test]
fn every_quantity_is_named_explained_recorded_and_exported() {
    let mut run = Run::new(RUN, RunConfig::default());
    let record = full();
    run.apply(&Event::Sampled { run: RUN, records: vec![record.clone()] });
    let table = String::from_utf8(export::csv(&run)).unwrap();
    let [header, cells] = table.lines().collect::<Vec<_>>()[..] else { panic!("{table}") };
    let columns: Vec<_> = header.split(',').zip(cells.split(',')).collect();
    assert_eq!(columns.len(), Quantity::all().len() + 1);
    let mut symbols = BTreeSet::new();
    let mut labels = BTreeSet::new();
    for (quantity, (name, cell)) in Quantity::all().zip(&columns[1..]) {
        assert_eq!(quantity.name(), *name);
        let value = quantity.read(&record).unwrap_or_else(|| panic!("{name} is never measured"));
        assert_eq!(cell.parse(), Ok(value), "{name}");
        assert_eq!(run.series(quantity).iter().collect::<Vec<_>>(), [(0, value)], "{name}");
        assert!(["", "ms"].contains(&quantity.unit()), "{name}: {}", quantity.unit());
        assert_eq!(quantity.unit() == "ms", name.ends_with("_ms"), "{name}");
        let sentence = quantity.sentence();
        assert!(sentence.ends_with('.') && sentence.len() > 10, "{name}: {sentence}");
        for word in [quantity.symbol(), quantity.label()] {
            assert!(!word.is_empty() && word == word.trim(), "{name}: “{word}”");
        }
        assert!(symbols.insert(quantity.symbol()), "two quantities are {}", quantity.symbol());
        assert!(labels.insert(quantity.label()), "two are called {}", quantity.label());
    }
}

#[test]
fn what_was_not_measured_is_a_blank_and_no_number() {
    let record = Record::default();
    let absent: Vec<_> = Quantity::all().filter(|q| q.read(&record).is_none()).collect();
    assert!(absent.len() > 30, "{}", absent.len());
    let mut run = Run::new(RUN, RunConfig::default());
    run.apply(&Event::Sampled { run: RUN, records: vec![record] });
    let table = String::from_utf8(export::csv(&run)).unwrap();
    let cells: Vec<_> = table.lines().last().unwrap().split(',').skip(1).collect();
    for (quantity, cell) in Quantity::all().zip(cells) {
        let is_absent = absent.contains(&quantity);
        assert_eq!(cell.is_empty(), is_absent, "{}", quantity.name());
        assert_eq!(run.series(quantity).iter().next().is_none(), is_absent, "{}", quantity.name());
    }
}
