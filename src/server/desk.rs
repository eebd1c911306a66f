//! The desk (*bàn làm việc*): the pages on which officials write, check, publish and moderate.
//!
//! They are plain pages with forms, rendered here and not by Leptos: an official's text is in a form that the browser
//! itself sends, so it survives whatever happens to a program, and a citizen downloads nothing of them. Scripts add what
//! forms can't do: the visual editor, saving while one writes, uploads with their progress.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use http::Method;

use super::state::AppState;
use crate::domain::account::Permission;

pub mod account;
pub mod answer;
pub mod attachment;
pub mod block;
pub mod campaign;
pub mod comment;
pub mod example;
pub mod flood;
pub mod form;
pub mod frame;
pub mod front;
pub mod guard;
pub mod history;
pub mod home;
pub mod library;
pub mod management;
pub mod mode;
pub mod moderation;
pub mod own_account;
mod own_mail;
pub mod participation;
pub mod preview;
pub mod publication;
pub mod reason;
pub mod report;
pub mod review;
pub mod rule;
pub mod sign_in;
pub mod unit;
pub mod word;
pub mod writing;

/// The largest form of the desk: a text of a megabyte beside both sides of what two people changed in it, each byte as
/// three signs.
pub const FORM_MOST: usize = 16 * 1024 * 1024;
/// The largest upload, with what stands around the file.
pub const UPLOAD_MOST: usize = 21 * 1024 * 1024;

/// So much of a larger one is read and thrown away: a browser that still sends does not read why it was refused.
pub const DRAINED_MOST: usize = 128 * 1024 * 1024;

/// Who may use a route. Services check it again, with the unit that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Everybody,
    /// Whoever has the secret link that is part of the address.
    SecretLink,
    /// Whoever has entered a password and is asked for the second step.
    SecondStep,
    /// Whoever is signed in and holds a permission somewhere.
    Needs(Permission),
}

/// A route of the desk.
#[derive(Debug)]
pub struct Route {
    /// GET or POST.
    pub method: Method,
    /// Its Vietnamese path, with places in braces; the English one stands below `/en`.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// The most bytes of a body.
    pub most: usize,
    handler: MethodRouter<AppState>,
}

fn read(path: &'static str, access: Access, handler: MethodRouter<AppState>) -> Route {
    Route { method: Method::GET, path, access, most: 0, handler }
}

fn write(path: &'static str, access: Access, handler: MethodRouter<AppState>) -> Route {
    Route { method: Method::POST, path, access, most: FORM_MOST, handler }
}

fn upload(path: &'static str, access: Access, handler: MethodRouter<AppState>) -> Route {
    Route { method: Method::POST, path, access, most: UPLOAD_MOST, handler }
}

/// Every route of the desk, each with who may use it: there is no other way to add one.
pub fn routes() -> Vec<Route> {
    use Access::{Everybody, Needs, SecondStep, SecretLink};
    use Permission::{
        AnswerComments, CheckExamples, ManageAccounts, ManageCampaigns, ManageFront, ManageUnits, ModerateComments,
        PublishAnnouncements, ReportForUnit, SeeDesk, SendExamples, WriteAnnouncements,
    };
    vec![
        read("/dang-nhap", Everybody, get(sign_in::show)),
        write("/dang-nhap", Everybody, post(sign_in::take)),
        read("/dang-nhap/hai-buoc", SecondStep, get(sign_in::show_second_step)),
        write("/dang-nhap/hai-buoc", SecondStep, post(sign_in::take_second_step)),
        read("/dang-nhap/lien-ket/{token}", SecretLink, get(sign_in::show_link)),
        write("/dang-nhap/lien-ket/{token}", SecretLink, post(sign_in::take_link)),
        write("/dang-xuat", Everybody, post(sign_in::sign_out)),
        read("/quan-tri", Needs(SeeDesk), get(home::show)),
        read("/quan-tri/toi", Needs(SeeDesk), get(own_account::show)),
        write("/quan-tri/toi", Needs(SeeDesk), post(own_account::take)),
        read("/quan-tri/tin", Needs(WriteAnnouncements), get(home::list)),
        write("/quan-tri/tin", Needs(WriteAnnouncements), post(writing::begin)),
        read("/quan-tri/sua/{slug}", Needs(WriteAnnouncements), get(writing::edit_by_slug)),
        read("/quan-tri/tin/{id}", Needs(WriteAnnouncements), get(writing::show)),
        write("/quan-tri/tin/{id}", Needs(WriteAnnouncements), post(writing::take)),
        write("/quan-tri/tin/{id}/tu-luu", Needs(WriteAnnouncements), post(writing::save_by_script)),
        write("/quan-tri/tin/{id}/dang-mo", Needs(WriteAnnouncements), post(writing::touch)),
        write("/quan-tri/tin/{id}/kiem-tra", Needs(WriteAnnouncements), post(publication::check_by_script)),
        read("/quan-tri/tin/{id}/xem-truoc", Needs(WriteAnnouncements), get(preview::show)),
        read("/quan-tri/tin/{id}/xem-truoc/trang", Needs(WriteAnnouncements), get(preview::show_page)),
        write("/quan-tri/tin/{id}/xem-truoc", Needs(WriteAnnouncements), post(preview::take)),
        read("/xem-truoc/{token}", SecretLink, get(preview::show_by_link)),
        read("/quan-tri/tin/{id}/xuat-ban", Needs(WriteAnnouncements), get(publication::show)),
        write("/quan-tri/tin/{id}/xuat-ban", Needs(WriteAnnouncements), post(publication::take)),
        read("/quan-tri/tin/{id}/lich-su", Needs(WriteAnnouncements), get(history::show)),
        write("/quan-tri/tin/{id}/lich-su", Needs(WriteAnnouncements), post(history::take)),
        read("/quan-tri/tin/{id}/so-sanh", Needs(WriteAnnouncements), get(history::compare)),
        read("/quan-tri/anh", Needs(WriteAnnouncements), get(library::show)),
        upload("/quan-tri/anh", Needs(WriteAnnouncements), post(library::take)),
        upload("/quan-tri/anh/tai-len", Needs(WriteAnnouncements), post(library::upload_by_script)),
        upload("/quan-tri/tai-lieu/tai-len", Needs(WriteAnnouncements), post(library::upload_document)),
        upload("/quan-tri/word", Needs(WriteAnnouncements), post(word::read)),
        upload("/quan-tri/word/tin-moi", Needs(WriteAnnouncements), post(word::begin)),
        upload("/quan-tri/tin/{id}/word", Needs(WriteAnnouncements), post(word::put_in)),
        read("/quan-tri/phan-hoi", Needs(ModerateComments), get(moderation::show)),
        write("/quan-tri/phan-hoi", Needs(ModerateComments), post(moderation::take)),
        read("/quan-tri/nhat-ky-kiem-duyet.csv", Needs(ModerateComments), get(moderation::log)),
        read("/quan-tri/phan-hoi/{id}", Needs(ModerateComments), get(moderation::show_context)),
        write("/quan-tri/phan-hoi/{id}/dang-mo", Needs(ModerateComments), post(moderation::touch)),
        read("/quan-tri/y-kien", Needs(ModerateComments), get(comment::show)),
        read("/quan-tri/y-kien/{id}", Needs(ModerateComments), get(comment::show_one)),
        write("/quan-tri/y-kien/{id}", Needs(ModerateComments), post(comment::take_one)),
        read("/quan-tri/ly-do", Needs(ModerateComments), get(reason::show)),
        write("/quan-tri/ly-do", Needs(ModerateComments), post(reason::take)),
        read("/quan-tri/tra-loi", Needs(AnswerComments), get(answer::show)),
        read("/quan-tri/tra-loi/{id}", Needs(AnswerComments), get(answer::show_one)),
        write("/quan-tri/tra-loi/{id}", Needs(AnswerComments), post(answer::take_one)),
        read("/quan-tri/quy-tac", Needs(ModerateComments), get(rule::show)),
        read("/quan-tri/quy-tac/moi", Needs(ModerateComments), get(rule::show_new)),
        write("/quan-tri/quy-tac/moi", Needs(ModerateComments), post(rule::take_new)),
        read("/quan-tri/quy-tac/{id}", Needs(ModerateComments), get(rule::show_one)),
        write("/quan-tri/quy-tac/{id}", Needs(ModerateComments), post(rule::take_one)),
        read("/quan-tri/che-do", Needs(ModerateComments), get(mode::show)),
        write("/quan-tri/che-do", Needs(ModerateComments), post(mode::take)),
        read("/quan-tri/che-do/{id}", Needs(ModerateComments), get(mode::show_one)),
        write("/quan-tri/che-do/{id}", Needs(ModerateComments), post(mode::take_one)),
        read("/quan-tri/gui-don/{id}", Needs(ModerateComments), get(flood::show)),
        write("/quan-tri/gui-don/{id}", Needs(ModerateComments), post(flood::take)),
        read("/quan-tri/chan", Needs(ModerateComments), get(block::show)),
        write("/quan-tri/chan", Needs(ModerateComments), post(block::take)),
        read("/quan-tri/trang-chu", Needs(ManageFront), get(front::show)),
        write("/quan-tri/trang-chu", Needs(ManageFront), post(front::take)),
        read("/quan-tri/tai-khoan", Needs(ManageAccounts), get(account::show)),
        write("/quan-tri/tai-khoan", Needs(ManageAccounts), post(account::take)),
        read("/quan-tri/thi-dua", Needs(WriteAnnouncements), get(campaign::show)),
        write("/quan-tri/thi-dua", Needs(ManageCampaigns), post(campaign::begin)),
        read("/quan-tri/thi-dua/{id}", Needs(ManageCampaigns), get(management::show)),
        write("/quan-tri/thi-dua/{id}", Needs(ManageCampaigns), post(management::take)),
        write("/quan-tri/thi-dua/{id}/so-ket", Needs(ManageCampaigns), post(review::begin)),
        read("/quan-tri/so-ket/{id}", Needs(WriteAnnouncements), get(review::show)),
        read("/quan-tri/thi-dua/{id}/bao-cao/{report}", Needs(ManageCampaigns), get(management::show_report)),
        write("/quan-tri/thi-dua/{id}/bao-cao/{report}", Needs(ManageCampaigns), post(management::take_report)),
        read("/quan-tri/tham-gia", Needs(ReportForUnit), get(participation::show)),
        read("/quan-tri/tham-gia/{id}/{slug}", Needs(ReportForUnit), get(participation::show_one)),
        upload("/quan-tri/tham-gia/{id}/{slug}", Needs(ReportForUnit), post(participation::take_one)),
        read("/quan-tri/tham-gia/{id}/{slug}/tep/{question}", Needs(ReportForUnit), get(participation::give_file)),
        upload("/quan-tri/tham-gia/{id}/{slug}/tep/{question}", Needs(ReportForUnit), post(participation::take_file)),
        read("/quan-tri/bao-cao/{id}/{period}", Needs(ReportForUnit), get(report::show)),
        upload("/quan-tri/bao-cao/{id}/{period}", Needs(ReportForUnit), post(report::take)),
        write("/quan-tri/bao-cao/{id}/{period}/tu-luu", Needs(ReportForUnit), post(report::save_by_script)),
        read("/quan-tri/bao-cao/{id}/{period}/mau", Needs(ReportForUnit), get(report::table::template)),
        upload("/quan-tri/bao-cao/{id}/{period}/bang", Needs(ReportForUnit), post(report::table::read_table)),
        upload("/quan-tri/bao-cao/{id}/{period}/tep", Needs(ReportForUnit), post(report::evidence::take_evidence)),
        // Who may see which file is known only once it is found: the service asks.
        read("/bang-chung/{id}", Everybody, get(report::evidence::give_evidence)),
        read("/quan-tri/dien-hinh", Needs(CheckExamples), get(example::show)),
        read("/quan-tri/dien-hinh/moi", Needs(SendExamples), get(example::show_form)),
        upload("/quan-tri/dien-hinh/moi", Needs(SendExamples), post(example::take_form)),
        read("/quan-tri/dien-hinh/nhan-rong", Needs(ReportForUnit), get(example::show_take_up)),
        write("/quan-tri/dien-hinh/nhan-rong", Needs(ReportForUnit), post(example::take_up)),
        read("/quan-tri/dien-hinh/{id}", Needs(CheckExamples), get(example::show_one)),
        write("/quan-tri/dien-hinh/{id}", Needs(CheckExamples), post(example::take_one)),
        read("/quan-tri/dien-hinh/{id}/anh/{n}", Needs(CheckExamples), get(example::give_picture)),
        read("/quan-tri/don-vi", Needs(ManageUnits), get(unit::show)),
        write("/quan-tri/don-vi", Needs(ManageUnits), post(unit::add)),
        read("/quan-tri/don-vi/{slug}", Needs(ManageUnits), get(unit::show_one)),
        write("/quan-tri/don-vi/{slug}", Needs(ManageUnits), post(unit::take_one)),
        upload("/quan-tri/nhap-don-vi", Needs(ManageUnits), post(unit::import)),
        read("/quan-tri/cum", Needs(ManageUnits), get(unit::show_clusters)),
        write("/quan-tri/cum", Needs(ManageUnits), post(unit::take_clusters)),
        read("/quan-tri/khan-cap", Needs(PublishAnnouncements), get(home::show_emergencies)),
    ]
}

/// The desk's part of the router: every route behind its guard, in both languages.
pub fn router(state: &AppState) -> Router<AppState> {
    let mut router = Router::new();
    for route in routes() {
        let most = if route.most == UPLOAD_MOST { DRAINED_MOST } else { route.most };
        let guarded = route
            .handler
            .layer::<_, std::convert::Infallible>(from_fn_with_state((state.clone(), route.access), guard::guard))
            .layer(DefaultBodyLimit::max(most));
        router = router.route(route.path, guarded.clone());
        router = router.route(&format!("/en{}", route.path), guarded);
    }
    router
}
