// A campaign for browser tests: its fields as an officer types them, and the way to its launch.
import { type Browser, type Page, type TestInfo, expect } from '@playwright/test';
import { another } from './official';

/** What a launch says: two targets, the four quarters of 2021. */
export const PARTS: Record<string, string> = {
  theme: 'Mục tiêu kép', slogan: 'Cùng nhau vượt qua', launcher: 'Uỷ ban thử', aim: 'Giữ địa bàn **an toàn**.', scope: 'Toàn tỉnh.',
  subjects: 'Mọi cơ quan.', contents: 'Chống dịch\nPhát triển', criteria: 'Đúng hạn', plan: 'Theo quý.', measures: 'Kiểm tra.',
  targets: 'PD1 | Phòng dịch | Liều đã tiêm | liều | cộng dồn | 0 | 1000 | tăng | 31/12/2021 | Báo cáo\nKT1 | Kinh tế | Hồ sơ trực tuyến | % | mức đạt | 10 | 50 | tăng | 31/12/2021 | Cổng',
  phases: 'đăng ký | Đăng ký | 01/01/2021 | 31/01/2021\nthực hiện | Thực hiện | 01/01/2021 | 31/12/2021',
  legal: '01/QĐ | 01/01/2021 | Quyết định thử', covenant: 'Chúng tôi giao ước.',
  score: 'A | Tiêm chủng | 60 | chỉ tiêu PD1 | 100\nB | Trực tuyến | 40 | chỉ tiêu KT1 | 100',
};

/** Writes a campaign on the page that is open after beginning one. */
export async function writeCampaign(page: Page, title: string, leaveOut: string[] = []): Promise<void> {
  await page.getByLabel('Tiêu đề', { exact: true }).fill(title);
  await page.getByLabel('Sapo (lời dẫn)').fill('Vừa chống dịch, vừa phát triển.');
  const editor = page.locator('.editor-surface');
  if (await page.evaluate(() => Boolean(document.querySelector('[data-editor]')))) {
    if (await editor.count().then((count) => count > 0) || await editor.waitFor({ timeout: 5000 }).then(() => true, () => false)) {
      await editor.click();
      await page.keyboard.type('Vì sao có phong trào này.');
    } else await page.getByLabel('Nội dung', { exact: true }).fill('Vì sao có phong trào này.');
  }
  await page.locator('[name=begins]').fill('2021-01-01');
  await page.locator('[name=ends]').fill('2099-12-31');
  for (const [name, text] of Object.entries(PARTS)) {
    if (leaveOut.includes(name)) continue;
    const field = page.locator(`[name=${name}]`);
    if (!(await field.isVisible())) {
      const place = page.locator('.field--grid', { has: field });
      await place.getByRole('button', { name: 'Sửa dạng văn bản' }).click();
    }
    await field.fill(text);
  }
  await page.locator('[name=reporting]').selectOption('quarterly');
  await page.locator('[name=reporting_days]').fill('5');
}

/** Has a publisher launch the campaign whose page of publication is open. */
export async function launch(page: Page, browser: Browser, info: TestInfo): Promise<void> {
  const publisher = await another(browser, 'publisher', info);
  await publisher.goto(page.url());
  await publisher.getByRole('button', { name: 'Phát động', exact: true }).click();
  await expect(publisher.getByText('Đã xong.')).toBeVisible();
  await publisher.context().close();
}
