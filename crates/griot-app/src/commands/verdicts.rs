//! What each network will make of a draft, and what one press can do about a problem. Nothing is saved here.

use std::collections::BTreeMap;
use std::sync::Arc;

use griot_domain::rules::Rules;
use griot_domain::verdict::remedy::{Patch, Remedy, remedies};
use griot_domain::verdict::{Draft, DraftMedia, Level, Problem, Verdict, judge};
use griot_domain::{Account, Asset, AssetId, Attachment, Content, Effective, Lang};
use griot_store::assets;

use super::costs::{self, Calendar};
use super::endings::Eyes;
use super::preview::preview;
use crate::Code;
use crate::failure::Failure;
use crate::library::import;
use crate::looks::Looks;
use crate::renditions;
use crate::studio::{Studio, Workspace};
use crate::wire::posts::OneContent;
use crate::wire::verdicts::{ApplyRemedy, CheckPost, PostCheck, PostChecks, PostProblem, RemedyView};

/// How the remedy of a medium that has gone is called, before its place.
const TAKE_OUT: &str = "take_out_gone_";

pub(super) fn check(studio: &Arc<Studio>, request: CheckPost) -> Result<PostChecks, Failure> {
    let workspace = studio.workspace()?;
    let accounts = workspace.store.read(|r| -> Result<Vec<Account>, Failure> {
        request.to.iter().map(|id| super::account(r, *id)).collect()
    })?;
    let shelf = Shelf::of(&workspace, &request.content)?;
    let lang = studio.lang();
    let calendar = Calendar::of(studio, &workspace)?;
    let eyes = Eyes::of(studio, &workspace)?;
    let due = eyes.due(&request);
    let checks = accounts.iter().map(|account| {
        let laid = shelf.lay(account, &request.content);
        let cost = match costs::of(account, &laid.content) {
            Some(cost) => {
                let month = workspace.store.read(|r| calendar.month_of(r, account.network, None))?;
                costs::sentence(account.network, cost, &month, lang)
            }
            None => None,
        };
        let mut check = laid.check(&studio.looks, lang);
        if let Some(warning) = eyes.warning(account, due) {
            check.verdict = check.verdict.max(warning.level);
            let errors = check.problems.iter().filter(|problem| problem.level == Level::Error).count();
            check.problems.insert(errors, warning);
        }
        Ok(PostCheck { cost, ..check })
    });
    Ok(PostChecks { checks: checks.collect::<Result<_, Failure>>()? })
}

pub(super) fn remedy(studio: &Arc<Studio>, request: ApplyRemedy) -> Result<OneContent, Failure> {
    let workspace = studio.workspace()?;
    let account = workspace.store.read(|r| super::account(r, request.account))?;
    let shelf = Shelf::of(&workspace, &request.content)?;
    let laid = shelf.lay(&account, &request.content);
    let changed = laid.work_out(&request.remedy, studio.lang()).ok_or_else(no_longer)?;
    let mut content = request.content.clone();
    let variant = content.variants.entry(account.network).or_default();
    match changed {
        Changed::Text(text) => variant.text = Some(text),
        Changed::Media(media) => variant.media = Some(media),
        Changed::Field(name, None) => drop(variant.fields.remove(&name)),
        Changed::Field(name, Some(value)) => drop(variant.fields.insert(name, value)),
    }
    Ok(OneContent { content })
}

fn no_longer() -> Failure {
    Failure::say(
        Code::NotNow,
        "Cette correction ne s\u{2019}applique plus à ce brouillon. Rien n\u{2019}a été changé.",
        "This remedy no longer applies to this draft. Nothing was changed.",
        ("Regardez de nouveau ce que dit le réseau.", "Look again at what the network says."),
    )
}

/// The assets that a draft names, as far as the library has them.
struct Shelf {
    assets: BTreeMap<AssetId, Asset>,
    /// Those whose original is no longer on the disk.
    lost: Vec<AssetId>,
}

impl Shelf {
    fn of(workspace: &Workspace, content: &Content) -> Result<Self, Failure> {
        let assets = workspace.store.read(|r| -> Result<BTreeMap<AssetId, Asset>, Failure> {
            let mut found = BTreeMap::new();
            for id in content.assets() {
                found.extend(assets::get(r, id)?.map(|asset| (id, asset)));
            }
            Ok(found)
        })?;
        let gone = assets.values().filter(|asset| !import::original(workspace, asset).exists());
        let lost = gone.map(|asset| asset.id).collect();
        Ok(Self { assets, lost })
    }

    /// What `account` would get of `content`.
    fn lay<'a>(&'a self, account: &'a Account, content: &Content) -> Laid<'a> {
        let content = content.for_network(account.network);
        let mut draft =
            Draft { text: content.text.clone(), fields: content.fields.clone(), media: Vec::new() };
        let mut places = Vec::new();
        for (place, attachment) in content.media.iter().enumerate() {
            let Some(asset) = self.assets.get(&attachment.asset) else { continue };
            places.push(place);
            draft.media.push(DraftMedia {
                name: asset.name.clone(),
                facts: renditions::rules_of(account).sees(&asset.facts, &attachment.edit),
                alt: attachment.alt.clone(),
                library_alt: asset.alt.clone(),
            });
        }
        Laid { shelf: self, account, content, draft, places }
    }
}

/// What one account would get, as the rules judge it.
struct Laid<'a> {
    shelf: &'a Shelf,
    account: &'a Account,
    content: Effective,
    draft: Draft,
    /// For each medium of the draft its place in the content: a medium that has gone is in no draft.
    places: Vec<usize>,
}

/// What a remedy changes in the network's variant.
enum Changed {
    Text(String),
    Media(Vec<Attachment>),
    Field(String, Option<String>),
}

impl Laid<'_> {
    fn verdict(&self, lang: Lang) -> Verdict {
        judge(&self.draft, Rules::of(self.account.network), self.account.limits.as_ref(), lang)
    }

    fn remedies(&self, problem: &Problem, lang: Lang) -> Vec<Remedy> {
        let rules = Rules::of(self.account.network);
        remedies(problem, &self.draft, rules, self.account.limits.as_ref(), lang)
    }

    fn check(&self, looks: &Looks, lang: Lang) -> PostCheck {
        let verdict = self.verdict(lang);
        let mut problems: Vec<PostProblem> =
            self.gone().into_iter().map(|place| self.gone_problem(place, lang)).collect();
        problems.extend(verdict.problems.iter().map(|problem| self.view(problem, lang)));
        let level = problems.iter().map(|problem| problem.level).max().unwrap_or(Level::Ok);
        let media: Vec<(&Asset, &Attachment)> = self
            .content
            .media
            .iter()
            .filter_map(|shown| Some((self.shelf.assets.get(&shown.asset)?, shown)))
            .collect();
        PostCheck {
            account: self.account.id,
            network: self.account.network,
            by_hand: self.account.is_by_hand(),
            preview: preview(looks, self.account, &self.content, &verdict.text, &media),
            text: verdict.text,
            verdict: level,
            problems,
            cost: None,
        }
    }

    fn view(&self, problem: &Problem, lang: Lang) -> PostProblem {
        let offered = self.remedies(problem, lang);
        PostProblem {
            code: problem.code.clone(),
            level: problem.level,
            message: problem.message.clone(),
            fix: problem.fix.clone(),
            media: problem.medium.map(|drafted| self.content.media[self.places[drafted]].asset),
            remedies: offered.into_iter().map(|r| RemedyView { id: r.id, label: r.label }).collect(),
        }
    }

    /// The places of media that the library or the disk no longer has.
    fn gone(&self) -> Vec<usize> {
        let has = |id: &AssetId| self.shelf.assets.contains_key(id) && !self.shelf.lost.contains(id);
        let media = self.content.media.iter().enumerate();
        media.filter(|(_, shown)| !has(&shown.asset)).map(|(place, _)| place).collect()
    }

    fn gone_problem(&self, place: usize, lang: Lang) -> PostProblem {
        let id = self.content.media[place].asset;
        let (message, fix) = match self.shelf.assets.get(&id) {
            Some(Asset { name, .. }) => (
                lang.pick(
                    format!("L\u{2019}original de «\u{a0}{name}\u{a0}» n\u{2019}est plus sur ce disque."),
                    format!("The original of \u{201c}{name}\u{201d} is no longer on this disk."),
                ),
                lang.pick(
                    "Importez le fichier de nouveau, ou retirez-le de la publication.",
                    "Import the file again, or take it out of the post.",
                ),
            ),
            None => (
                lang.pick(
                    "Un média de cette publication n\u{2019}est plus dans la médiathèque.",
                    "A medium of this post is no longer in the library.",
                )
                .to_owned(),
                lang.pick("Retirez-le de la publication.", "Take it out of the post."),
            ),
        };
        PostProblem {
            code: "media_gone".to_owned(),
            level: Level::Error,
            message,
            fix: fix.to_owned(),
            media: Some(id),
            remedies: vec![RemedyView {
                id: format!("{TAKE_OUT}{place}"),
                label: lang.pick("Retirer ce média", "Take it out").to_owned(),
            }],
        }
    }

    fn work_out(&self, id: &str, lang: Lang) -> Option<Changed> {
        if let Some(place) = id.strip_prefix(TAKE_OUT) {
            let place: usize = place.parse().ok()?;
            let mut media = self.content.media.clone();
            self.gone().contains(&place).then(|| media.remove(place))?;
            return Some(Changed::Media(media));
        }
        let verdict = self.verdict(lang);
        let mut offered = verdict.problems.iter().flat_map(|problem| self.remedies(problem, lang));
        let remedy = offered.find(|remedy| remedy.id == id)?;
        let rules = Rules::of(self.account.network);
        let patch = remedy.work_out(&self.draft, rules, self.account.limits.as_ref())?;
        Some(match patch {
            Patch::Text(text) => Changed::Text(text),
            Patch::Field(name, value) => Changed::Field(name, value),
            Patch::Alt(drafted, alt) => {
                let mut media = self.content.media.clone();
                media.get_mut(*self.places.get(drafted)?)?.alt = alt;
                Changed::Media(media)
            }
            Patch::Keep(drafted) => {
                let out = |place: usize| {
                    self.places.iter().position(|p| *p == place).is_some_and(|d| !drafted.contains(&d))
                };
                let media = self.content.media.iter().enumerate().filter(|(place, _)| !out(*place));
                Changed::Media(media.map(|(_, shown)| shown.clone()).collect())
            }
        })
    }
}
