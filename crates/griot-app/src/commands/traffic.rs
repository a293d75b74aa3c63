//! What goes up: before (forecasts), after (what was measured), and within the minutes that a line is there.

use std::sync::Arc;

use griot_domain::{Account, Delivery, DeliveryId, Op, calendar};
use griot_store::{Reader, deliveries, queue as heads, settings, standing, uploads};

use super::queue::{needs_person, title};
use super::settings::ZONE;
use super::status::link_of;
use crate::Code;
use crate::failure::Failure;
use crate::line::Line;
use crate::outbox::fitting::{self, Plan, Span, Weighed};
use crate::renditions;
use crate::studio::Studio;
use crate::transact::{Done, transact};
use crate::weights::{Scales, Weight};
use crate::wire::Nothing;
use crate::wire::traffic::{
    DayTraffic, Fitting, FittingLine, FittingRequest, PostWeight, PostWeights, Traffic, WeighPost,
};

/// The most minutes that anybody plans for: a day.
const MOST_MINUTES: u32 = 24 * 60;

pub(super) fn get(studio: &Arc<Studio>, _: Nothing) -> Result<Traffic, Failure> {
    let workspace = studio.workspace()?;
    let now = studio.ports.now();
    workspace.store.read(|r| {
        let chosen = settings::get(r, ZONE)?.and_then(|zone| zone.as_str().map(str::to_owned));
        let zone = calendar::zone_or_utc(chosen.as_deref().unwrap_or(&studio.options.zone));
        let (today, month) = (calendar::day(now, zone), calendar::month(now, zone));
        let mut days: Vec<DayTraffic> = Vec::new();
        let (mut sent_today, mut sent_month) = (0, 0);
        for (at, bytes) in uploads::within(r, &month)? {
            sent_month += bytes;
            sent_today += if today.contains(&at) { bytes } else { 0 };
            let day = calendar::date(at, zone);
            match days.last_mut().filter(|last| last.day == day) {
                Some(last) => last.bytes += bytes,
                None => days.push(DayTraffic { day, bytes }),
            }
        }
        let coming: Vec<Delivery> =
            deliveries::open(r)?.into_iter().filter(|delivery| !needs_person(delivery)).collect();
        let weights = Scales::new(r)?.still_to_go(&coming)?;
        let bytes = |weight: &Option<Weight>| weight.map_or(0, |weight| weight.bytes);
        let by_tonight = |delivery: &Delivery| delivery.due.is_none_or(|due| due < today.end);
        let tonight = coming.iter().zip(&weights).filter(|(delivery, _)| by_tonight(delivery));
        let line = Line::read(r, &*studio.ports.meter, now)?;
        Ok(Traffic {
            link: link_of(&standing::without_way_out(r)?, &line),
            metered: line.metered,
            bytes_per_second: line.bytes_per_second,
            measured: line.measured,
            sent_today,
            to_go_today: tonight.map(|(_, weight)| bytes(weight)).sum(),
            to_go: weights.iter().map(bytes).sum(),
            sent_month,
            days,
            zone: zone.name().to_owned(),
        })
    })
}

pub(super) fn weigh(studio: &Arc<Studio>, request: WeighPost) -> Result<PostWeights, Failure> {
    let workspace = studio.workspace()?;
    let accounts = workspace.store.read(|r| -> Result<Vec<Account>, Failure> {
        request.to.iter().map(|id| super::account(r, *id)).collect()
    })?;
    // Pictures are made now and found again when it is scheduled.
    renditions::weigh(studio, &workspace, &request.content, &accounts)?;
    let now = studio.ports.now();
    workspace.store.read(|r| {
        let mut scales = Scales::new(r)?;
        let mut weights = Vec::with_capacity(accounts.len());
        for account in &accounts {
            let weight = match account.is_by_hand() {
                true => None,
                false => Some(scales.of_content(account, &request.content.for_network(account.network))?),
            };
            weights.push(PostWeight {
                account: account.id,
                bytes: weight.map(|weight| weight.bytes),
                exact: weight.is_none_or(|weight| weight.exact),
            });
        }
        Ok(PostWeights {
            bytes: weights.iter().filter_map(|weight| weight.bytes).sum(),
            exact: weights.iter().all(|weight| weight.exact),
            metered: Line::read(r, &*studio.ports.meter, now)?.metered,
            weights,
        })
    })
}

pub(super) fn fits(studio: &Arc<Studio>, request: FittingRequest) -> Result<Fitting, Failure> {
    let workspace = studio.workspace()?;
    let span = span(request)?;
    workspace.store.read(|r| told(r, span, fitting::plan(r, studio.ports.now(), span)?))
}

pub(super) fn send(studio: &Arc<Studio>, request: FittingRequest) -> Result<Fitting, Failure> {
    let workspace = studio.workspace()?;
    let span = span(request)?;
    let plan = transact(studio, &workspace, Op::ReleaseDelivery, |tx| {
        fitting::send(studio, tx, span).map(Done::fixed)
    })?;
    workspace.store.read(|r| told(r, span, plan))
}

fn span(request: FittingRequest) -> Result<Span, Failure> {
    if !(1..=MOST_MINUTES).contains(&request.minutes) {
        return Err(Failure::say(
            Code::BadRequest,
            "Donnez entre une minute et une journée.",
            "Give between one minute and a day.",
            ("", ""),
        ));
    }
    Ok(Span { minutes: request.minutes, later: request.later })
}

fn told(r: &Reader<'_>, span: Span, plan: Plan) -> Result<Fitting, Failure> {
    let (bytes, kept_bytes) = (plan.bytes(), plan.kept_bytes());
    let ids: Vec<DeliveryId> = plan.goes.iter().chain(&plan.stays).map(|w| w.delivery.id).collect();
    let mut known = heads::heads(r, &ids)?;
    let mut line = |weighed: Weighed| {
        let head = known.remove(&weighed.delivery.id).unwrap_or_default();
        FittingLine {
            id: weighed.delivery.id,
            account: weighed.delivery.account,
            network: weighed.delivery.network,
            account_name: head.account,
            title: title(&head.text),
            due: weighed.delivery.due,
            bytes: weighed.bytes,
            seconds: weighed.millis.div_ceil(1000),
        }
    };
    Ok(Fitting {
        minutes: span.minutes,
        bytes_per_second: plan.bytes_per_second,
        measured: plan.measured,
        goes: plan.goes.into_iter().map(&mut line).collect(),
        bytes,
        stays: plan.stays.into_iter().map(&mut line).collect(),
        kept_bytes,
        until: plan.until,
    })
}
