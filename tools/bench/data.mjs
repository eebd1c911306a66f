// Writes the SQL that fills an empty database with announcements and comments, as the program would have stored them.
//   node data.mjs sqlite|postgres ANNOUNCEMENTS COMMENTS_PER_ANNOUNCEMENT
// Rows come in the order of their ids, so that both databases number them alike, from 1. Ten announcements have fifty
// comments however many the others have, the 20 rarest have the word "quểnh", and all have "phong trào". What no page
// reads and what expires is left out: the change log, senders' hashes, remembered sendings.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const [database, announcements, comments] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const NEWEST = Date.UTC(2021, 5, 1, 1);
const MINUTE = 60_000;

const categories = ["Chính sách", "Điển hình", "Gương sáng", "Kết quả", "Phát động", "Sơ kết", "Tin tức", "Xã phường"];
const work = ["trồng rừng", "chuyển đổi số", "giữ nguồn nước", "dạy học", "tiêm chủng", "làm đường", "giữ nghề", "nuôi ong", "đọc sách", "dọn rác"];
const places = ["bản xa", "thị xã", "trường học", "hợp tác xã", "trạm y tế", "chợ phiên", "nhà máy", "bến sông", "vùng cao", "khu phố"];
const sentences = [
  "Từ đầu năm, mỗi tổ dân phố tự chọn một việc nhỏ mà ai cũng làm được rồi ghi lên tấm bảng trước nhà văn hoá.",
  "Không có đơn vị nào bị buộc phải ghi tên, nhưng đã đăng ký thì phải nói rõ sẽ làm gì, ai làm và bao giờ xong.",
  "Bà con góp công, xã lo vật liệu, còn đoàn thanh niên nhận phần việc nặng vào những sáng chủ nhật.",
  "Số liệu được đọc trong buổi họp cuối tháng, ai thấy chưa đúng thì nói ngay để sửa trước khi gửi lên huyện.",
  "Cô giáo kể rằng học trò đến lớp đều hơn kể từ khi con đường qua suối được đổ bê tông.",
  "Hợp tác xã chia lại ca làm để người có con nhỏ được về sớm, sản lượng vì thế không giảm mà còn tăng.",
  "Mỗi hồ sơ nộp qua mạng giúp một gia đình khỏi phải đi gần hai mươi cây số đường núi.",
  "Cán bộ trẻ được cử xuống từng nhà, ngồi bên bếp lửa mà chỉ cách dùng điện thoại.",
  "Việc gì dân thấy có ích thì làm cho tới nơi, việc gì chỉ để chụp ảnh thì mạnh dạn bỏ.",
  "Trạm y tế mở cửa cả buổi tối trong tuần đầu, nhờ vậy người đi làm xa cũng đến được.",
  "Nước về đến ruộng sớm hơn năm ngoái nửa tháng, vụ này hầu như không phải cấy dặm.",
  "Ban tổ chức nhận được hơn ba trăm ý kiến, phần lớn hỏi về cách tính điểm và thời hạn.",
  "Những cách làm hay được ghi lại thành một trang giấy để nơi khác mang về thử.",
  "Tiền thưởng không nhiều, điều mọi người nhắc mãi là buổi tối cả xóm ngồi lại với nhau.",
  "Kết quả cụ thể sẽ được đăng công khai, kèm tên người chịu trách nhiệm và số điện thoại.",
  "Sau ba tháng, hai phần ba công trình đúng tiến độ, phần còn lại vướng mặt bằng và mưa lũ.",
];
const said = [
  "Xóm tôi cũng làm như vậy từ tháng trước, thấy có ích thật, mong xã giữ cho đều.",
  "Cho tôi hỏi thời hạn đăng ký đến ngày nào, hộ kinh doanh nhỏ có tham gia được không ạ?",
  "Bài viết rõ ràng. Đề nghị đăng thêm số liệu của từng thôn để bà con so sánh.",
  "Con tôi học ở đó, cả nhà cảm ơn các thầy cô và các bác trong ban phụ huynh.",
  "Đường về bản tôi vẫn còn lầy lắm, mong năm tới được nằm trong kế hoạch.",
];
const names = ["Nguyễn Thị Lan", "Bùi Văn Thóc", "Cô Thảo", "Đinh Trọng", "Phạm Gia Lộc", "Lò Thị Mai", "Anh Tuấn", "Bác Hoà"];
const tags = work.flatMap((what) => places.map((where) => `${what} ${where}`));

// As src/domain/text.rs has it. For these names folding is order enough.
const lower = (text) => text.normalize("NFC").toLowerCase();
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
const slug = (text) => fold(text).replace(/[^a-z0-9]+/g, "-");
const hash = (text) => createHash("sha256").update(text).digest();
const code = (number) => [...hash(`code ${number}`).subarray(0, 12)].map((byte) => "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"[byte % 32]).join("");

const quoted = (value) => (typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value));
const vector = (text) => ({ toString: () => (database === "postgres" ? `to_tsvector('simple', ${quoted(text)})` : quoted(text)) });

/** INSERT statements for rows of one shape, some at a time, so that no statement is too long. */
function* insert(into, rows, most = 400) {
  for (let from = 0; from < rows.length; from += most) {
    const values = rows.slice(from, from + most).map((row) => `(${row.map(quoted).join(",")})`);
    yield `INSERT INTO ${into} VALUES ${values.join(",\n")};\n`;
  }
}

function announcement(id) {
  const doing = work[id % work.length];
  const where = places[Math.floor(id / work.length) % places.length];
  const title = `Phong trào thi đua ${doing} ở ${where}: chuyện của tổ số ${id}`;
  const rare = id % Math.floor(announcements / 20) === 0 ? " Người ở đây gọi việc ấy là quểnh." : "";
  const lead = `Phong trào ${doing} ở ${where} bước sang năm thứ ${2 + (id % 7)}, với cách làm giản dị: mỗi người một việc, mỗi tuần một buổi, cuối tháng cùng xem lại.${rare}`;
  const paragraphs = [];
  for (let number = 0; number < 6; number += 1) {
    const [one, other] = [sentences[(id * 7 + number * 3) % sentences.length], sentences[(id * 5 + number * 11 + 4) % sentences.length]];
    paragraphs.push(`${one} ${other}`);
  }
  return { title, lead, paragraphs, published: NEWEST - (announcements - id) * 20 * MINUTE };
}

function* statements() {
  yield database === "sqlite" ? "PRAGMA synchronous = OFF; PRAGMA temp_store = memory;\n" : "";
  yield "BEGIN;\n";
  yield* insert("actor (kind, name, created_at)", [["command-line", "bench", NEWEST]]);
  yield* insert("category (slug, name, sort_key)", categories.map((name) => [slug(name), name, fold(name)]));
  yield* insert("tag (slug, name, sort_key)", tags.map((name) => [slug(name), name, fold(name)]));
  let receipt = 0;
  for (let from = 1; from <= announcements; from += 100) {
    const all = { announcement: [], revision: [], revisionTag: [], announcementTag: [], discussion: [], receipt: [], comment: [], decision: [], search: [] };
    for (let id = from; id < from + 100 && id <= announcements; id += 1) {
      const { title, lead, paragraphs, published } = announcement(id);
      const category = 1 + (id % categories.length);
      const body = paragraphs.join("\n\n");
      const own = [0, 1, 2].map((number) => 1 + ((id * 3 + number * 37) % tags.length));
      const many = id % (announcements / 10) === 7 ? 50 : comments;
      all.announcement.push([`${slug(title).slice(0, 80)}-${id}`, "published", id, category, published, published]);
      all.revision.push([
        id, 1, "published", title, lead, body, paragraphs.map((text) => `<p>${text}</p>\n`).join(""), category, "Ban Biên tập", "vi",
        hash([title, lead, body].join("\n")).toString("hex"), 1, published,
      ]);
      for (const tag of own) {
        all.revisionTag.push([id, tag]);
        all.announcementTag.push([id, tag, published]);
      }
      all.decision.push([published, 1, "announcement", id, "publish"]);
      const text = [title, lead, body].join("\n");
      all.search.push([id, vector(fold(text)), vector(lower(text))]);
      all.discussion.push(["announcement", id, many, published]);
      for (let number = 1; number <= many; number += 1) {
        receipt += 1;
        const at = published + number * 9 * MINUTE;
        const words = `${said[(id + number) % said.length]} Tôi viết từ tổ số ${(id * number) % 997}.`;
        all.receipt.push([code(receipt), "comment", at]);
        all.comment.push([id, receipt, "published", names[(id + number) % names.length], words, `<p>${words}</p>`, "vi", at, at + 30 * MINUTE, true]);
        all.decision.push([at + 30 * MINUTE, 1, "comment", receipt, "approve"]);
      }
    }
    yield* insert("announcement (slug, state, published_revision_id, category_id, first_published_at, created_at)", all.announcement);
    yield* insert(
      "revision (announcement_id, number, state, title, lead, body_markdown, body_html, category_id, author_line, language, content_hash, actor_id, created_at)",
      all.revision,
      50,
    );
    yield* insert("revision_tag (revision_id, tag_id)", all.revisionTag);
    yield* insert("announcement_tag (announcement_id, tag_id, first_published_at)", all.announcementTag);
    yield* insert("discussion (subject_kind, subject_id, published_count, created_at)", all.discussion);
    yield* insert("receipt (code, subject_kind, created_at)", all.receipt);
    yield* insert("comment (discussion_id, receipt_id, state, author_name, text, html, language, created_at, decided_at, shown)", all.comment);
    yield* insert("decision (at, actor_id, subject_kind, subject_id, action)", all.decision);
    yield* insert(`announcement_search (${database === "sqlite" ? "rowid" : "announcement_id"}, folded, exact)`, all.search, 50);
  }
  yield "COMMIT;\n";
  yield database === "sqlite" ? "ANALYZE; PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);\n" : "VACUUM ANALYZE;\n";
}

await pipeline(Readable.from(statements()), process.stdout);
