//! What a drawing would cost, counted on its text before anything is built from it: nested references grow like
//! compound interest, filters and layers touch every pixel, and deep nesting eats the stack.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use crate::{Error, Excess, OverLimit};

/// The most elements, with everything that is drawn by reference counted as often as it is drawn.
pub(super) const MOST: u32 = 200_000;
/// How deep elements and references may lie within each other.
const DEEPEST: u32 = 200;
/// Bytes that entities may become.
const MAX_EXPANDED: usize = 16 << 20;
/// What an effect on a whole layer costs, in elements, and what one that computes every pixel does.
const LAYER: u64 = 100;
const FILTER: u64 = 2000;

fn bomb(what: Excess) -> Error {
    Error::OverLimit(OverLimit::Drawing(what))
}

/// Refuses entities made of entities, and those that would unpack to too much text.
pub(super) fn entities(text: &str) -> Result<(), Error> {
    let mut longest = 0;
    let mut rest = text;
    while let Some(at) = rest.find("<!ENTITY") {
        rest = &rest[at + "<!ENTITY".len()..];
        let Some(open) = rest.find(['"', '\'', '>']) else { break };
        let quote = rest[open..].chars().next().unwrap_or('>');
        let value = &rest[open + 1..];
        let value = &value[..value.find(quote).unwrap_or(value.len())];
        if quote != '>' {
            let plain = value.split('&').skip(1).all(|after| after.starts_with('#'));
            if !plain || value.contains('<') {
                return Err(bomb(Excess::Entities));
            }
            longest = longest.max(value.len());
        }
    }
    if longest.saturating_mul(text.matches('&').count()) > MAX_EXPANDED {
        return Err(bomb(Excess::Unpacked));
    }
    Ok(())
}

/// Cost and depth of what an element draws.
type Known = HashMap<NodeId, Option<(u64, u32)>>;

struct Count<'a, 'input> {
    by_id: HashMap<&'a str, Node<'a, 'input>>,
    /// What the style sheet refers to: any element with a class may draw it.
    styled: Vec<Node<'a, 'input>>,
    known: Known,
}

/// Refuses a drawing that would cost too much.
pub(super) fn document(document: &Document<'_>) -> Result<(), Error> {
    let with_id = |node: Node<'_, '_>| node.is_element();
    let by_id: HashMap<_, _> = document
        .descendants()
        .filter(|node| with_id(*node))
        .filter_map(|node| Some((node.attribute("id")?, node)))
        .collect();
    let sheets =
        document.descendants().filter(|node| node.has_tag_name("style") || node.tag_name().name() == "style");
    let styled = sheets
        .filter_map(|node| node.text())
        .flat_map(references)
        .filter_map(|id| by_id.get(id).copied())
        .collect();
    let mut count = Count { by_id, styled, known: HashMap::new() };
    let (cost, _) = count.cost(document.root_element(), 0)?;
    if cost > u64::from(MOST) {
        return Err(bomb(Excess::Repeats));
    }
    Ok(())
}

/// The names after `#` in a value.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split('#').skip(1).map(|rest| {
        let end = rest.find([')', '"', '\'', ';', ' ', ',']).unwrap_or(rest.len());
        &rest[..end]
    })
}

impl<'a, 'input> Count<'a, 'input> {
    fn cost(&mut self, node: Node<'a, 'input>, depth: u32) -> Result<(u64, u32), Error> {
        if depth > DEEPEST {
            return Err(bomb(Excess::Nests));
        }
        match self.known.get(&node.id()) {
            Some(Some(known)) if depth + known.1 > DEEPEST => return Err(bomb(Excess::Nests)),
            Some(Some(known)) => return Ok(*known),
            // It draws itself: readers leave such a reference out.
            Some(None) => return Ok((0, 0)),
            None => {}
        }
        self.known.insert(node.id(), None);
        let mut sum = own(node);
        let mut height = 0;
        let mut below: Vec<_> = node.children().filter(Node::is_element).collect();
        for attribute in node.attributes().filter(|a| a.name() != "id") {
            let value = attribute.value();
            if attribute.name() == "class" {
                below.extend(&self.styled);
            } else if value.contains('#') && !value.starts_with("data:") {
                below.extend(references(value).filter_map(|id| self.by_id.get(id).copied()));
            }
        }
        for next in below {
            let (cost, deep) = self.cost(next, depth + 1)?;
            sum = sum.saturating_add(cost);
            height = height.max(deep + 1);
        }
        self.known.insert(node.id(), Some((sum, height)));
        Ok((sum, height))
    }
}

/// What an element costs by itself.
fn own(node: Node<'_, '_>) -> u64 {
    let name = node.tag_name().name();
    let octaves = node.attribute("numOctaves").and_then(|n| n.parse::<u64>().ok()).unwrap_or(1);
    let layers = node.attributes().filter(|a| {
        matches!(a.name(), "opacity" | "clip-path" | "mask" | "filter")
            || (a.name() == "style"
                && ["opacity", "blend", "filter", "mask"].iter().any(|w| a.value().contains(w)))
    });
    let layers = layers.count() as u64 * LAYER;
    let filter = name.starts_with("fe") && !name.starts_with("feFunc") && !name.ends_with("Node");
    1 + layers + if filter { FILTER.saturating_mul(octaves.max(1)) } else { 0 }
}
