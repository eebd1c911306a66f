//! One announcement with its discussion.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api::announcement::read_announcement;
use crate::components::comment::{Discussion, RefusedForm};
use crate::components::escape::{CleanHtml, JsonLd};
use crate::components::head::{PageHead, absolute, use_lang};
use crate::components::teaser::{PictureView, TeaserList, TeaserStyle, lang_of};
use crate::domain::announcement::{Announcement, AnnouncementPage as Page, ChangeNote, Figure, Teaser};
use crate::domain::html::percent_encode;
use crate::domain::lang::Lang;
use crate::pages::loaded;
use crate::text::Text;

/// `/tin/{slug}`.
#[component]
pub fn AnnouncementPage() -> impl IntoView {
    let lang = use_lang();
    let refused = SharedValue::new(|| use_context::<RefusedForm>().unwrap_or_default()).into_inner();
    let (params, query) = (use_params_map(), use_query_map());
    let source = move || {
        let slug = params.read().get("slug").unwrap_or_default();
        (slug, query.read().get("thu-tu"), query.read().get("tu"))
    };
    let data = Resource::new(source, |(slug, order, after)| read_announcement(slug, order, after));
    loaded(data, move |page| view! { <PageView page lang refused=refused.clone() /> }.into_any())
}

#[component]
fn PageView(page: Page, lang: Lang, refused: RefusedForm) -> impl IntoView {
    let t = Text(lang);
    let announcement = page.announcement;
    let path = format!("/tin/{}", announcement.slug);
    let picture = announcement
        .figure
        .as_ref()
        .and_then(|figure| figure.picture.as_ref())
        .map(|picture| picture.fallback.url.clone());
    let json = json_ld(&announcement, &path, picture.as_deref());
    view! {
        <PageHead
            title=announcement.title.clone()
            description=announcement.lead.clone()
            path=path.clone()
            picture=picture.unwrap_or_default()
            kind="article"
        />
        <JsonLd json />
        <nav class="breadcrumb" aria-label=t.breadcrumb()>
            <ol>
                <li><a href=lang.href("/")>{t.home()}</a></li>
                <li><a href=lang.href("/tin")>{t.list_title()}</a></li>
            </ol>
        </nav>
        <div class="columns">
            <div class="columns-main">
                <ArticleView announcement lang />
                <Discussion comments=page.comments path refused />
            </div>
            <div class="columns-side">
                <Aside class="others" id="cac-tin-khac" title=t.others() items=page.others />
                <Aside class="newest" id="moi-nhat" title=t.latest() items=page.newest />
            </div>
        </div>
    }
}

#[component]
fn Aside(class: &'static str, id: &'static str, title: &'static str, items: Vec<Teaser>) -> impl IntoView {
    view! {
        <aside class=class aria-labelledby=id>
            <h2 class="section-title" id=id>{title}</h2>
            <TeaserList items style=TeaserStyle::Small />
        </aside>
    }
    .into_any()
}

#[component]
fn ArticleView(announcement: Announcement, lang: Lang) -> impl IntoView {
    let t = Text(lang);
    let path = format!("/tin/{}", announcement.slug);
    let tags: Vec<_> = announcement
        .tags
        .iter()
        .map(|tag| view! { <a href=lang.href(&format!("/nhan/{}", tag.slug)) rel="tag">{tag.name.clone()}</a> " " })
        .collect();
    view! {
        <article class="announcement" aria-labelledby="tieu-de" lang=lang_of(announcement.language, lang)>
            <p class="announcement-category">
                <a href=lang.href(&format!("/tin/chuyen-muc/{}", announcement.category.slug))>{announcement.category.name}</a>
            </p>
            <h1 id="tieu-de" tabindex="-1">{announcement.title.clone()}</h1>
            <p class="lead">{announcement.lead}</p>
            <p class="byline" lang=lang.code()>
                {(!announcement.author_line.is_empty()).then(|| view! { <span class="author">{announcement.author_line}</span> " " })}
                <time datetime=announcement.published.rfc3339()>{t.published_at(announcement.published.minute(lang))}</time>
                {announcement.updated.map(|at| view! { " " <time datetime=at.rfc3339()>{t.updated_at(at.minute(lang))}</time> })}
            </p>
            {announcement.figure.map(|figure| view! { <FigureView figure lang /> })}
            <CleanHtml html=announcement.html class="prose" />
            {(!announcement.source.is_empty()).then(|| view! { <p class="source">{t.source(announcement.source)}</p> })}
            <ChangeNotes changes=announcement.changes lang />
            {(!tags.is_empty()).then(|| view! {
                <nav class="tags" aria-label=t.tags()><span class="tags-label" aria-hidden="true">{t.tags()} ": "</span> {tags}</nav>
            })}
            <Share title=announcement.title path lang />
        </article>
    }
    .into_any()
}

#[component]
fn FigureView(figure: Figure, lang: Lang) -> impl IntoView {
    let t = Text(lang);
    let named = !figure.credit.is_empty();
    let class = if figure.picture.is_some() { "lead-figure" } else { "lead-figure lead-figure--caption-only" };
    // "Tranh minh hoạ: …" says already what it is; a bare name does not.
    let credit = if figure.credit.contains(':') { figure.credit } else { t.credit(figure.credit) };
    let credit = named.then(|| view! { " " <span class="credit">{credit}</span> });
    view! {
        <figure class=class>
            {figure.picture.map(|picture| view! { <PictureView picture sizes="(min-width: 64rem) 41rem, 100vw" eager=true /> })}
            <figcaption>{figure.caption}{credit}</figcaption>
        </figure>
    }
    .into_any()
}

#[component]
fn ChangeNotes(changes: Vec<ChangeNote>, lang: Lang) -> impl IntoView {
    let t = Text(lang);
    if changes.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = changes
        .into_iter()
        .map(|change| view! { <li><time datetime=change.at.rfc3339()>{change.at.minute(lang)}</time> ": " {change.note}</li> })
        .collect();
    view! {
        <section class="change-notes" aria-labelledby="dinh-chinh">
            <h2 id="dinh-chinh">{t.changes()}</h2>
            <ul>{items}</ul>
        </section>
    }
    .into_any()
}

/// Plain addresses only: nothing here loads another site's script. The phone's share sheet, copying and printing need
/// a script and are shown by it.
#[component]
fn Share(title: String, path: String, lang: Lang) -> impl IntoView {
    let t = Text(lang);
    let address = percent_encode(&absolute(&path));
    let mail = format!("mailto:?subject={}&body={address}", percent_encode(&title));
    let facebook = format!("https://www.facebook.com/sharer/sharer.php?u={address}");
    view! {
        <div class="share" role="group" aria-label=t.share() lang=lang.code()>
            <button type="button" data-action="share" hidden=true>{t.share_sheet()}</button>
            <button type="button" data-action="copy" data-done=t.copied() hidden=true>{t.share_copy()}</button>
            <a href=mail rel="external">{t.share_mail()}</a>
            <a href=facebook rel="external noopener noreferrer">{t.share_facebook()}</a>
            <button type="button" data-action="print" hidden=true>{t.share_print()}</button>
        </div>
    }
    .into_any()
}

fn json_ld(announcement: &Announcement, path: &str, picture: Option<&str>) -> String {
    let mut data = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": announcement.title,
        "description": announcement.lead,
        "inLanguage": announcement.language.code(),
        "datePublished": announcement.published.rfc3339(),
        "dateModified": announcement.updated.unwrap_or(announcement.published).rfc3339(),
        "mainEntityOfPage": absolute(path),
        "articleSection": announcement.category.name,
    });
    if let Some(picture) = picture {
        data["image"] = absolute(picture).into();
    }
    if !announcement.author_line.is_empty() {
        data["author"] = serde_json::json!({ "@type": "Organization", "name": announcement.author_line });
    }
    data.to_string()
}
