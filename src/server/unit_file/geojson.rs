//! Units as `GeoJSON` (RFC 7946): a collection of features, or one feature.
//!
//! The file is never held as a tree of JSON: what is not asked for is skipped while it is read, and what is asked for
//! is counted.

use std::cell::Cell;
use std::fmt::{self, Write as _};

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Column, MOST_POINTS, MOST_UNITS, Row, UnitFileProblem, clean};

/// The lists inside each other that the coordinates of a `MultiPolygon` are.
const MOST_DEPTH: usize = 4;
/// The numbers of a position: longitude, latitude, height, and what some programs measure along a line.
const MOST_NUMBERS: usize = 4;

/// Reads the features.
pub(super) fn read(text: &str) -> Result<Vec<Row>, UnitFileProblem> {
    let tally = Tally::default();
    let mut json = serde_json::Deserializer::from_str(text);
    let read =
        Object { tally: &tally, within: false }.deserialize(&mut json).and_then(|read| json.end().map(|()| read));
    let Ok(read) = read else {
        let large = tally.too_large.get();
        return Err(if large { UnitFileProblem::TooLarge } else { UnitFileProblem::NotGeoJson });
    };
    let rows = match read.kind.as_str() {
        "FeatureCollection" => read.features.ok_or(UnitFileProblem::NotGeoJson)?,
        "Feature" => vec![Row { line: 1, ..read.row }],
        _ => return Err(UnitFileProblem::NotGeoJson),
    };
    if tally.named.get() { Ok(rows) } else { Err(UnitFileProblem::NoNames) }
}

/// What is counted while a file is read.
#[derive(Default)]
struct Tally {
    features: Cell<usize>,
    points: Cell<usize>,
    /// Reading ended because one of them was too many.
    too_large: Cell<bool>,
    /// Some feature has a property that is a name.
    named: Cell<bool>,
}

impl Tally {
    /// Counts one more of something, and fails if that is too many.
    fn count<E: Error>(&self, counter: &Cell<usize>, most: usize) -> Result<(), E> {
        counter.set(counter.get() + 1);
        if counter.get() <= most {
            return Ok(());
        }
        self.too_large.set(true);
        Err(E::custom("too large"))
    }
}

/// A feature or a collection, whichever it says that it is.
struct Read {
    kind: String,
    row: Row,
    features: Option<Vec<Row>>,
}

/// Reads an object: the file's own, or one within a collection.
struct Object<'t> {
    tally: &'t Tally,
    within: bool,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Read;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a feature or a collection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
        let mut read = Read { kind: String::new(), row: Row::default(), features: None };
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => read.kind = map.next_value::<Plain>()?.0,
                "properties" => map.next_value_seed(Properties { tally: self.tally, row: &mut read.row })?,
                "geometry" => read.row.boundary = map.next_value_seed(Geometry { tally: self.tally })?,
                "features" if !self.within => {
                    read.features = Some(map.next_value_seed(Features { tally: self.tally })?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(read)
    }
}

/// Reads the features of a collection.
struct Features<'t> {
    tally: &'t Tally,
}

impl<'de> DeserializeSeed<'de> for Features<'_> {
    type Value = Vec<Row>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Row>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_> {
    type Value = Vec<Row>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Row>, A::Error> {
        let mut rows = Vec::new();
        while let Some(read) = list.next_element_seed(Object { tally: self.tally, within: true })? {
            self.tally.count(&self.tally.features, MOST_UNITS)?;
            if read.kind != "Feature" {
                return Err(Error::custom("not a feature"));
            }
            rows.push(Row { line: rows.len() + 1, ..read.row });
        }
        Ok(rows)
    }
}

/// Reads the properties of a feature into its row; there may be none.
struct Properties<'t> {
    tally: &'t Tally,
    row: &'t mut Row,
}

impl<'de> DeserializeSeed<'de> for Properties<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Properties<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("properties or null")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let Some((column, place)) = Column::read(&key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            self.row.put(column, place, &map.next_value::<Plain>()?.0);
            if column == Column::Name {
                self.tally.named.set(true);
            }
        }
        Ok(())
    }
}

/// A text, or the digits of a number; nothing in place of anything else.
struct Plain(String);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Plain, E> {
        Ok(Plain(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Plain, E> {
        Ok(Plain(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Plain, E> {
        Ok(Plain(number.to_string()))
    }

    /// Some programs write every number with a point: 4792.0 is 4792.
    fn visit_f64<E: Error>(self, number: f64) -> Result<Plain, E> {
        Ok(Plain(number.to_string()))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Plain, E> {
        Ok(Plain(String::new()))
    }

    fn visit_unit<E: Error>(self) -> Result<Plain, E> {
        Ok(Plain(String::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Plain, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Plain(String::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Plain, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Plain(String::new()))
    }
}

/// Reads a geometry as it is stored, or what is broken of it; nothing for null.
struct Geometry<'t> {
    tally: &'t Tally,
}

impl<'de> DeserializeSeed<'de> for Geometry<'_> {
    type Value = Option<Result<String, String>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Geometry<'_> {
    type Value = Option<Result<String, String>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a geometry or null")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut kind = String::new();
        let mut coordinates = Coordinates::Other;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => kind = map.next_value::<Plain>()?.0,
                "coordinates" => coordinates = map.next_value_seed(CoordinatesSeed { tally: self.tally, depth: 0 })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Some(write_geometry(&kind, &coordinates)))
    }
}

/// The coordinates of a geometry, of whatever shape.
enum Coordinates {
    Number(f64),
    List(Vec<Coordinates>),
    /// What coordinates cannot be.
    Other,
}

/// Reads coordinates at this depth of lists.
struct CoordinatesSeed<'t> {
    tally: &'t Tally,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for CoordinatesSeed<'_> {
    type Value = Coordinates;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Coordinates, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for CoordinatesSeed<'_> {
    type Value = Coordinates;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("coordinates")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Coordinates, E> {
        Ok(Coordinates::Number(number))
    }

    // Whole degrees are exact; what is too large to be is not on Earth.
    fn visit_u64<E: Error>(self, number: u64) -> Result<Coordinates, E> {
        Ok(Coordinates::Number(u32::try_from(number).map_or(f64::MAX, f64::from)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Coordinates, E> {
        Ok(Coordinates::Number(i32::try_from(number).map_or(f64::MIN, f64::from)))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Coordinates, E> {
        Ok(Coordinates::Other)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Coordinates, E> {
        Ok(Coordinates::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Coordinates, E> {
        Ok(Coordinates::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Coordinates, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Coordinates::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Coordinates, A::Error> {
        if self.depth >= MOST_DEPTH {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Coordinates::Other);
        }
        let mut items = Vec::new();
        let (mut lists, mut others) = (0, 0);
        let inner = || CoordinatesSeed { tally: self.tally, depth: self.depth + 1 };
        while let Some(item) = list.next_element_seed(inner())? {
            if matches!(item, Coordinates::List(_)) {
                lists += 1;
            } else {
                others += 1;
            }
            // One number more than there may be is kept, so that it shows.
            if others <= MOST_NUMBERS + 1 {
                items.push(item);
            }
        }
        if lists == 0 {
            self.tally.count(&self.tally.points, MOST_POINTS)?;
        }
        Ok(Coordinates::List(items))
    }
}

/// A geometry as it is stored, or what is broken of it.
fn write_geometry(kind: &str, coordinates: &Coordinates) -> Result<String, String> {
    let mut json = format!("{{\"type\":\"{kind}\",\"coordinates\":");
    match kind {
        "Polygon" => write_polygon(&mut json, coordinates)?,
        "MultiPolygon" => write_list(&mut json, coordinates, 1, write_polygon)?,
        _ => return Err(clean(kind)),
    }
    json.push('}');
    Ok(json)
}

/// What writes a part of a geometry, or tells what is broken of it.
type Part = fn(&mut String, &Coordinates) -> Result<(), String>;

/// Writes a list of at least so many parts.
fn write_list(json: &mut String, coordinates: &Coordinates, least: usize, part: Part) -> Result<(), String> {
    let Coordinates::List(items) = coordinates else { return Err(show(coordinates)) };
    if items.len() < least {
        return Err(show(coordinates));
    }
    for (at, item) in items.iter().enumerate() {
        json.push(if at == 0 { '[' } else { ',' });
        part(json, item)?;
    }
    json.push(']');
    Ok(())
}

fn write_polygon(json: &mut String, coordinates: &Coordinates) -> Result<(), String> {
    write_list(json, coordinates, 1, write_ring)
}

fn write_ring(json: &mut String, coordinates: &Coordinates) -> Result<(), String> {
    write_list(json, coordinates, 4, write_position)?;
    let Coordinates::List(positions) = coordinates else { return Ok(()) };
    let begin = positions.first().and_then(position);
    if begin.is_some() && begin == positions.last().and_then(position) { Ok(()) } else { Err(show(coordinates)) }
}

fn write_position(json: &mut String, coordinates: &Coordinates) -> Result<(), String> {
    let (longitude, latitude) = position(coordinates).ok_or_else(|| show(coordinates))?;
    // Writing into a text cannot fail.
    let _ = write!(json, "[{longitude},{latitude}]");
    Ok(())
}

/// To 5 decimals, and without the sign that a zero may have.
fn round(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5 + 0.0
}

/// Longitude and latitude of a place on Earth, rounded.
fn position(coordinates: &Coordinates) -> Option<(f64, f64)> {
    let Coordinates::List(items) = coordinates else { return None };
    let number = |item: &Coordinates| match item {
        Coordinates::Number(number) if number.is_finite() => Some(*number),
        _ => None,
    };
    let numbers: Vec<f64> = items.iter().map_while(number).collect();
    let [longitude, latitude, ..] = numbers.as_slice() else { return None };
    let whole = numbers.len() == items.len() && items.len() <= MOST_NUMBERS;
    let on_earth = longitude.abs() <= 180.0 && latitude.abs() <= 90.0;
    (whole && on_earth).then(|| (round(*longitude), round(*latitude)))
}

/// The beginning of coordinates, for people.
fn show(coordinates: &Coordinates) -> String {
    match coordinates {
        Coordinates::Number(number) if number.abs() < 1e15 => number.to_string(),
        Coordinates::Number(number) => format!("{number:e}"),
        Coordinates::List(items) => {
            let items: Vec<String> = items.iter().take(MOST_NUMBERS + 1).map(show).collect();
            format!("[{}]", items.join(", "))
        }
        Coordinates::Other => "?".to_owned(),
    }
}
