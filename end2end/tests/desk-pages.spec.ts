// What every page promises holds for the pages of the desk.
import { expect, test } from './page';
import { begin, signIn } from './official';
import { inspect } from './inspect';

test.use({ expected: [/403|404|422/] });

test('the sign-in page is valid, accessible and fits the screen', async ({ page, javaScriptEnabled }) => {
  const answer = await page.goto('/dang-nhap');
  await inspect(page, await answer!.text(), javaScriptEnabled);
});

const PAGES: [role: string, paths: string[]][] = [
  ['editor', ['/quan-tri', '/quan-tri/tin', '/quan-tri/anh', '/quan-tri/toi', '/en/quan-tri', '/quan-tri/tai-khoan']],
  ['publisher', ['/quan-tri', '/quan-tri/trang-chu', '/quan-tri/khan-cap']],
  ['moderator', ['/quan-tri', '/quan-tri/phan-hoi']],
  ['administrator', ['/quan-tri/tai-khoan', '/quan-tri/don-vi', '/quan-tri/cum', '/en/quan-tri/don-vi']],
];
for (const [role, paths] of PAGES) {
  test(`the desk of ${role} is valid, accessible and fits the screen`, async ({ page, javaScriptEnabled }, info) => {
    test.slow();
    await signIn(page, role, info);
    for (const path of paths) {
      await test.step(path, async () => {
        const answer = await page.goto(path);
        await inspect(page, await answer!.text(), javaScriptEnabled);
      });
    }
  });
}

test('the pages of an announcement are valid, accessible and fit the screen', async ({ page, javaScriptEnabled }, info) => {
  test.slow();
  await signIn(page, 'editor', info);
  const address = await begin(page, `Trang của bàn làm việc, ${info.project.name}`);
  await page.getByRole('button', { name: 'Lưu nháp' }).click();
  await expect(page.getByText('Đã lưu.').first()).toBeVisible();
  for (const path of ['', '/xem-truoc', '/xem-truoc/trang', '/xuat-ban', '/lich-su', '/so-sanh?tu=1&den=1']) {
    await test.step(path, async () => {
      const answer = await page.goto(address + path);
      if (path === '' && javaScriptEnabled !== false) await expect(page.locator('.editor-surface')).toBeVisible();
      await inspect(page, await answer!.text(), javaScriptEnabled);
    });
  }
});

test('the pages of units are valid, accessible and fit the screen', async ({ page, javaScriptEnabled }, info) => {
  test.slow();
  await signIn(page, 'administrator', info);
  const name = `Xã Đông Hoà ${info.project.name}`;
  await page.goto('/quan-tri/don-vi');
  await page.getByLabel('Tên đơn vị').fill(name);
  await page.getByLabel('Cấp', { exact: true }).first().fill('Xã');
  await page.getByRole('button', { name: 'Thêm đơn vị' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const address = new URL(page.url()).pathname;
  const inspected = async (path: string) => test.step(path, async () => {
    const answer = await page.goto(path);
    await inspect(page, await answer!.text(), javaScriptEnabled);
  });
  await inspected(address);
  // It is renamed, and the page of the former one leads to the new one.
  await page.getByText('Đổi tên', { exact: true }).first().click();
  await page.getByLabel('Tên mới').first().fill(`${name} mới`);
  await page.getByLabel('Tôi đã kiểm tra').first().check();
  await page.getByRole('button', { name: 'Đổi tên' }).click();
  await expect(page.getByText('Được kế tục bởi:')).toBeVisible();
  await inspected(address);
  await inspected(address.replace('/quan-tri', ''));
  await page.goto('/quan-tri/cum');
  await page.getByLabel('Tên cụm, khối').fill(`Cụm ${info.project.name}`);
  await page.getByRole('button', { name: 'Thêm cụm, khối' }).click();
  await expect(page.getByRole('heading', { level: 2, name: `Cụm ${info.project.name}`, exact: true })).toBeVisible();
  await inspected('/quan-tri/cum');
});
