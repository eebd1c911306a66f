//! What machines read: the RSS feed, the sitemap, robots.txt.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::error::internal;
use super::policy::CachePolicy;
use super::render::render_failure;
use super::services::announcement::{list_addresses, list_shelf};
use super::services::site::read_site;
use super::state::AppState;
use crate::domain::announcement::Shelf;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::text::Text;

/// The most addresses in one sitemap (the protocol's limit is 50,000).
const SITEMAP_MOST: i64 = 50_000;

/// `/rss.xml`: the latest announcements.
pub async fn rss(State(state): State<AppState>) -> Response {
    let (page, site) = match futures::try_join!(list_shelf(&state.store, &Shelf::All, None), read_site(&state)) {
        Ok((page, site)) => (page.value, site.value),
        Err(error) => return render_failure(&state, "/", error).await,
    };
    let (base, t) = (&state.base_url, Text(Lang::Vi));
    // A feed leaves the portal: what is invented says so in it.
    let (title, about) =
        if site.demonstration { (t.demo_title(&site.name), t.demo_banner()) } else { (site.name, t.tagline()) };
    let items = page.list.items.into_iter().map(|teaser| {
        let link = format!("{base}{}", teaser.path);
        let date = time::OffsetDateTime::from_unix_timestamp(teaser.published.0 / 1000)
            .ok()
            .and_then(|at| at.format(&time::format_description::well_known::Rfc2822).ok());
        rss::ItemBuilder::default()
            .title(Some(teaser.title))
            .link(Some(link.clone()))
            .guid(Some(rss::Guid { value: link, permalink: true }))
            // A reader takes a description for HTML.
            .description(Some(crate::domain::html::escape(&teaser.lead)))
            .categories(vec![rss::Category { name: teaser.category.name, domain: None }])
            .pub_date(date)
            .build()
    });
    let channel = rss::ChannelBuilder::default()
        .title(title)
        .link(base.to_string())
        .description(about.to_owned())
        .language(Some("vi".to_owned()))
        .items(items.collect::<Vec<_>>())
        .build();
    document("application/rss+xml; charset=utf-8", channel.to_string())
}

/// `/sitemap.xml`: every public page.
pub async fn sitemap(State(state): State<AppState>) -> Response {
    let made = match list_addresses(&state.store, SITEMAP_MOST).await {
        Ok(addresses) => write_sitemap(&state.base_url, &addresses).map_err(internal),
        Err(error) => Err(error),
    };
    match made {
        Ok(xml) => document("application/xml; charset=utf-8", xml),
        Err(error) => render_failure(&state, "/", error).await,
    }
}

fn write_sitemap(base: &str, addresses: &[(String, crate::domain::time::Instant)]) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("urlset")
        .with_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"))
        .write_inner_content(|writer| {
            for path in
                ["/", "/tin", "/thi-dua", "/dien-hinh", "/don-vi", "/chinh-sach/rieng-tu", "/chinh-sach/kiem-duyet"]
            {
                writer.create_element("url").write_inner_content(|writer| {
                    writer.create_element("loc").write_text_content(BytesText::new(&format!("{base}{path}")))?;
                    Ok(())
                })?;
            }
            for (path, at) in addresses {
                writer.create_element("url").write_inner_content(|writer| {
                    writer.create_element("loc").write_text_content(BytesText::new(&format!("{base}{path}")))?;
                    writer.create_element("lastmod").write_text_content(BytesText::new(&at.rfc3339()))?;
                    Ok(())
                })?;
            }
            Ok(())
        })?;
    Ok(writer.into_inner())
}

/// `/robots.txt`: demonstration content is not for search engines.
pub async fn robots(State(state): State<AppState>) -> Response {
    let demonstration = super::services::site::read_site(&state).await.is_ok_and(|site| site.value.demonstration);
    let rules =
        if demonstration { "Disallow: /" } else { "Disallow: /theo-doi/\nDisallow: /tim-kiem\nDisallow: /en/tim-kiem" };
    let text = format!("User-agent: *\n{rules}\n\nSitemap: {}/sitemap.xml\n", state.base_url);
    document("text/plain; charset=utf-8", text)
}

fn document(media_type: &'static str, content: impl IntoResponse) -> Response {
    CachePolicy::Fresh.of(([(header::CONTENT_TYPE, media_type)], content).into_response())
}

/// `/healthz`: the process answers.
pub async fn health() -> &'static str {
    "ok\n"
}

/// `/readyz`: the database answers too.
pub async fn ready(State(state): State<AppState>) -> Response {
    match super::db::ping(&state.store.db).await.map_err(AppError::from) {
        Ok(()) => "ready\n".into_response(),
        Err(_) => (http::StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}
