// What every page promises: axe and a validator find nothing, and nothing is wider than the screen.
import { type Page } from '@playwright/test';
import { inspect } from './inspect';
import { SLUG, expect, savingData, test, thidua } from './page';

const PAGES = [
  '/', '/tin', '/tin/chuyen-muc/phat-dong', `/tin/${SLUG}`, '/tin/phat-dong-thi-dua-muc-tieu-kep-2021', '/tim-kiem?q=muc+tieu',
  '/tim-kiem?q=khongcogi', '/chinh-sach/rieng-tu', '/chinh-sach/kiem-duyet', '/nhan/muc-tieu-kep', '/khong-co', '/tin/khong-co', '/en',
  `/en/tin/${SLUG}`, '/tin/ket-qua-cham-diem-dot-mot', '/tin/bai-thu-tan-cong',
  '/theo-doi', '/theo-doi?ma=K7QM', '/don-vi', '/don-vi?q=xa',
];
test.use({ expected: [/404|410/] });

for (const path of PAGES) {
  test(`${path} is valid, accessible and fits the screen`, async ({ page, javaScriptEnabled }) => {
    const answer = await page.goto(path);
    await inspect(page, await answer!.text(), javaScriptEnabled);
  });
}

test('what became of a comment is valid, accessible and fits the screen, in every state', async ({ page, javaScriptEnabled }, info) => {
  const sent = await page.request.post(`/tin/${SLUG}`, { form: { name: 'Chú Chín', text: `Để xem trang theo dõi ${info.project.name}` } });
  const code = sent.url().split('/').pop()!;
  for (const decide of [[], ['reject', code, '--reason', 'Có số điện thoại của người khác.'], ['approve', code]]) {
    if (decide.length > 0) thidua('comment', ...decide);
    const answer = await page.goto(sent.url());
    await inspect(page, await answer!.text(), javaScriptEnabled);
  }
});

test.describe('a refused form', () => {
  test.use({ expected: [/422|ERR_FAILED/] });

  test('is valid, accessible and fits the screen', async ({ page, javaScriptEnabled }) => {
    // Without the client and the form's script, so that the server refuses it.
    await savingData(page);
    await page.route(/discussion\.js$/, (route) => route.abort());
    await page.goto(`/tin/${SLUG}`);
    await page.getByLabel('E-mail (không bắt buộc)').fill('không phải thế');
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
    expect((await answer).status()).toBe(422);
    await expect(page.getByRole('alert')).toBeVisible();
    await inspect(page, await (await answer).text(), javaScriptEnabled);
  });
});
