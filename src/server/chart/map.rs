//! A map of areas in shades. Neighbours share a border and are drawn with the very same points, however simple.

use std::collections::{HashMap, HashSet};

use maud::{Markup, html};
use serde_json::Value;

use super::{LETTER, WIDTH, text_width};

/// Polygons as GeoJSON has them: of each its outer ring and its holes, in degrees of longitude and latitude.
pub type Polygons = Vec<Vec<Vec<(f64, f64)>>>;

/// A point of the drawing, in tenths of its unit: whole numbers are shorter, and equal where they should be.
type Point = (i32, i32);

/// A tenth of a unit is what a coordinate is rounded to.
const TENTHS: f64 = 10.0;
/// How far, in tenths, a border may be from where it is.
const TOLERANCE: f64 = 4.0;
/// The empty edge around all areas.
const EDGE: f64 = 2.0;
/// The tallest map, where its areas stand one above another.
const TALLEST: f64 = 640.0;
/// The stripes of the sample in the legend.
const SAMPLE_STRIPES: &str = "M1 8 8 1M1 13.5 13.5 1M6.5 13.5 19 1M12 13.5 23 2.5M17.5 13.5 23 8";
/// How many shades there are.
const SHADES: usize = 5;

/// The rings of an area in the drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline(Vec<Vec<Point>>);

impl Outline {
    /// The rings as the data of a path: the first point of each as it is, the others from one to the next.
    fn path(&self) -> String {
        let mut path = String::new();
        for ring in &self.0 {
            let mut last = None;
            for &(x, y) in ring {
                match last {
                    None => path.push_str(&format!("M{x} {y}l")),
                    Some((last_x, last_y)) => write_step(&mut path, x - last_x, y - last_y),
                }
                last = Some((x, y));
            }
            path.push('z');
        }
        path
    }

    fn lowest(&self) -> i32 {
        self.0.iter().flatten().map(|point| point.1).max().unwrap_or(0)
    }
}

/// A sign parts two numbers as well as a blank.
fn write_step(path: &mut String, right: i32, down: i32) {
    for number in [right, down] {
        if number >= 0 && !path.ends_with('l') {
            path.push(' ');
        }
        path.push_str(&number.to_string());
    }
}

/// Reads a GeoJSON geometry, which is a `Polygon` or a `MultiPolygon` in degrees; anything else is nothing.
pub fn outline(geojson_geometry: &str) -> Option<Polygons> {
    let geometry: Value = serde_json::from_str(geojson_geometry).ok()?;
    let coordinates = geometry.get("coordinates")?;
    match geometry.get("type")?.as_str()? {
        "Polygon" => Some(vec![polygon(coordinates)?]),
        "MultiPolygon" => coordinates.as_array()?.iter().map(polygon).collect(),
        _ => None,
    }
}

fn polygon(coordinates: &Value) -> Option<Vec<Vec<(f64, f64)>>> {
    let ring = |ring: &Value| ring.as_array()?.iter().map(position).collect();
    coordinates.as_array()?.iter().map(ring).collect()
}

fn position(position: &Value) -> Option<(f64, f64)> {
    let (longitude, latitude) = (position.get(0)?.as_f64()?, position.get(1)?.as_f64()?);
    (longitude.abs() <= 180.0 && latitude.abs() <= 90.0).then_some((longitude, latitude))
}

/// Projects areas into the drawing and simplifies them, in the order given. What they share stays shared, and
/// none of them is lost.
pub fn fit(all: &[Polygons]) -> Vec<Outline> {
    let Some(projection) = Projection::of(all) else {
        return vec![Outline::default(); all.len()];
    };
    let areas: Vec<Vec<Vec<Point>>> = all.iter().map(|area| projection.rings(area)).collect();
    let corners = corners(areas.iter().flatten());
    areas.into_iter().map(|rings| simple_area(rings, &corners)).collect()
}

/// Degrees to tenths of a unit; a degree of longitude is as wide as it is in the middle of the map.
struct Projection {
    west: f64,
    north: f64,
    narrowing: f64,
    scale: f64,
    left: f64,
}

impl Projection {
    fn of(all: &[Polygons]) -> Option<Self> {
        let (west, north, east, south) = bounds(all)?;
        let narrowing = f64::midpoint(north, south).to_radians().cos().max(0.01);
        let (width, height) = ((east - west) * narrowing, north - south);
        let scale = ((WIDTH - 2.0 * EDGE) / width.max(1e-6)).min(TALLEST / height.max(1e-6)) * TENTHS;
        let left = (WIDTH * TENTHS - width * scale) / 2.0;
        Some(Self { west, north, narrowing, scale, left })
    }

    fn point(&self, (longitude, latitude): (f64, f64)) -> Point {
        let x = self.left + (longitude - self.west) * self.narrowing * self.scale;
        let y = EDGE * TENTHS + (self.north - latitude) * self.scale;
        (x.round() as i32, y.round() as i32)
    }

    /// The rings of an area without points that fall together, and without the last point, which is the first.
    fn rings(&self, area: &Polygons) -> Vec<Vec<Point>> {
        let ring = |ring: &Vec<(f64, f64)>| {
            let mut points: Vec<Point> = ring.iter().filter(|at| finite(at)).map(|at| self.point(*at)).collect();
            points.dedup();
            while points.len() > 1 && points.first() == points.last() {
                points.pop();
            }
            points
        };
        area.iter().flatten().map(ring).filter(|points| !points.is_empty()).collect()
    }
}

fn finite((longitude, latitude): &(f64, f64)) -> bool {
    longitude.is_finite() && latitude.is_finite()
}

/// West, north, east and south of everything.
fn bounds(all: &[Polygons]) -> Option<(f64, f64, f64, f64)> {
    let points = all.iter().flatten().flatten().flatten().filter(|at| finite(at));
    points.fold(None, |bounds, &(x, y)| {
        let (west, north, east, south) = bounds.unwrap_or((x, y, x, y));
        Some((x.min(west), y.max(north), x.max(east), y.min(south)))
    })
}

/// The points where more than two borders meet. Between them a border is the same for both its sides.
fn corners<'a>(rings: impl Iterator<Item = &'a Vec<Point>>) -> HashSet<Point> {
    let mut neighbours: HashMap<Point, Vec<Point>> = HashMap::new();
    for ring in rings {
        for (one, other) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            for (here, there) in [(*one, *other), (*other, *one)] {
                let known = neighbours.entry(here).or_default();
                if !known.contains(&there) {
                    known.push(there);
                }
            }
        }
    }
    neighbours.into_iter().filter(|(_, known)| known.len() != 2).map(|(point, _)| point).collect()
}

/// An area with simple rings. Where nothing would remain, it is left as it is, or shown as a speck.
fn simple_area(rings: Vec<Vec<Point>>, corners: &HashSet<Point>) -> Outline {
    let simple: Vec<_> = rings.iter().map(|ring| simple_ring(ring, corners)).filter(|ring| ring.len() > 2).collect();
    if !simple.is_empty() {
        return Outline(simple);
    }
    let Some(longest) = rings.into_iter().max_by_key(Vec::len) else { return Outline::default() };
    match longest[..] {
        [(x, y)] | [(x, y), _] => Outline(vec![vec![(x - 5, y + 4), (x + 5, y + 4), (x, y - 5)]]),
        _ => Outline(vec![longest]),
    }
}

/// A ring whose borders are simplified one by one.
fn simple_ring(ring: &[Point], corners: &HashSet<Point>) -> Vec<Point> {
    let start = ring.iter().position(|point| corners.contains(point)).or_else(|| place_of_least(ring));
    let Some(start) = start else { return Vec::new() };
    let turned = ring[start..].iter().chain(&ring[..=start]).copied();
    let mut simple = Vec::new();
    let mut border: Vec<Point> = Vec::new();
    for point in turned {
        border.push(point);
        if border.len() > 1 && corners.contains(&point) {
            append_simple(&mut simple, &border);
            border = vec![point];
        }
    }
    if border.len() > 1 {
        append_simple(&mut simple, &border);
    }
    simple
}

fn place_of_least(ring: &[Point]) -> Option<usize> {
    ring.iter().enumerate().min_by_key(|(_, point)| **point).map(|(place, _)| place)
}

/// Adds a border but for its last point, with which the next one begins. It is simplified in a direction that does
/// not depend on the side one comes from.
fn append_simple(simple: &mut Vec<Point>, border: &[Point]) {
    let mut border = border.to_vec();
    let backward = border.iter().gt(border.iter().rev());
    if backward {
        border.reverse();
    }
    let mut kept = simplify(&border);
    if backward {
        kept.reverse();
    }
    kept.pop();
    simple.append(&mut kept);
}

/// Douglas and Peucker: of what lies between two points the farthest is kept, as long as it is far enough.
fn simplify(border: &[Point]) -> Vec<Point> {
    let Some(last) = border.len().checked_sub(1) else { return Vec::new() };
    let mut kept = vec![false; border.len()];
    kept[0] = true;
    kept[last] = true;
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let between = (from + 1..to).map(|place| (place, distance(border[place], border[from], border[to])));
        let Some((place, far)) = between.max_by(|one, other| one.1.total_cmp(&other.1)) else { continue };
        if far > TOLERANCE {
            kept[place] = true;
            open.push((from, place));
            open.push((place, to));
        }
    }
    border.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

/// How far a point is from the straight way between two others.
fn distance(point: Point, from: Point, to: Point) -> f64 {
    let away = |to: Point| (f64::from(to.0) - f64::from(from.0), f64::from(to.1) - f64::from(from.1));
    let ((x, y), (way_x, way_y)) = (away(point), away(to));
    let length = way_x * way_x + way_y * way_y;
    let along = if length > 0.0 { ((x * way_x + y * way_y) / length).clamp(0.0, 1.0) } else { 0.0 };
    (x - along * way_x).hypot(y - along * way_y)
}

/// An area of a map.
#[derive(Clone, Copy, Debug)]
pub struct Area<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where more is said of it.
    pub href: Option<&'a str>,
    /// Its value as it is read.
    pub value_text: &'a str,
    /// Its shade: 0 is no data, 1 the lightest, 5 the darkest.
    pub class: usize,
    /// Where it is.
    pub geometry: &'a Outline,
}

/// A map with its legend. Whoever points at an area or comes to it with the keyboard reads its name and value below.
pub fn commune_map(id: &str, title: &str, description: &str, areas: &[Area<'_>], legend: &[(usize, String)]) -> Markup {
    let lowest = areas.iter().map(|area| area.geometry.lowest()).max().unwrap_or(0);
    let line = (f64::from(lowest) / TENTHS + EDGE).ceil() + LETTER + 4.0;
    html! {
        div class="chart commune-map" {
            svg role="group" viewBox=(format!("0 0 {WIDTH} {}", line + 6.0)) width=(WIDTH) height=(line + 6.0)
                aria-labelledby={ (id) "-title" } aria-describedby={ (id) "-description" } {
                title id={ (id) "-title" } { (title) }
                desc id={ (id) "-description" } { (description) }
                defs { (no_data_pattern(id)) }
                @for area in areas { (area_view(id, area, line)) }
            }
            (map_legend(legend))
        }
    }
}

fn area_view(id: &str, area: &Area<'_>, line: f64) -> Markup {
    let text = format!("{}: {}", area.name, area.value_text);
    // A long text is squeezed rather than cut off.
    let length = (text_width(&text) > WIDTH).then_some(WIDTH);
    let drawn = html! {
        title { (text) }
        path class=(shade_class(area.class)) transform="scale(.1)" d=(area.geometry.path())
            fill=[(shade(area.class) == 0).then(|| format!("url(#{id}-no-data)"))] {}
        text aria-hidden="true" x="2" y=(line) textLength=[length]
            lengthAdjust=[length.map(|_| "spacingAndGlyphs")] { (text) }
    };
    html! {
        @match area.href {
            Some(href) => a href=(href) { (drawn) },
            None => g { (drawn) },
        }
    }
}

/// Stripes in tenths of a unit, like the areas that have them.
fn no_data_pattern(id: &str) -> Markup {
    html! {
        pattern id={ (id) "-no-data" } width="40" height="40" patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)" {
            rect class="area-stripe" width="9" height="40" {}
        }
    }
}

fn shade(class: usize) -> usize {
    if class > SHADES { 0 } else { class }
}

fn shade_class(class: usize) -> String {
    format!("area-{}", shade(class))
}

/// What the shades of a map mean.
pub fn map_legend(classes: &[(usize, String)]) -> Markup {
    html! {
        ul class="chart-legend map-legend" {
            @for (class, text) in classes {
                li {
                    svg viewBox="0 0 24 14" width="24" height="14" aria-hidden="true" {
                        rect class={ (shade_class(*class)) " area-sample" } x=".5" y=".5" width="23" height="13" {}
                        @if shade(*class) == 0 { path class="area-stripes" d=(SAMPLE_STRIPES) {} }
                    }
                    " " (text)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Polygons {
        vec![vec![vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]]]
    }

    /// A ragged border from north to south, at a longitude.
    fn ragged() -> Vec<(f64, f64)> {
        (0..200).map(|place| (105.5 + f64::from(place * 7919 % 13) * 2e-4, 22.0 - f64::from(place) * 5e-3)).collect()
    }

    fn edges(outline: &Outline) -> HashSet<(Point, Point)> {
        let ring = &outline.0[0];
        let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
        pairs.map(|(one, other)| (*one.min(other), *one.max(other))).collect()
    }

    #[test]
    fn a_polygon_and_a_multipolygon_are_read_and_nothing_else() {
        let ring = "[[[105,21],[106,21],[106,22],[105,21]]]";
        let read =
            |kind: &str, coordinates: &str| outline(&format!(r#"{{"type":"{kind}","coordinates":{coordinates}}}"#));
        assert_eq!(read("Polygon", ring).unwrap()[0][0][2], (106.0, 22.0));
        assert_eq!(read("MultiPolygon", &format!("[{ring},{ring}]")).unwrap().len(), 2);
        assert_eq!(read("MultiPolygon", "[]"), Some(vec![]));
        for (kind, coordinates) in
            [("Point", "[1,2]"), ("Polygon", "[[[1]]]"), ("Polygon", "7"), ("Polygon", "[[[1e9,2]]]")]
        {
            assert_eq!(read(kind, coordinates), None);
        }
        assert!(outline("{").is_none() && outline("null").is_none());
    }

    #[test]
    fn neighbours_keep_the_same_border() {
        let (border, mut back) = (ragged(), ragged());
        back.reverse();
        let west: Vec<_> = [(105.0, 22.0)].into_iter().chain(border).chain([(105.0, 21.005)]).collect();
        let east: Vec<_> = [(106.0, 21.005)].into_iter().chain(back).chain([(106.0, 22.0)]).collect();
        let fitted = fit(&[vec![vec![west]], vec![vec![east]]]);
        let (west, east) = (edges(&fitted[0]), edges(&fitted[1]));
        assert!(west.len() < 190);
        assert_eq!((west.difference(&east).count(), east.difference(&west).count()), (3, 3));
    }

    #[test]
    fn an_area_inside_another_fills_its_hole() {
        let round: Vec<(f64, f64)> = (0..90)
            .map(|at| f64::from(at) * 4_f64.to_radians())
            .map(|at| (105.5 + at.cos() / 9.0, 21.5 + at.sin() / 9.0))
            .collect();
        let hole: Vec<_> = round.iter().rev().copied().collect();
        let mut around = square(105.0, 21.0, 1.0);
        around[0].push(hole);
        let fitted = fit(&[around, vec![vec![round[40..].iter().chain(&round[..40]).copied().collect()]]]);
        let hole: HashSet<_> = fitted[0].0[1].iter().collect();
        assert!(hole.len() < 60);
        assert_eq!(hole, fitted[1].0[0].iter().collect());
    }

    #[test]
    fn everything_is_inside_the_drawing_and_nothing_is_lost() {
        let all =
            [square(105.0, 21.0, 0.5), square(105.2, 20.2, 1e-5), square(104.0, 20.0, 0.002), square(105.9, 21.0, 0.1)];
        let fitted = fit(&all);
        for outline in &fitted {
            assert!(outline.0[0].len() > 2);
            assert!(
                outline.0.iter().flatten().all(|(x, y)| (0..=3600).contains(x) && (0..=6500).contains(y)),
                "{outline:?}"
            );
        }
    }

    #[test]
    fn odd_geometry_breaks_nothing() {
        let odd = [
            vec![],
            vec![vec![]],
            vec![vec![vec![]]],
            vec![vec![vec![(f64::NAN, 1.0)]]],
            square(f64::INFINITY, 0.0, 1.0),
            square(105.0, 21.0, 0.0),
            square(0.0, 90.0, 0.0),
            vec![vec![vec![(1.0, 2.0), (3.0, 4.0)]]],
        ];
        for count in 0..=odd.len() {
            let fitted = fit(&odd[..count]);
            assert_eq!(fitted.len(), count);
            let area = |geometry| Area { name: "A", href: None, value_text: "–", class: 9, geometry };
            let areas: Vec<_> = fitted.iter().map(area).collect();
            let map = commune_map("ban-do", "Bản đồ", "", &areas, &[]).into_string();
            assert!(!map.contains("NaN") && !map.contains("inf"), "{map}");
        }
        assert_eq!(fit(&odd).iter().filter(|outline| !outline.0.is_empty()).count(), 3);
    }

    #[test]
    fn a_path_is_short() {
        let outline = Outline(vec![vec![(10, 20), (13, 20), (8, 24)], vec![(0, 0), (-1, 1), (5, 5)]]);
        assert_eq!(outline.path(), "M10 20l3 0-5 4zM0 0l-1 1 6 4z");
    }

    #[test]
    fn an_area_is_a_link_with_its_name_and_value() {
        let fitted = fit(&[square(105.0, 21.0, 1.0)]);
        let area =
            Area { name: "Bạch Hạc", href: Some("/xa?a&b"), value_text: "< 5", class: 3, geometry: &fitted[0] };
        let map = commune_map("ban-do", "Bản đồ", "Theo xã", &[area], &[(3, "20–40".to_owned())]).into_string();
        assert!(map.contains(r#"<a href="/xa?a&amp;b"><title>Bạch Hạc: &lt; 5</title><path class="area-3""#), "{map}");
        assert!(map.contains(r#"role="group""#) && map.contains("20–40"), "{map}");
    }

    #[test]
    fn no_data_is_striped() {
        let fitted = fit(&[square(105.0, 21.0, 1.0)]);
        let area = Area { name: "A", href: None, value_text: "–", class: 0, geometry: &fitted[0] };
        let map = commune_map("ban-do", "Bản đồ", "", &[area], &[]).into_string();
        assert!(
            map.contains(r##"fill="url(#ban-do-no-data)""##) && map.contains(r#"<pattern id="ban-do-no-data""#),
            "{map}"
        );
    }
}
