// Writes the SQL that fills an empty database with campaigns, units and accepted reports, as the program would have
// stored them.
//   node campaigns.mjs sqlite|postgres CAMPAIGNS UNITS_OF_EACH
// Every campaign has 20 targets and 24 months; every unit takes part in one campaign and reports all of it.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const [database, campaigns, units] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const TARGETS = 20;
const PERIODS = 24;
const LAUNCHED = Date.UTC(2020, 0, 1, 1);

const quoted = (value) => (value === null ? "NULL" : typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value));
function* insert(into, rows, most = 500) {
  for (let from = 0; from < rows.length; from += most) {
    yield `INSERT INTO ${into} VALUES ${rows.slice(from, from + most).map((row) => `(${row.map(quoted).join(",")})`).join(",\n")};\n`;
  }
}
const range = (count) => [...Array(count).keys()];
const day = (year, month, date) => `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
const periods = range(PERIODS).map((number) => {
  const [year, month] = [2020 + Math.floor(number / 12), (number % 12) + 1];
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const due = new Date(Date.UTC(year, month, 5));
  return { begins: day(year, month, 1), ends: day(year, month, last), due: day(due.getUTCFullYear(), due.getUTCMonth() + 1, due.getUTCDate()), sent: Date.UTC(year, month, 3) };
});
const score = JSON.stringify({ criteria: range(TARGETS).map((number) => ({ code: `C${number}`, name: `Tiêu chí ${number}`, points: [5, 0], rule: { Target: { code: `T${number}` } }, cap: [110, 0] })) });
const sections = JSON.stringify({ aim: "<p>Mục đích.</p>", contents: ["Một"], criteria: ["Hai"] });

function* statements() {
  yield database === "sqlite" ? "PRAGMA synchronous = OFF; PRAGMA temp_store = memory;\n" : "";
  yield "BEGIN;\n";
  yield* insert("actor (kind, name, created_at)", [["command-line", "bench", LAUNCHED]]);
  yield* insert("category (slug, name, sort_key)", [["tin-tuc", "Tin tức", "tin tuc"]]);
  const all = campaigns * units;
  yield* insert("cluster (year, name, sort_key)", range(4).map((number) => [2020, `Cụm ${number + 1}`, `cum ${number + 1}`]));
  yield* insert("unit (slug, name, sort_key, created_at)", range(all).map((number) => [`don-vi-${number}`, `Đơn vị số ${number}`, `don vi so ${String(number).padStart(6, "0")}`, LAUNCHED]));
  yield* insert("cluster_unit (year, unit_id, cluster_id)", range(all).map((number) => [2020, number + 1, 1 + (number % 4)]));
  for (let campaign = 1; campaign <= campaigns; campaign += 1) {
    yield* insert("announcement (slug, kind, state, published_revision_id, category_id, first_published_at, created_at)", [[`phong-trao-${campaign}`, "campaign", "published", campaign, 1, LAUNCHED + campaign, LAUNCHED]]);
    yield* insert("revision (announcement_id, number, state, title, lead, body_markdown, body_html, category_id, language, content_hash, actor_id, created_at)", [[campaign, 1, "published", `Phong trào thi đua số ${campaign}`, "Lời dẫn.", "Bài.", "<p>Bài.</p>", 1, "vi", "", 1, LAUNCHED]]);
    yield* insert("campaign (id, kind, theme, slogan, launcher, begins, ends, sections, covenant, score_table, form)", [[campaign, "regular", "Chủ đề", "", "Cơ quan", "2020-01-01", "2021-12-31", sections, "", score, "[]"]]);
    const target = (number) => (campaign - 1) * TARGETS + number + 1;
    yield* insert("target (campaign_id, code, pillar, position, name, measure, counting, direction, baseline, baseline_scale, goal, goal_scale, due, source)",
      range(TARGETS).map((number) => [campaign, `T${number}`, number < 10 ? "Mục tiêu một" : "Mục tiêu hai", number, `Chỉ tiêu số ${number}`, number % 2 ? "%" : "lượt", number % 2 ? "level" : "sum", "up", 0, 0, number % 2 ? 90 : 24 * 100 * units, 0, "2021-12-31", "Báo cáo"]));
    yield* insert("period (campaign_id, begins, ends, due)", periods.map(({ begins, ends, due }) => [campaign, begins, ends, due]));
    for (let unit = 0; unit < units; unit += 1) {
      const registration = (campaign - 1) * units + unit + 1;
      yield* insert("registration (campaign_id, unit_id, state, actor_id, created_at)", [[campaign, registration, "registered", 1, LAUNCHED]]);
      yield* insert("plan_target (registration_id, target_id, goal, goal_scale)", range(TARGETS).map((number) => [registration, target(number), number % 2 ? 90 : 2400, 0]));
      const [reports, figures] = [[], []];
      periods.forEach(({ sent }, index) => {
        const report = (registration - 1) * PERIODS + index + 1;
        const late = (registration + index) % 13 === 0 ? 7 * 86_400_000 : 0;
        reports.push([campaign, registration, (campaign - 1) * PERIODS + index + 1, "accepted", "{}", sent, sent + late, sent + late, sent + late, "Đã làm.", 1, sent]);
        range(TARGETS).forEach((number) => figures.push([campaign, report, target(number), number % 2 ? 300 + ((registration * 7 + index * 25 + number) % 600) : 50 + ((registration * 13 + index * 5 + number) % 100), number % 2 ? 1 : 0]));
      });
      yield* insert("report (campaign_id, registration_id, period_id, state, content, saved_at, first_sent_at, sent_at, decided_at, summary, actor_id, created_at)", reports);
      yield* insert("figure (campaign_id, report_id, target_id, value, scale)", figures);
    }
  }
  yield "COMMIT;\n";
  yield database === "sqlite" ? "ANALYZE; PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);\n" : "VACUUM ANALYZE;\n";
}

await pipeline(Readable.from(statements()), process.stdout);
