// Writes a file of comments as `thidua comment import` reads it (docs/comment-file.md).
//   node discussion.mjs published|waiting SLUG:HOW_MANY …
// Of the published ones of a page half begin threads; the first thread has a twentieth of all,
// but sixty at least, others one answer each.
// Every seventh is agreed with, by up to six.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const [kind, ...pages] = process.argv.slice(2);
const BEGUN = Date.UTC(2021, 5, 1, 1);
const MINUTE = 60_000;
const said = [
  "Xóm tôi cũng làm như vậy từ tháng trước, thấy có ích thật, mong xã giữ cho đều.",
  "Cho tôi hỏi thời hạn đăng ký đến ngày nào, hộ kinh doanh nhỏ có tham gia được không ạ?",
  "Bài viết rõ ràng. Đề nghị đăng thêm số liệu của từng thôn để bà con so sánh.",
  "Đường về bản tôi vẫn còn lầy lắm, mong năm tới được nằm trong kế hoạch.",
];
const names = ["Nguyễn Thị Lan", "Bùi Văn Thóc", "Cô Thảo", "Đinh Trọng", "Phạm Gia Lộc", "Lò Thị Mai"];
const hash = (text) => createHash("sha256").update(text).digest();
const code = (text) => [...hash(text).subarray(0, 12)].map((byte) => "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"[byte % 32]).join("");
const by = { kind: "command-line", name: "bench", on_behalf_of: "" };

function* lines() {
  yield '{"format":"thidua-comments","version":1,"comments":[';
  let separator = "\n";
  for (const page of pages) {
    const [slug, count] = [page.split(":")[0], Number(page.split(":")[1])];
    const firsts = kind === "waiting" ? count : Math.ceil(count / 2);
    for (let number = 0; number < count; number += 1) {
      const sent = new Date(BEGUN + number * MINUTE).toISOString();
      const comment = {
        code: code(`${slug} ${number}`), page: `/tin/${slug}`, state: kind, version: 1, author: names[number % names.length],
        text: `${said[number % said.length]} Tôi viết từ tổ số ${number % 997}.`, language: "vi", sent,
      };
      if (number >= firsts) {
        const reply = number - firsts;
        comment.thread = code(`${slug} ${reply < Math.max(count / 20, 60) ? 0 : reply}`);
        comment.reply_to = comment.thread;
      }
      if (kind === "published") {
        comment.decided = new Date(BEGUN + (number + 30) * MINUTE).toISOString();
        comment.decisions = [{ at: comment.decided, by, action: "approve" }];
        if (number % 7 === 0) comment.agreements = [...Array(1 + (number % 6)).keys()].map((one) => ({ voter: hash(`${number} ${one}`).toString("hex"), at: sent }));
      }
      yield separator + JSON.stringify(comment);
      separator = ",\n";
    }
  }
  yield "\n]}\n";
}

await pipeline(Readable.from(lines()), process.stdout);
