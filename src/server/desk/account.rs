//! Accounts and units, for administrators.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, form_errors, hidden, input};
use crate::domain::account::Role;
use crate::domain::error::AppError;
use crate::domain::time::Instant;
use crate::server::db::desk::unit::UnitRow;
use crate::server::services::account::{self as service, AskedRole, ListedAccount};
use crate::server::state::AppState;
use crate::text::Text;

/// What the page says besides the lists.
#[derive(Clone, Debug, Default)]
struct Told {
    error: Option<AppError>,
    done: bool,
    /// A one-time link that was just made, with the account's name.
    link: Option<(String, String)>,
    /// What was typed into the form for a new account.
    typed: Fields,
}

/// The name of a role.
pub fn role_name(role: Role, t: Text) -> &'static str {
    match role {
        Role::Editor => t.role_editor(),
        Role::Publisher => t.role_publisher(),
        Role::Moderator => t.role_moderator(),
        Role::CampaignOfficer => t.role_campaign_officer(),
        Role::UnitContributor => t.role_unit_contributor(),
        Role::Administrator => t.role_administrator(),
    }
}

/// GET: the accounts.
pub async fn show(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let done = uri.query().is_some_and(|query| query == "xong");
    desk.end(page(&desk, &state, StatusCode::OK, &Told { done, ..Told::default() }).await)
}

async fn page(desk: &Desk, state: &AppState, status: StatusCode, told: &Told) -> Result<Response, AppError> {
    let (accounts, units) = service::list_accounts(&state.store, &desk.actor()).await?;
    let needed = service::list_second_step_roles(&mut state.store.db.read().await?).await?;
    let t = desk.t();
    let action = desk.href("/quan-tri/tai-khoan");
    let content = html! {
        h1 { (t.desk_accounts()) }
        @if told.done { p class="flash flash--good" role="status" { (t.done()) } }
        @if let Some((name, link)) = &told.link {
            div class="flash flash--good" role="status" {
                p { (t.link_made(name)) }
                p { code class="secret" data-copy=(t.share_copy()) data-copied=(t.copied()) { (link) } }
            }
        }
        (form_errors(told.error.as_ref(), t))
        ul class="desk-list" {
            @for listed in &accounts { (account_item(desk, listed, &units, &action)) }
        }
        section aria-labelledby="them" {
            h2 id="them" class="section-title" { (t.add_account()) }
            form method="post" action=(action) {
                (hidden("viec", "them"))
                (input(&Input { id: "ten-dang-nhap", name: "name", label: t.account_name(), value: told.typed.get("name"), hint: t.account_name_hint(), required: true, ..Input::default() }))
                (input(&Input { id: "ten-hien", name: "display_name", label: t.display_name(), value: told.typed.get("display_name"), ..Input::default() }))
                @let asked = if told.typed.get("viec") == "them" { asked_roles(&told.typed) } else { Vec::new() };
                @let of = |slug: &str| units.iter().find(|unit| unit.slug == slug).map(|unit| unit.id);
                @let held: Vec<(&str, Option<i64>)> = asked.iter().map(|asked| (asked.role.code(), asked.unit.as_deref().and_then(of))).collect();
                (roles_field("vai-tro-moi", &held, &units, t))
                div class="form-actions" { button class="button" type="submit" { (t.add_account()) } }
            }
        }
        section aria-labelledby="hai-buoc-vai-tro" {
            h2 id="hai-buoc-vai-tro" class="section-title" { (t.second_step_roles()) }
            form method="post" action=(action) {
                (hidden("viec", "hai-buoc"))
                fieldset class="choices" {
                    legend { (t.second_step_roles_hint()) }
                    @for role in Role::ALL {
                        label { input type="checkbox" name="role" value=(role.code()) checked[needed.contains(&role)]; " " (role_name(role, t)) }
                    }
                }
                div class="form-actions" { button class="button" type="submit" { (t.save()) } }
            }
        }
    };
    Ok(desk.page_with(status, t.desk_accounts(), Extra::default(), &content))
}

fn account_item(desk: &Desk, listed: &ListedAccount, units: &[UnitRow], action: &str) -> Markup {
    let t = desk.t();
    let account = &listed.account;
    let unit_name = |id: i64| units.iter().find(|unit| unit.id == id).map_or("?", |unit| unit.name.as_str());
    let summary: Vec<String> = listed
        .roles
        .iter()
        .filter_map(|row| {
            let role = role_name(Role::parse(&row.role)?, t);
            Some(row.unit_id.map_or_else(|| role.to_owned(), |unit| format!("{role} ({})", unit_name(unit))))
        })
        .collect();
    html! {
        li class="desk-account" {
            details {
                summary {
                    strong { (account.display_name) } " " span class="hint" { (account.name) }
                    @if account.disabled_at.is_some() { " " span class="badge badge--bad" { (t.disabled()) } }
                    @if account.password_hash.is_empty() { " " span class="badge" { (t.no_password_yet()) } }
                    @if account.totp_confirmed_at.is_some() { " " span class="badge" { (t.second_step()) } }
                    br; span class="hint" { @if summary.is_empty() { (t.no_role()) } @else { (summary.join(", ")) } }
                }
                form method="post" action=(action) {
                    (hidden("viec", "sua")) (hidden("name", &account.name))
                    (input(&Input { id: &format!("ten-{}", account.id), name: "display_name", label: t.display_name(), value: &account.display_name, ..Input::default() }))
                    (roles_field(&format!("vai-tro-{}", account.id), &listed.roles.iter().map(|row| (row.role.as_str(), row.unit_id)).collect::<Vec<_>>(), units, t))
                    div class="form-actions" { button class="button" type="submit" { (t.save()) } }
                }
                form method="post" action=(action) class="form-actions" {
                    (hidden("name", &account.name))
                    button class="button button--quiet" name="viec" value="lien-ket" { (t.make_link()) }
                    @if account.totp_confirmed_at.is_some() { button class="button button--quiet" name="viec" value="bo-hai-buoc" { (t.second_step_reset()) } }
                    @if account.disabled_at.is_some() { button class="button button--quiet" name="viec" value="mo" { (t.enable_account()) } }
                    @else { button class="button button--quiet" name="viec" value="khoa" { (t.disable_account()) } }
                }
                p class="hint" { (t.account_added(Instant(account.created_at).day(desk.lang))) }
            }
        }
    }
}

/// For each role: nowhere, everywhere, or in one unit.
fn roles_field(id: &str, held: &[(&str, Option<i64>)], units: &[UnitRow], t: Text) -> Markup {
    html! {
        fieldset class="roles" {
            legend { (t.roles()) }
            @for role in Role::ALL {
                @let own: Vec<Option<i64>> = held.iter().filter(|(code, _)| *code == role.code()).map(|(_, unit)| *unit).collect();
                @let places = if own.is_empty() { vec![None] } else { own.iter().map(|unit| Some(*unit)).collect() };
                @for (number, place) in places.iter().enumerate() {
                    div class="role" {
                        label for=(format!("{id}-{}-{number}", role.code())) { (role_name(role, t)) }
                        select id=(format!("{id}-{}-{number}", role.code())) name=(role.code()) {
                            option value="-" selected[place.is_none()] { (t.role_nowhere()) }
                            option value="" selected[*place == Some(None)] { (t.role_everywhere()) }
                            @for unit in units { option value=(unit.slug) selected[*place == Some(Some(unit.id))] { (t.role_in(&unit.name)) } }
                        }
                    }
                }
            }
        }
    }
}

fn asked_roles(fields: &Fields) -> Vec<AskedRole> {
    let mut asked = Vec::new();
    for role in Role::ALL {
        for value in fields.all(role.code()).filter(|value| *value != "-") {
            asked.push(AskedRole { role, unit: (!value.is_empty()).then(|| value.to_owned()) });
        }
    }
    asked
}

/// POST: one of the page's forms.
pub async fn take(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    let (store, actor, name) = (&state.store, desk.actor(), fields.get("name"));
    let link = |token: String| {
        let path = desk.href(&format!("/dang-nhap/lien-ket/{token}"));
        Some((name.to_owned(), format!("{}{path}", state.base_url)))
    };
    let mut told = Told::default();
    let done = match fields.get("viec") {
        "them" => {
            let added =
                service::add_account(store, &actor, name, fields.get("display_name"), &asked_roles(&fields)).await;
            added.map(|token| told.link = link(token))
        }
        "sua" => service::change_account(store, &actor, name, fields.get("display_name"), &asked_roles(&fields)).await,
        "lien-ket" => service::make_link(store, &actor, name).await.map(|token| told.link = link(token)),
        "bo-hai-buoc" => service::reset_second_step(store, &actor, name).await,
        "khoa" => service::disable_account(store, &actor, name, true).await,
        "mo" => service::disable_account(store, &actor, name, false).await,
        "hai-buoc" => {
            let roles: Vec<Role> = fields.all("role").filter_map(Role::parse).collect();
            service::set_second_step_roles(store, &actor, &roles).await
        }
        _ => Err(AppError::BadAddress),
    };
    match done {
        Ok(()) if told.link.is_none() => desk.redirect("/quan-tri/tai-khoan?xong"),
        Ok(()) => desk.end(page(&desk, &state, StatusCode::OK, &told).await),
        Err(AppError::Forbidden) => desk.failure(&AppError::Forbidden),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            told.error = Some(error);
            told.typed = fields.clone();
            desk.end(page(&desk, &state, status, &told).await)
        }
    }
}
