// What scripts add to campaigns: tables for lists, figures checked while one types, a report that survives the network.
import { expect, test } from './page';
import { another, signIn } from './official';
import { launch, writeCampaign } from './campaign';

test.use({ expected: [/401|403|404|409|410|422|ERR_INTERNET_DISCONNECTED|Failed to fetch/] });

test('a list is a table that takes a paste, and stays a text that is saved', async ({ page }, info) => {
  await signIn(page, 'campaign-officer', info);
  await page.goto('/quan-tri/thi-dua');
  await page.getByRole('button', { name: 'Lập phong trào mới' }).click();
  const phases = page.locator('.field--grid', { has: page.locator('[name=phases]') });
  await phases.getByLabel('Loại').first().evaluate((cell) => {
    const data = new DataTransfer();
    data.setData('text/plain', 'đăng ký\tĐăng ký\t01/01/2021\t31/01/2021\nthực hiện\tThực hiện\t01/02/2021\t31/12/2021');
    cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.locator('[name=phases]')).toHaveValue('đăng ký | Đăng ký | 01/01/2021 | 31/01/2021\nthực hiện | Thực hiện | 01/02/2021 | 31/12/2021');
  // A cell that takes certain words only offers them.
  await phases.getByLabel('Loại').first().selectOption('sơ kết');
  await expect(page.locator('[name=phases]')).toHaveValue(/^sơ kết \| Đăng ký/);
  await phases.getByRole('button', { name: 'Bỏ dòng' }).first().click();
  await expect(page.locator('[name=phases]')).toHaveValue(/^thực hiện/);
  await expect(page.locator('[data-save-state]')).toContainText('Đã lưu');
  await page.reload();
  await expect(page.locator('.field--grid', { has: page.locator('[name=phases]') }).getByLabel('Tên').first()).toHaveValue('Thực hiện');
});

test('figures are checked while one types, and a report outlives the network', async ({ page, browser }, info) => {
  test.slow();
  await signIn(page, 'campaign-officer', info);
  await page.goto('/quan-tri/thi-dua');
  await page.getByRole('button', { name: 'Lập phong trào mới' }).click();
  await expect(page).toHaveURL(/\/quan-tri\/tin\/\d+/);
  const title = `Báo cáo khi mất mạng ${info.project.name}`;
  await writeCampaign(page, title);
  await page.getByRole('button', { name: 'Gửi duyệt' }).click();
  await expect(page).toHaveURL(/xuat-ban$/);
  await launch(page, browser, info);
  const reporter = await another(browser, 'unit-contributor', info);
  await reporter.goto('/quan-tri/tham-gia');
  await reporter.getByRole('link', { name: title }).click();
  await reporter.getByLabel('Kế hoạch của đơn vị').fill('Mỗi quý một đợt.');
  await reporter.getByLabel('Người ký').fill('Bà Tư');
  await reporter.getByLabel('Tôi thay mặt đơn vị ký giao ước này').check();
  await reporter.getByRole('button', { name: 'Ký giao ước và đăng ký' }).click();
  await reporter.getByRole('link', { name: /từ 01\/01\/2021/ }).click();

  // The same rules as on the server, before anything is sent.
  const doses = reporter.locator('[name=so-PD1]');
  await doses.fill('1.234');
  await expect(reporter.locator('#noi-PD1')).toContainText('Số này có thể là 1.234');
  await reporter.locator('#noi-PD1').getByRole('button').first().click();
  await expect(doses).toHaveValue(/^(1234|1,2340)$/);
  await expect(reporter.locator('[data-save-state]')).toContainText('Đã lưu');

  // Without the network it stays on the device, and is saved when the network is back.
  await reporter.context().setOffline(true);
  await reporter.locator('[name=so-KT1]').fill('20');
  await expect(reporter.locator('[data-save-state]')).toContainText(/mất mạng|trên máy/i);
  await reporter.context().setOffline(false);
  await expect(reporter.locator('[data-save-state]')).toContainText('Đã lưu', { timeout: 15_000 });
  await reporter.reload();
  await expect(reporter.locator('[name=so-KT1]')).toHaveValue('20');
});
